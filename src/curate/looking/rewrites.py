"""What the looks of a ledger tell of rewriting."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from curate.ledger import OUTCOMES, Look


def is_new(look: Look) -> bool:
    """Say whether the look's step gave the record a new text."""
    return look.rewrite.get("outcome") == "rewritten"


def reasons(look: Look) -> set[str]:
    """Return every reason a look gives: for its verdict, and for texts that were not taken."""
    told = look.rewrite
    given = {look.reason, told.get("reason", ""), *told.get("refused", ())}
    return given - {""}


class Rewrites:
    """Counts what the looks of one step tell of rewriting."""

    def __init__(self) -> None:
        self._outcomes: Counter[str] = Counter()
        self._reasons: Counter[str] = Counter()
        self._refused: Counter[str] = Counter()
        self._teachers: Counter[tuple[str | None, str | None]] = Counter()

    def add(self, told: Mapping[str, Any]) -> None:
        """Count the `rewrite` of one look."""
        self._outcomes[told["outcome"]] += 1
        self._refused.update(told.get("refused", {}))
        if reason := told.get("reason"):
            self._reasons[reason] += 1
        else:
            self._teachers[told["teacher"]["from"], told["teacher"]["to"]] += 1

    def numbers(self, told: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
        """Yield each number of the step's `rewrite` in `run.json`: its name, told and counted."""
        for outcome in OUTCOMES:
            yield outcome, told[outcome], self._outcomes[outcome]
        yield "reasons", told["reasons"], dict(self._reasons)
        yield "refused", told["refused"], dict(self._refused)
        pairs = {(before, after): count for before, after, count in told["teachers"]}
        yield "teachers", pairs, dict(self._teachers)
