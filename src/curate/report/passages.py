"""A record as it is shown in a report: its turns shortened, what steps pointed at marked."""

from collections.abc import Iterator, Sequence

from curate.looking import excerpts, story
from curate.looking.exhibits import Exhibit, exhibit
from curate.looking.lines import Line
from curate.looking.marks import Mark, ranges
from curate.looking.versions import seen
from curate.looking.views import Views
from curate.records import Turn
from curate.report.hidden import Hidden
from curate.report.shown import Example, Passage, Piece
from curate.visible import inline, visible

LIMIT = 700
"""About how many characters of a turn are shown."""
TURNS = 4
"""Turns of a conversation that are shown."""
NAME = 200
"""Characters of an id, a place or a reason that are shown."""


def example(line: Line, views: Views, hidden: Hidden, step: str = "") -> Example:
    """Return a record as it may be shown.

    Args:
        line: The entry and its row.
        views: How rows are read.
        hidden: What must not be told.
        step: Mark what this step pointed at; by default, what any step did.
    """
    shown = exhibit(line, views.of(line), unmask=hidden.unmask)
    unseen_by = hidden.unseen_by(line.entry)
    passages, left_out = ((), 0) if unseen_by else _passages(shown, step)
    entry = shown.entry
    return Example(
        index=entry.index,
        place=named(f"{entry.file}:{entry.line}"),
        id=named(entry.id),
        fate=entry.fate,
        told=named(story.fate(entry), LIMIT),
        teacher=origin(shown.teacher, hidden),
        source=origin(shown.source, hidden),
        withheld=shown.withheld or bool(unseen_by),
        unseen_by=tuple(map(named, unseen_by)),
        turns_left_out=left_out,
        passages=passages,
    )


def origin(name: str | None, hidden: Hidden) -> str | None:
    """Return the name of a teacher or a source as it may be shown."""
    return None if name is None else named(hidden.name(name))


def named(text: str, longest: int = NAME) -> str:
    """Return a name on one line, shortened in its middle."""
    if len(text) > longest:
        text = f"{text[: longest * 2 // 3]} … {text[-longest // 3 :]}"
    return inline(text)


def _passages(shown: Exhibit, step: str) -> tuple[tuple[Passage, ...], int]:
    if shown.withheld:
        return (), 0
    if not shown.turns:
        return (Passage(turn=0, role="line", pieces=_pieces(_around(shown), ())),), 0
    looks = [each for each in seen(shown.entry.trail) if step in ("", each.look.step)]
    after = [mark for each in looks for mark in each.after]
    before = [mark for each in looks for mark in each.before]
    chosen = _chosen(shown, {mark.turn for mark in after})
    passages: list[Passage] = []
    for number in chosen:
        changed = number in shown.changed
        if changed:
            passages.append(_passage(number, shown.before[number], before, "before"))
        passages.append(_passage(number, shown.turns[number], after, "after" if changed else ""))
    return tuple(passages), len(shown.turns) - len(chosen)


def _chosen(shown: Exhibit, marked: set[int]) -> list[int]:
    """Return which turns are shown: changed and marked ones first, then those before the end."""
    last = len(shown.turns) - 1
    inside = sorted(turn for turn in marked if 0 <= turn <= last)
    wanted = dict.fromkeys([*shown.changed, *inside, *range(last, -1, -1)])
    return sorted(list(wanted)[:TURNS])


def _passage(number: int, turn: Turn, found: Sequence[Mark], version: str) -> Passage:
    matches = ranges(found, number, len(turn.text))
    return Passage.model_validate(
        {
            "turn": number + 1,
            "role": named(turn.role),
            "version": version,
            "pieces": _pieces(turn.text, matches),
        }
    )


def _pieces(text: str, matches: Sequence[tuple[int, int]]) -> tuple[Piece, ...]:
    return tuple(_cut(excerpts.pieces(text, matches, LIMIT)))


def _cut(pieces: Iterator[excerpts.Piece]) -> Iterator[Piece]:
    """Yield the pieces; of a match as long as a text only the ends."""
    for piece in pieces:
        over = len(piece.text) - 2 * LIMIT
        if over > 0:
            yield Piece(text=visible(piece.text[:LIMIT]), match=piece.match)
            yield Piece(text="", left_out=over)
            yield Piece(text=visible(piece.text[-LIMIT:]), match=piece.match)
        else:
            yield Piece(text=visible(piece.text), match=piece.match, left_out=piece.left_out)


def _around(shown: Exhibit) -> str:
    """Return a line without turns, or what stands around the place where it is not readable."""
    if shown.column is None:
        return shown.line
    start, end = max(shown.column - LIMIT // 2, 0), shown.column + LIMIT // 2
    return shown.line[start : shown.column] + "⟦here⟧" + shown.line[shown.column : end]
