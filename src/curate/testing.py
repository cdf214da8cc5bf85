"""The promises every filter makes, as one call for a plugin's own tests.

    from curate.testing import check_filter, make_records

    def test_keeps_every_promise_of_a_filter():
        check_filter(Shouting())

A broken promise is an `AssertionError` that says which, on which record, and what to do.
"""

import json
import math
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from numbers import Real
from typing import Any, NoReturn

from pydantic.errors import PydanticInvalidForJsonSchema

from curate.api import Context, CorpusFilter, Filter, Verdict
from curate.records import Record
from curate.specimens import make_records, odd_records

__all__ = ["check_filter", "make_records"]

_Answer = Verdict | bytes
_Ask = Callable[[Sequence[Record]], Sequence[_Answer]]


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


class _Check:
    def __init__(self, filter: Filter, ctx: Context, records: list[Record]) -> None:
        self.filter, self.ctx, self.records = filter, ctx, records
        self.twins = [Record(each.raw, each.line, each.file, each.view) for each in records]

    def run(self) -> None:
        self._declares()
        copy = self._travels()
        if isinstance(self.filter, CorpusFilter) and isinstance(copy, CorpusFilter):
            signatures = self._answers(self.filter.signer, copy.signer)
            self._remembers(self.filter, signatures)
        else:
            self._answers(self.filter.open, copy.open)

    def _declares(self) -> None:
        cls = type(self.filter)
        if not (cls.__doc__ or "").strip():
            self._fail("it has a docstring", "none", "say in one sentence what the score means")
        if not cls.model_config.get("frozen"):
            self._fail("its config is frozen", "it is not", "leave `frozen=True` in model_config")
        low, high, rule = self.filter.low, self.filter.high, self.filter.default_rule()
        if not low <= high:
            self._fail("low <= high", f"low is {low}, high is {high}", "declare the score's range")
        bounds = (rule.at_least, rule.at_most, *(rule.outside or ()))
        if not all(bound is None or low <= bound <= high for bound in bounds):
            said = f"{rule}, but scores go from {low:g} to {high:g}"
            self._fail("its rule is about its scores", said, "change `rule`, `low` or `high`")
        try:
            cls.model_json_schema()
        except PydanticInvalidForJsonSchema as error:
            advice = "use plain types for options, so that editors and `plugins info` know them"
            self._fail("its options can be described", error.message, advice)

    def _travels(self) -> Filter:
        promise = "its config can be sent to another process"
        advice = "define the class at the top of a module, and keep only options in its fields"
        try:
            copy: Filter = pickle.loads(pickle.dumps(self.filter))  # noqa: S301  (written here)
        except Exception as error:
            raise self._broken(promise, f"{type(error).__name__}: {error}", advice) from error
        if copy != self.filter:
            self._fail(promise, f"{_short(self.filter)} arrives as {_short(copy)}", advice)
        return copy

    def _answers(
        self,
        opening: Callable[[Context], AbstractContextManager[_Ask]],
        reopening: Callable[[Context], AbstractContextManager[_Ask]],
    ) -> list[_Answer]:
        """Return the answers for all records, having seen that nothing but the record counts."""
        with opening(self.ctx) as ask:
            self._call(ask, [])
            answers = self._call(ask, self.records)
            self._leaves_alone()
            for record, answer in zip(self.records, answers, strict=True):
                self._check(record, answer)
            reverse = self._call(ask, self.records[::-1])[::-1]
            self._same("in a reversed batch", answers, reverse)
            self._same("alone", answers, [self._call(ask, [each])[0] for each in self.records])
        with reopening(self.ctx) as ask:
            again = self._call(ask, self.records)
            self._same("from a copy of the filter, opened again", answers, again)
        return answers

    def _call(self, ask: _Ask, records: Sequence[Record]) -> list[_Answer]:
        try:
            answers = ask(records)
        except Exception as error:
            said = f"{type(error).__name__}: {error}, for {self._culprit(ask, records)}"
            advice = "a filter judges every text, or abstains with Verdict(None, reason)"
            raise self._broken("it does not raise", said, advice) from error
        if not isinstance(answers, Sequence) or len(answers) != len(records):
            got = len(answers) if isinstance(answers, Sequence) else type(answers).__name__
            said = f"{len(records)} records in, {got} out"
            advice = "return a list; abstain with Verdict(None, reason) instead of leaving out"
            self._fail("one verdict per record, in order", said, advice)
        return list(answers)

    def _culprit(self, ask: _Ask, records: Sequence[Record]) -> str:
        for record in records:
            try:
                ask([record])
            except Exception:  # the error is known; its record is looked for
                return _told(record)
        return f"a batch of {len(records)}, though for no record alone"

    def _check(self, record: Record, answer: _Answer) -> None:
        if isinstance(answer, bytes) and isinstance(self.filter, CorpusFilter):
            return
        if not isinstance(answer, Verdict):
            kinds = "bytes or a Verdict" if isinstance(self.filter, CorpusFilter) else "a Verdict"
            said = f"{type(answer).__name__} for {_told(record)}"
            self._fail(f"it answers with {kinds}", said, "return curate.api.Verdict(score, reason)")
        for promise, said, advice in _complaints(self.filter, record, answer):
            self._fail(promise, f"{said}, for {_told(record)}", advice)

    def _same(self, how: str, one: Sequence[_Answer], other: Sequence[_Answer]) -> None:
        for record, expected, found in zip(self.records, one, other, strict=True):
            if not _equal(expected, found, self.filter.tolerance):
                said = f"{_short(expected)} in a batch, {_short(found)} {how}, for {_told(record)}"
                advice = "let only the record decide; a model whose scores move sets `tolerance`"
                self._fail("the same record gets the same verdict", said, advice)

    def _remembers(self, filter: CorpusFilter, signatures: Sequence[_Answer]) -> None:
        def admit_all() -> list[_Answer]:
            memory = filter.memory(self.ctx)
            return [
                memory.admit(signed, index) if isinstance(signed, bytes) else signed
                for index, signed in enumerate(signatures)
            ]

        verdicts = admit_all()
        for record, verdict in zip(self.records, verdicts, strict=True):
            if isinstance(verdict, bytes):
                self._fail("a memory answers with a Verdict", "bytes", "return curate.api.Verdict")
            self._check(record, verdict)
        self._same("from a second memory", verdicts, admit_all())
        with filter.open(self.ctx) as judge:
            self._same("from `open`", verdicts, self._call(judge, self.records))

    def _leaves_alone(self) -> None:
        for record, twin in zip(self.records, self.twins, strict=True):
            now, before = _contents(record), _contents(twin)
            if now != before:
                self._fail("records stay as they are", _told(twin), "copy what you want to change")

    def _fail(self, promise: str, said: str, advice: str) -> NoReturn:
        raise self._broken(promise, said, advice)

    def _broken(self, promise: str, said: str, advice: str) -> AssertionError:
        name = getattr(self.filter, "name", type(self.filter).__name__)
        return AssertionError(
            f"filter {name!r} breaks a promise: {promise}\n  found: {said}\n  to do: {advice}"
        )


def _complaints(filter: Filter, record: Record, verdict: Verdict) -> Iterator[tuple[str, str, str]]:
    """Say what is wrong with one verdict: the promise, what was found, what to do."""
    score, reason, evidence = verdict
    if score is not None and not (isinstance(score, Real) and math.isfinite(score)):
        yield "a score is a finite number or None", _short(score), "abstain with Verdict(None, ...)"
    elif score is not None and not filter.low <= score <= filter.high:
        said = f"{score:g} where low is {filter.low:g} and high is {filter.high:g}"
        yield "a score lies in the declared range", said, "scale it, or declare `low` and `high`"
    if not isinstance(reason, str):
        yield "a reason is a text", _short(reason), "give a short slug that can be counted"
    if problem := _not_json(evidence):
        yield (
            "evidence is a JSON object",
            problem,
            "use texts, numbers, lists and dicts with text keys",
        )
        return
    for span in evidence.get("spans", []):
        if not _in_text(span, record):
            said = f"{_short(span)} in {len(record.turns)} turns"
            advice = "count characters in the turn; `record.locate` maps the text of a scope"
            yield "a span is [turn, start, end, label] inside the turn's text", said, advice


def _not_json(evidence: Any) -> str:
    if not isinstance(evidence, Mapping):
        return type(evidence).__name__
    try:
        json.dumps(evidence, default=_as_dict, allow_nan=False)
    except (TypeError, ValueError) as error:
        return str(error)
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


def _equal(one: _Answer, other: _Answer, tolerance: float) -> bool:
    if tolerance == 0 or isinstance(one, bytes) or isinstance(other, bytes):
        return one == other
    if one.score is None or other.score is None:
        return one.score is other.score
    return abs(one.score - other.score) <= tolerance


def _contents(record: Record) -> tuple[bytes, Any, str]:
    return record.raw, record.turns, str(record.row)  # as text, since a NaN equals nothing


def _told(record: Record) -> str:
    return f"record {record.id[:40]!r} ({record.place})"


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 200 else text[:197] + "..."


def _as_dict(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is not JSON")
