"""The promises of a rewriter."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from curate.api import Context, GaveUp, Hit, Replacement, Rewriter
from curate.records import Record
from curate.specimens import make_hits, make_records, odd_records
from curate.testing.promises import Complaint, Promises, not_json, short

_Answer = Replacement | GaveUp


def check_rewriter(
    rewriter: Rewriter,
    hits: Sequence[Hit] | None = None,
    ctx: Context | None = None,
    *,
    samples: bool = False,
) -> None:
    """Hold a rewriter to its promises, on `hits` (or `make_hits()`) and on odd texts.

    Every hit is tried as a further attempt too.

    Args:
        rewriter: Whose promises they are.
        hits: What it is asked to rewrite.
        ctx: What it is opened with.
        samples: It asks a model that may answer otherwise each time: that answers are the same
            for the same hit is not checked.

    Raises:
        AssertionError: names the first promise that is broken.
    """
    tried = [*(hits or make_hits(make_records())), *make_hits(odd_records())]
    again = [hit._replace(attempt=hit.attempt + 1) for hit in tried]
    for each in (tried, again):
        _Check(rewriter, ctx or Context(), each, samples=samples).run()


class _Check(Promises[Rewriter, Hit, _Answer]):
    kind: ClassVar[str] = "rewriter"
    item: ClassVar[str] = "hit"
    answer: ClassVar[str] = "answer"
    says_nothing: ClassVar[str] = "say GaveUp(reason)"
    tells: ClassVar[str] = "where the new text comes from"

    def __init__(
        self, plugin: Rewriter, ctx: Context, items: Sequence[Hit], *, samples: bool
    ) -> None:
        super().__init__(plugin, ctx, items)
        self._samples = samples

    def run(self) -> None:
        self.declares()
        copy = self.travels()
        self.answers(self.plugin.open, copy.open)

    def record(self, item: Hit) -> Record:
        return item.record

    def equal(self, one: _Answer, other: _Answer) -> bool:
        return self._samples or one == other

    def unlike(self) -> str:
        return "let only the hit decide; for a model that is sampled, check with `samples=True`"

    def complaints(self, item: Hit, answer: Any) -> Iterator[Complaint]:
        if isinstance(answer, Replacement):
            yield from _of_replacement(answer, item.record)
        elif isinstance(answer, GaveUp):
            if not (isinstance(answer.reason, str) and answer.reason.strip()):
                advice = "give a short slug that can be counted"
                yield Complaint("giving up has a reason", short(answer.reason), advice)
        else:
            yield Complaint(
                "it answers with a Replacement or a GaveUp",
                type(answer).__name__,
                "return curate.api.Replacement({turn: text}, teacher), or GaveUp(reason)",
            )
            return
        if problem := not_json(answer.evidence):
            advice = "use texts, numbers, lists and dicts with text keys"
            yield Complaint("evidence is a JSON object", problem, advice)


def _of_replacement(answer: Replacement, record: Record) -> Iterator[Complaint]:
    promise = "a replacement maps turns to new texts"
    if not isinstance(answer.turns, Mapping) or not answer.turns:
        yield Complaint(promise, short(answer.turns), "name a turn, or say GaveUp(reason)")
        return
    for turn, text in answer.turns.items():
        if not isinstance(turn, int) or not 0 <= turn < len(record.turns):
            said = f"turn {short(turn)} of {len(record.turns)} turns"
            yield Complaint(promise, said, "count turns from 0; `record.response_turn` is one")
        if not isinstance(text, str):
            yield Complaint(promise, short(text), "give a text for every turn")
    teacher = answer.teacher
    if teacher is not None and not (isinstance(teacher, str) and teacher.strip()):
        advice = "say who wrote the text; None only where no other teacher did"
        yield Complaint("a teacher is a name or None", short(teacher), advice)
    if answer.finish not in ("stop", "length"):
        advice = "say `length` for a text that was cut off"
        yield Complaint("finish is stop or length", short(answer.finish), advice)
