"""An exhibit as lines of text for people."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from curate.looking import story
from curate.looking.excerpts import LIMIT, Piece, pieces
from curate.looking.exhibits import HELD, Exhibit
from curate.looking.marks import Mark, ranges
from curate.looking.paint import Paint
from curate.looking.versions import seen
from curate.records import Turn
from curate.visible import inline, visible

TURNS = 8
"""A conversation of at most this many turns is shown with all of them."""
BESIDE = 90
"""Characters shown on each side of the place where a line stops being readable."""


class Show:
    """Says exhibits of one run, line by line.

    Args:
        facts: The run's `run.json`.
        paint: How matches stand out.
        step: Highlight what this step pointed at; by default, what any step did.
        full: Shorten nothing.
    """

    def __init__(
        self, facts: Mapping[str, Any], paint: Paint, step: str = "", *, full: bool = False
    ) -> None:
        self.facts, self.paint, self.step, self.full = facts, paint, step, full

    def brief(self, shown: Exhibit) -> Iterator[str]:
        """Yield a record with what became of it."""
        yield from self._head(shown)
        yield from self._text(shown)

    def explained(self, shown: Exhibit) -> Iterator[str]:
        """Yield a record with what every step saw in it."""
        yield from self._head(shown)
        yield f"digest {shown.entry.digest}"
        if shown.entry.written:
            yield f"rewritten as {shown.entry.written}"
        if self.facts["steps"]:
            yield self.paint.title("what each step saw")
            yield from story.trail(shown.entry, self.facts["steps"])
        yield from self._text(shown)

    def _head(self, shown: Exhibit) -> Iterator[str]:
        entry = shown.entry
        place = f"{inline(entry.file)}:{entry.line}"
        yield self.paint.title(f"#{entry.index}  {place}  {inline(entry.id)}")
        yield self.paint.fate(entry.fate, story.fate(entry))
        origin = [("teacher", shown.teacher), ("source", shown.source)]
        if said := ", ".join(f"{word} {inline(name)}" for word, name in origin if name):
            yield self.paint.aside(said)

    def _text(self, shown: Exhibit) -> Iterator[str]:
        if shown.withheld:
            yield self.paint.aside(f"[{HELD}]")
        elif shown.turns:
            yield from self._turns(shown)
        elif shown.column is not None:
            yield from self._broken(shown.line, shown.column)
        else:
            yield from self._indented("".join(self._say(piece) for piece in self._cut(shown.line)))

    def _turns(self, shown: Exhibit) -> Iterator[str]:
        looks = [each for each in seen(shown.entry.trail) if self.step in ("", each.look.step)]
        after = [mark for each in looks for mark in each.after]
        before = [mark for each in looks for mark in each.before]
        changed = shown.changed
        last = -1
        for number in self._chosen(shown.turns, changed, after):
            yield from self._skipped(number - last - 1)
            turn, sign = shown.turns[number], ""
            if number in changed:
                sign = ", rewritten"
                yield from self._turn(number, shown.before[number], before, ", as read")
            yield from self._turn(number, turn, after, sign)
            last = number
        yield from self._skipped(len(shown.turns) - last - 1)

    def _turn(self, number: int, turn: Turn, found: Sequence[Mark], sign: str) -> Iterator[str]:
        yield self.paint.title(f"[{number + 1} {inline(turn.role)}{sign}]")
        matches = ranges(found, number, len(turn.text))
        limit = None if self.full else LIMIT
        said = (self._say(piece) for piece in pieces(turn.text, matches, limit))
        yield from self._indented("".join(said))

    def _chosen(
        self, turns: Sequence[Turn], changed: Sequence[int], found: Sequence[Mark]
    ) -> list[int]:
        """Return which turns are shown: all, or the ends, those rewritten and those with matches.

        Of a long conversation the first and last two are shown, and more up to `TURNS`.
        """
        count = len(turns)
        if self.full or count <= TURNS:
            return list(range(count))
        ends = {0, 1, count - 2, count - 1}
        matched = sorted({mark.turn for mark in found if 0 <= mark.turn < count})
        others = [n for n in dict.fromkeys([*changed, *matched]) if n not in ends]
        return sorted(ends.union(others[: TURNS - len(ends)]))

    def _skipped(self, turns: int) -> Iterator[str]:
        if turns:
            yield self.paint.aside(f"[{turns} turn{'s' * (turns > 1)} left out]")

    def _cut(self, line: str) -> Iterator[Piece]:
        return pieces(line, [], None if self.full else LIMIT)

    def _say(self, piece: Piece) -> str:
        if piece.left_out:
            return self.paint.aside(f" [… {piece.left_out:,} characters left out …] ")
        text = visible(piece.text)
        return self.paint.match(text) if piece.match else text

    def _indented(self, text: str) -> Iterator[str]:
        """Yield the lines two blanks in, so that no text can pass for a heading of ours."""
        yield from (f"  {line}" for line in text.split("\n"))

    def _broken(self, line: str, column: int) -> Iterator[str]:
        """Yield an unreadable line, escaped, with a caret under the place."""
        start = 0 if self.full else max(column - BESIDE, 0)
        end = len(line) if self.full else min(column + BESIDE, len(line))
        before = f"[… {start:,} characters left out …] " if start else ""
        after = f" [… {len(line) - end:,} characters left out …]" if end < len(line) else ""
        yield f"  {before}{line[start:end]}{after}"
        yield f"  {' ' * (len(before) + column - start)}^"
