"""From a row to its finding: what is shown of it, and where the match stands in its file."""

from collections.abc import Collection
from functools import cached_property

from curate.gate.excerpts import Excerpt, columns, excerpt
from curate.gate.findings import Finding, Sighting
from curate.gate.policy import Named
from curate.io.arrays import is_rest
from curate.ledger import Look
from curate.looking.exhibits import Exhibit, exhibit
from curate.looking.lines import Line
from curate.looking.unseen import unseen_by, withheld
from curate.records import View
from curate.visible import inline, visible


class Row:
    """A row, described when the first rule asks.

    Args:
        line: The row, with what became of it.
        view: How it is read.
        target: The number of its target.
        format: How its input is laid out.
        sensitive: Steps of the run whose finds must not be shown; a row that one of them did not
            see is not shown either.
        unmask: Show what steps marked as sensitive.
    """

    def __init__(
        self,
        line: Line,
        view: View,
        target: int,
        format: str,
        sensitive: Collection[str] = (),
        *,
        unmask: bool,
    ) -> None:
        self.line, self.view, self.target, self.format = line, view, target, format
        self.sensitive, self.unmask = () if unmask else sensitive, unmask

    def finding(self, named: Named, sighting: Sighting, key: str, occurrence: int) -> Finding:
        """Return the finding of a rule."""
        entry = self.line.entry
        look = next((look for look in self._shown.entry.trail if look.step == sighting.step), None)
        found = self._excerpt(sighting.step)
        place = self._columns(found)
        return Finding(
            rule=named.name,
            level=named.level,
            file=visible(entry.file),
            line=entry.line,
            in_lines=self.format == "jsonl",
            column=place and place[0],
            end_column=place and place[1],
            index=entry.index,
            target=self.target,
            digest=entry.digest,
            step=inline(sighting.step),
            reason=inline(self._reason(sighting, look)),
            detail=inline(self._detail(sighting, look)),
            excerpt=found.text,
            turn=found.turn,
            span=found.span,
            fingerprint=key,
            occurrence=occurrence,
        )

    @property
    def is_rest(self) -> bool:
        """Whether it is what was left of an array that could not be split to its end."""
        return self.format == "json" and is_rest(self.line.before or self.line.row)

    def hides(self, teacher: str) -> bool:
        """Say whether the name of the row's teacher holds what a step marked as sensitive."""
        return self._shown.teacher != teacher

    @cached_property
    def _shown(self) -> Exhibit:
        return exhibit(self.line, self.view, unmask=self.unmask)

    def _excerpt(self, step: str) -> Excerpt:
        if unseen := unseen_by(self.sensitive, self.line.entry):
            return Excerpt(f"[{withheld(unseen)}]")
        return excerpt(self._shown, step, unmask=self.unmask)

    def _reason(self, sighting: Sighting, look: Look | None) -> str:
        if sighting.kind == "teacher" and sighting.name is not None:
            return f"by {self._shown.teacher}"
        if sighting.kind in ("hits", "dropped") and look is not None:
            return look.reason
        return sighting.reason

    def _detail(self, sighting: Sighting, look: Look | None) -> str:
        if sighting.kind in ("quarantined", "unreadable"):
            detail = self._shown.entry.detail
            quotes = sighting.reason == "plugin_error" and not self.unmask  # it may quote the row
            return detail.partition(":")[0] if quotes else detail
        if sighting.kind == "dropped":
            return "dropped"
        if look is None or look.score is None:
            return ""
        return f"score {look.score:g}"

    def _columns(self, found: Excerpt) -> tuple[int, int] | None:
        return columns(self.line, self.view, found) if self.format == "jsonl" else None
