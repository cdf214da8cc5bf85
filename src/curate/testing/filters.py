"""The promises of a filter."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from numbers import Real
from typing import Any, ClassVar, TypeGuard

from curate.api import Context, CorpusFilter, Filter, Memory, StudyingFilter, Verdict
from curate.records import Record
from curate.specimens import make_records, odd_records
from curate.testing.promises import Complaint, Promises, not_json, short

_Answer = Verdict | bytes


def check_filter(
    filter: Filter,
    records: Sequence[Record] | None = None,
    ctx: Context | None = None,
) -> None:
    """Hold a filter to its promises, on `records` (or `make_records()`) and on odd texts.

    Raises:
        AssertionError: names the first promise that is broken.
    """
    _Check(filter, ctx or Context(), [*(records or make_records()), *odd_records()]).run()


class _Check(Promises[Filter, Record, _Answer]):
    kind: ClassVar[str] = "filter"
    item: ClassVar[str] = "record"
    answer: ClassVar[str] = "verdict"
    says_nothing: ClassVar[str] = "abstain with Verdict(None, reason)"
    tells: ClassVar[str] = "what the score means"

    def run(self) -> None:
        self.declares()
        self._declares_scores()
        copy = self.travels()
        if isinstance(self.plugin, CorpusFilter) and isinstance(copy, CorpusFilter):
            signatures = self.answers(self.plugin.signer, copy.signer)
            self._remembers(self.plugin, signatures)
        elif _studies(self.plugin) and _studies(copy):
            notes = self.answers(self.plugin.noter, copy.noter)
            _Check(_learned(self.plugin, notes, self.ctx), self.ctx, self.items).run()
        else:
            self.answers(self.plugin.open, copy.open)

    def record(self, item: Record) -> Record:
        return item

    def complaints(self, item: Record, answer: Any) -> Iterator[Complaint]:
        signs = isinstance(self.plugin, CorpusFilter) or _studies(self.plugin)
        if isinstance(answer, Verdict):
            yield from _complaints(self.plugin, item, answer)
        elif not (signs and isinstance(answer, bytes)):
            yield Complaint(
                f"it answers with {'bytes or a Verdict' if signs else 'a Verdict'}",
                type(answer).__name__,
                "return curate.api.Verdict(score, reason)",
            )

    def equal(self, one: _Answer, other: _Answer) -> bool:
        if not self.plugin.tolerance or isinstance(one, bytes) or isinstance(other, bytes):
            return one == other
        if one.score is None or other.score is None:
            return one.score is other.score
        return abs(one.score - other.score) <= self.plugin.tolerance

    def unlike(self) -> str:
        return "let only the record decide; a model whose scores move sets `tolerance`"

    def _declares_scores(self) -> None:
        low, high, rule = self.plugin.low, self.plugin.high, self.plugin.default_rule()
        if not low <= high:
            self.fail("low <= high", f"low is {low}, high is {high}", "declare the score's range")
        bounds = (rule.at_least, rule.at_most, *(rule.outside or ()))
        if not all(bound is None or low <= bound <= high for bound in bounds):
            said = f"{rule}, but scores go from {low:g} to {high:g}"
            self.fail("its rule is about its scores", said, "change `rule`, `low` or `high`")

    def _remembers(self, filter: CorpusFilter, signatures: Sequence[_Answer]) -> None:
        def admit_all(group: Callable[[bytes], bytes | None] = lambda _: None) -> list[_Answer]:
            memories: dict[bytes | None, Memory] = {}
            answers = list(signatures)
            with ExitStack() as stack:
                for index, signed in enumerate(signatures):
                    if not isinstance(signed, bytes):
                        continue
                    place = group(signed)
                    if place not in memories:
                        memories[place] = stack.enter_context(filter.remembering(self.ctx))
                    answers[index] = memories[place].admit(signed, index)
            return answers

        verdicts = admit_all()
        if any(isinstance(verdict, bytes) for verdict in verdicts):
            self.fail("a memory answers with a Verdict", "bytes", "return curate.api.Verdict")
        self.check(verdicts)
        self.same("from a second memory", verdicts, admit_all())
        self.same("from a memory of its group", verdicts, admit_all(filter.group))
        with filter.open(self.ctx) as judge:
            self.same("from `open`", verdicts, self.call(judge, self.items))


def _studies(filter: Filter) -> TypeGuard[StudyingFilter]:
    return isinstance(filter, StudyingFilter) and filter.studies()


def _learned(filter: StudyingFilter, notes: Sequence[_Answer], ctx: Context) -> Filter:
    study = filter.study(ctx)
    for note in notes:
        if isinstance(note, bytes):
            study.add(note)
    return study.learn(None if filter.like() is None else len(notes) // 2)


def _complaints(filter: Filter, record: Record, verdict: Verdict) -> Iterator[Complaint]:
    score, reason, evidence = verdict
    if score is not None and not (isinstance(score, Real) and math.isfinite(score)):
        advice = "abstain with Verdict(None, ...)"
        yield Complaint("a score is a finite number or None", short(score), advice)
    elif score is not None and not filter.low <= score <= filter.high:
        said = f"{score:g} where low is {filter.low:g} and high is {filter.high:g}"
        advice = "scale it, or declare `low` and `high`"
        yield Complaint("a score lies in the declared range", said, advice)
    if not isinstance(reason, str):
        advice = "give a short slug that can be counted"
        yield Complaint("a reason is a text", short(reason), advice)
    if problem := not_json(evidence) or _no_list_of_spans(evidence):
        advice = "use texts, numbers, lists and dicts with text keys"
        yield Complaint("evidence is a JSON object", problem, advice)
        return
    for span in evidence.get("spans", []):
        if not _in_text(span, record):
            yield Complaint(
                "a span is [turn, start, end, label] inside the turn's text",
                f"{short(span)} in {len(record.turns)} turns",
                "count characters in the turn; `record.locate` maps the text of a scope",
            )


def _no_list_of_spans(evidence: Mapping[str, Any]) -> str:
    spans = evidence.get("spans", [])
    return "" if isinstance(spans, list | tuple) else f"spans: {type(spans).__name__}"


def _in_text(span: Any, record: Record) -> bool:
    if not isinstance(span, list | tuple) or len(span) != 4:
        return False
    turn, start, end, label = span
    if not (isinstance(turn, int) and isinstance(start, int) and isinstance(end, int)):
        return False
    if not (isinstance(label, str) and 0 <= turn < len(record.turns)):
        return False
    return 0 <= start <= end <= len(record.turns[turn].text)
