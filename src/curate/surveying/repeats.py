"""Rows that repeat another, as the filter `duplicates` judges them, and what prompts share.

A switch of teachers takes another teacher's answer to the very same prompt. So of every prompt that
several teachers answered it is counted whose answers it has.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

from curate.api import Context, Judge, Verdict
from curate.filters.duplicates import Duplicates
from curate.records import Record
from curate.surveying.names import Count, ranked

Part = Literal["conversation", "prompt", "response"]
PARTS: tuple[Part, ...] = get_args(Part)
_SWITCHED = "prompt", True
"""What two answers must have in common for one to take the place of the other."""


@dataclass(frozen=True, slots=True)
class Repeated:
    """Rows by one part of them: `rows` have such a text, `repeats` had it before."""

    part: str
    normalised: bool
    """Compared without regard to case, white space and Unicode form."""
    rows: int
    repeats: int
    new_answer: int | None
    """Of the repeated prompts: rows whose conversation is no repeat. None for other parts."""


@dataclass(frozen=True, slots=True)
class Shared:
    """Prompts that several teachers answered, normalised: what a switch of teachers needs."""

    prompts: int
    """Different prompts."""
    shared: int
    """Those with answers of two teachers or more."""
    teachers: tuple[Count, ...]
    """Teacher -> the shared prompts among those it answered."""


class _Comparison(NamedTuple):
    part: Part
    normalised: bool
    judge: Judge
    hit: Callable[[float], bool]


class Repeats:
    """Compares records; memory: 40 MB per million different records and comparison, of 6."""

    def __init__(self, comparisons: Sequence[_Comparison]) -> None:
        self._comparisons = comparisons
        self._rows: Counter[tuple[str, bool]] = Counter()
        self._repeats: Counter[tuple[str, bool]] = Counter()
        self._new_answers: Counter[bool] = Counter()
        self._first: array[int] = array("i")
        """The teacher of every record."""
        self._answered: dict[int, tuple[int, ...]] = {}
        """First record of a prompt -> the teachers that answered it."""

    def add(self, records: Sequence[Record], teachers: Sequence[int]) -> None:
        """Compare records with all before them; `teachers` are numbers, below 0 for none."""
        hits: dict[tuple[str, bool], list[bool]] = {}
        for part, normalised, judge, hit in self._comparisons:
            verdicts = judge(records)
            key = part, normalised
            hits[key] = [each.score is not None and hit(each.score) for each in verdicts]
            self._rows[key] += sum(each.score is not None for each in verdicts)
            self._repeats[key] += sum(hits[key])
            if key == _SWITCHED:
                self._note_answers(verdicts, teachers)
        for normalised in (False, True):
            pairs = zip(hits["prompt", normalised], hits["conversation", normalised], strict=True)
            self._new_answers[normalised] += sum(asked and not same for asked, same in pairs)

    def _note_answers(self, verdicts: Sequence[Verdict], teachers: Sequence[int]) -> None:
        """Note who answered which prompt; of a prompt that one teacher answered nothing is kept."""
        index = len(self._first)
        self._first.extend(teachers)
        for n, (verdict, teacher) in enumerate(zip(verdicts, teachers, strict=True)):
            if verdict.score is None or teacher < 0:
                continue
            first = verdict.evidence.get("of", index + n)
            own = self._first[first]
            known = self._answered.get(first, (own,) if own >= 0 else ())
            if teacher not in known:
                self._answered[first] = (*known, teacher)

    def repeated(self) -> tuple[Repeated, ...]:
        """Return what was found so far."""
        return tuple(
            Repeated(
                part=part,
                normalised=normalised,
                rows=self._rows[part, normalised],
                repeats=self._repeats[part, normalised],
                new_answer=self._new_answers[normalised] if part == "prompt" else None,
            )
            for part, normalised, _, _ in self._comparisons
        )

    def shared(self, names: Sequence[str]) -> Shared:
        """Return which prompts teachers share; `names` are the teachers by number."""
        several = [each for each in self._answered.values() if len(each) > 1]
        prompts: Mapping[int, int] = Counter(teacher for each in several for teacher in each)
        return Shared(
            prompts=self._rows[_SWITCHED] - self._repeats[_SWITCHED],
            shared=len(several),
            teachers=ranked({names[number]: count for number, count in prompts.items()}),
        )


@contextmanager
def opened() -> Iterator[Repeats]:
    """Yield an empty memory of all comparisons."""
    with ExitStack() as stack:
        comparisons = []
        for part in PARTS:
            for normalised in (False, True):
                filter = Duplicates(by=part, normalise=normalised)
                judge = stack.enter_context(filter.open(Context()))
                comparisons.append(_Comparison(part, normalised, judge, filter.default_rule().hit))
        yield Repeats(comparisons)
