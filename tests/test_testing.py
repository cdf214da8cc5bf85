"""The conformance kit: filters that keep their promises pass, and every broken one is caught."""

import itertools
import json
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any, ClassVar

import pytest
from pydantic import ConfigDict

from curate.api import (
    Context,
    CorpusFilter,
    Filter,
    RecordFilter,
    Rule,
    StudyingFilter,
    TextFilter,
    Verdict,
)
from curate.records import Record
from curate.specimens import odd_records
from curate.testing import check_filter, make_records


class Length(TextFilter):
    """Scores the number of characters."""

    name: ClassVar[str] = "length"
    low: ClassVar[float] = 0.0
    high: ClassVar[float] = math.inf

    def judge_text(self, text: str) -> Verdict:
        return Verdict(float(len(text)))


class Quoting(RecordFilter):
    """Finds quotation marks, and abstains where there is no response."""

    name: ClassVar[str] = "quoting"

    def judge(self, record: Record) -> Verdict:
        turn = record.response_turn
        if turn is None:
            return Verdict(None, "no_response")
        spans = [[turn, n, n + 1, "mark"] for n, c in enumerate(record.response) if c in "\"'"]
        return Verdict(float(bool(spans)), "quotes" if spans else "", {"spans": spans})


class Drifting(Filter):
    """Scores move a little with the batch, as those of a model do, and it says so."""

    name: ClassVar[str] = "drifting"
    tolerance: ClassVar[float] = 1e-3

    @contextmanager
    def open(self, ctx: Context) -> Iterator[Any]:
        yield lambda records: [Verdict(0.5 + 1e-4 / len(records)) for _ in records]


class Memory:
    def __init__(self) -> None:
        self.seen: set[bytes] = set()

    def admit(self, signature: bytes, index: int) -> Verdict:
        new = signature not in self.seen
        self.seen.add(signature)
        return Verdict(0.0 if new else 1.0)


class Repeats(CorpusFilter):
    """Scores 1 a response that was seen before."""

    name: ClassVar[str] = "repeats"

    def signer(self, ctx: Context) -> Any:
        return nullcontext(lambda records: [self.sign(record) for record in records])

    def sign(self, record: Record) -> Any:
        return record.response.encode("utf-8", "surrogatepass") or Verdict(None, "empty")

    def memory(self, ctx: Context) -> Any:
        return Memory()


class SplitsWell(Repeats):
    """Compares first letters, and says so."""

    name: ClassVar[str] = "splits"

    def group(self, signature: bytes) -> bytes | None:
        return signature[:1]

    def memory(self, ctx: Context) -> Any:
        memory = Memory()
        admit = memory.admit
        memory.admit = lambda signature, index: admit(signature[:1], index)  # type: ignore[method-assign]
        return memory


class InFiles(Repeats):
    """Has memories that must be closed."""

    opened: ClassVar[list[Memory]] = []
    closed: ClassVar[list[Memory]] = []

    def memory(self, ctx: Context) -> Any:
        memory = Memory()
        memory.close = lambda: self.closed.append(memory)  # type: ignore[attr-defined]
        self.opened.append(memory)
        return memory


class Above(RecordFilter):
    """Scores 1 a response longer than most."""

    name: ClassVar[str] = "above"
    length: int

    def judge(self, record: Record) -> Verdict:
        return Verdict(float(len(record.response) > self.length))


class Lengths:
    def __init__(self) -> None:
        self.lengths: list[int] = []

    def add(self, note: bytes) -> None:
        self.lengths.append(int(note))

    def learn(self, hits: int | None) -> Filter:
        return Above(length=sorted(self.lengths)[len(self.lengths) // 2])


class Longest(StudyingFilter):
    """Scores 1 a response longer than the middle one of the corpus."""

    name: ClassVar[str] = "longest"

    def noter(self, ctx: Context) -> Any:
        return nullcontext(lambda records: [b"%d" % len(record.response) for record in records])

    def study(self, ctx: Context) -> Any:
        return Lengths()


@pytest.mark.parametrize(
    "filter",
    [Length(), Length(scope="prompt"), Quoting(), Drifting(), Repeats(), SplitsWell(), Longest()],
    ids=repr,
)
def test_a_good_filter_passes(filter):
    check_filter(filter)


def test_every_memory_is_closed_once():
    check_filter(InFiles())
    assert InFiles.opened
    assert sorted(map(id, InFiles.closed)) == sorted(map(id, InFiles.opened))


def test_what_a_filter_learns_is_checked_too():
    with pytest.raises(AssertionError, match="filter 'judging' breaks a promise: it has a doc"):
        check_filter(LearnsBadly())


class TestRecords:
    def test_texts_become_responses(self):
        records = make_records(["one", "half \ud83d"])
        assert [record.response for record in records] == ["one", "half \ud83d"]
        assert [record.id for record in records] == ["record-1", "record-2"]

    def test_some_are_equal(self):
        responses = [record.response for record in make_records()]
        assert len(set(responses)) < len(responses)

    def test_the_odd_ones_are_readable(self):
        assert [record.turns for record in odd_records()]
        assert {"lone surrogate", "NUL", "no response"} <= {record.id for record in odd_records()}


class LearnsBadly(Longest):
    """Learns a filter that breaks a promise."""

    def study(self, ctx: Context) -> Any:
        study = Lengths()
        study.learn = lambda hits: Undocumented()  # type: ignore[method-assign]
        return study


class NotesPosition(Longest):
    """Notes where in its batch a record stands."""

    def noter(self, ctx: Context) -> Any:
        return nullcontext(lambda records: [b"%d" % n for n, _ in enumerate(records)])


class Judging(Filter):
    """Judges a batch in a way each subclass breaks."""

    name: ClassVar[str] = "judging"

    @contextmanager
    def open(self, ctx: Context) -> Iterator[Any]:
        yield self.judge

    def judge(self, records: Sequence[Record]) -> Any:
        return [Verdict(0.0) for _ in records]


class Undocumented(Judging):
    pass


class Thawed(Judging):
    """Can be changed after it was built."""

    model_config = ConfigDict(frozen=False)


class UpsideDown(Judging):
    """Declares its range the wrong way round."""

    low: ClassVar[float] = 1.0
    high: ClassVar[float] = 0.0


class RuleOutOfRange(Judging):
    """Has a rule no score can meet."""

    rule: ClassVar[Rule] = Rule(at_least=2)


class Indescribable(Judging):
    """Has an option no plan can hold."""

    key: Callable[[str], str] = str.lower


class Unpicklable(Judging):
    """Holds what cannot be sent."""

    options: Any = None


class Forgetful(Judging):
    """Arrives in a worker without its options."""

    limit: int = 1

    def __reduce__(self) -> Any:
        return Forgetful, ()


class Short(Judging):
    """Leaves out what it cannot judge."""

    def judge(self, records: Sequence[Record]) -> Any:
        return [Verdict(0.0) for record in records if record.response]


class ByText(Judging):
    """Forgets that two records may be equal."""

    def judge(self, records: Sequence[Record]) -> Any:
        return list({record.response: Verdict(0.0) for record in records}.values())


class Lazy(Judging):
    """Returns a generator."""

    def judge(self, records: Sequence[Record]) -> Any:
        return (Verdict(0.0) for _ in records)


class NeedsOne(Judging):
    """Cannot take an empty batch."""

    def judge(self, records: Sequence[Record]) -> Any:
        longest = max(len(record.response) for record in records)
        return [Verdict(0.0 * longest) for _ in records]


class Padded(Judging):
    """Answers an empty batch."""

    def judge(self, records: Sequence[Record]) -> Any:
        return [Verdict(0.0) for _ in records] or [Verdict(0.0)]


class Ascii(Judging):
    """Expects tame text."""

    def judge(self, records: Sequence[Record]) -> Any:
        return [Verdict(float(bool(record.response.encode("utf-8")))) for record in records]


class NeedsResponse(Judging):
    """Expects a response."""

    def judge(self, records: Sequence[Record]) -> Any:
        return [Verdict(len(r.turns[r.response_turn].text) * 0.0) for r in records]


class Numbers(Judging):
    """Returns bare numbers."""

    def judge(self, records: Sequence[Record]) -> Any:
        return [0.0 for _ in records]


class Says(Judging):
    """Gives every record the same verdict."""

    verdict: Any = None

    def judge(self, records: Sequence[Record]) -> Any:
        return [self.verdict for _ in records]


class DividesByZero(Judging):
    """Scores nothing over nothing."""

    def judge(self, records: Sequence[Record]) -> Any:
        return [Verdict(math.nan) for _ in records]


class ShowsItsWork(Judging):
    """Shows nothing over nothing as evidence."""

    def judge(self, records: Sequence[Record]) -> Any:
        return [Verdict(0.0, "", {"ratio": math.nan}) for _ in records]


class Ranks(Judging):
    """Compares the records of a batch."""

    def judge(self, records: Sequence[Record]) -> Any:
        longest = max((len(record.response) for record in records), default=0) or 1
        return [Verdict(len(record.response) / longest) for record in records]


class Sorts(Judging):
    """Answers in its own order."""

    def judge(self, records: Sequence[Record]) -> Any:
        lengths = sorted(len(record.response) for record in records)
        return [Verdict(min(length, 100) / 100) for length in lengths]


class First(Judging):
    """Treats the first of a batch differently."""

    def judge(self, records: Sequence[Record]) -> Any:
        return [Verdict(0.0, "first" if n == 0 else "other") for n, _ in enumerate(records)]


class Remembers(Judging):
    """Counts how often it was opened."""

    opened: ClassVar[Iterator[int]] = itertools.count()

    @contextmanager
    def open(self, ctx: Context) -> Iterator[Any]:
        score = float(next(self.opened) % 2)
        yield lambda records: [Verdict(score) for _ in records]


class DriftsFar(Drifting):
    """Moves further than it says."""

    tolerance: ClassVar[float] = 1e-6


class Scribbles(Judging):
    """Writes into the decoded row."""

    def judge(self, records: Sequence[Record]) -> Any:
        for record in records:
            record.row["seen"] = True
        return [Verdict(0.0) for _ in records]


class Rewrites(Judging):
    """Writes over the raw bytes."""

    def judge(self, records: Sequence[Record]) -> Any:
        for record in records:
            record.raw = json.dumps(record.row).lower().encode()
        return [Verdict(0.0) for _ in records]


class SignsText(Repeats):
    """Signs with a text."""

    def sign(self, record: Record) -> Any:
        return record.response


class SignsPosition(Repeats):
    """Signs with the position in the batch."""

    def signer(self, ctx: Context) -> Any:
        return nullcontext(lambda records: [bytes([n]) for n, _ in enumerate(records)])


class SharesMemory(Repeats):
    """Never forgets, not even between runs."""

    shared: ClassVar[Memory] = Memory()

    def memory(self, ctx: Context) -> Any:
        return self.shared


class BadMemory(Repeats):
    """Answers with a number."""

    def memory(self, ctx: Context) -> Any:
        memory = Memory()
        memory.admit = lambda signature, index: 1.0  # type: ignore[method-assign,assignment,return-value]
        return memory


class FarMemory(Repeats):
    """Scores outside its range."""

    def memory(self, ctx: Context) -> Any:
        memory = Memory()
        memory.admit = lambda signature, index: Verdict(2.0)  # type: ignore[method-assign]
        return memory


class SplitsWhatBelongsTogether(SplitsWell):
    """Compares first letters, and says that only equal texts are compared."""

    def group(self, signature: bytes) -> bytes | None:
        return signature


def says(score: Any, reason: Any = "", evidence: Any = None) -> Says:
    return Says(verdict=Verdict(score, reason, {} if evidence is None else evidence))


def local() -> Filter:
    class Local(Judging):
        """Lives in a function."""

    return Local()


IN_ORDER = "one verdict per record, in order"
RANGE = "a score lies in the declared range"
FINITE = "a score is a finite number or None"
JSON = "evidence is a JSON object"
SPAN = "a span is [turn, start, end, label]"
SAME = "the same record gets the same verdict"
SENT = "its config can be sent to another process"


@pytest.mark.parametrize(
    ("filter", "promise", "found"),
    [
        pytest.param(Undocumented(), "it has a docstring", "none", id="docstring"),
        pytest.param(Thawed(), "its config is frozen", "it is not", id="frozen"),
        pytest.param(UpsideDown(), "low <= high", "low is 1.0", id="range"),
        pytest.param(RuleOutOfRange(), "its rule is about its scores", "at_least: 2", id="rule"),
        pytest.param(Indescribable(), "its options can be described", "Callable", id="schema"),
        pytest.param(Unpicklable(options=lambda: 0), SENT, "pickle", id="pickle"),
        pytest.param(local(), SENT, "Local", id="local class"),
        pytest.param(Forgetful(limit=2), SENT, "arrives as Forgetful(limit=1)", id="pickle loses"),
        pytest.param(Short(), IN_ORDER, "25 records in, ", id="short"),
        pytest.param(ByText(), IN_ORDER, "25 records in, 23 out", id="equal records"),
        pytest.param(Lazy(), IN_ORDER, "generator out", id="generator"),
        pytest.param(NeedsOne(), "it does not raise", "a batch of 0", id="empty batch raises"),
        pytest.param(Padded(), IN_ORDER, "0 records in, 1 out", id="empty batch answers"),
        pytest.param(
            Ascii(), "it does not raise", "UnicodeEncodeError", id="raises on a lone surrogate"
        ),
        pytest.param(NeedsResponse(), "it does not raise", "'no response'", id="no response"),
        pytest.param(Numbers(), "it answers with a Verdict", "float, for", id="type"),
        pytest.param(says("0.5"), FINITE, "'0.5'", id="text as score"),
        pytest.param(DividesByZero(), FINITE, "nan", id="nan"),
        pytest.param(says(math.inf), FINITE, "inf", id="infinity"),
        pytest.param(says(1.5), RANGE, "1.5 where low is 0 and high is 1", id="too high"),
        pytest.param(says(-0.5), RANGE, "-0.5", id="too low"),
        pytest.param(says(0.5, None), "a reason is a text", "None", id="reason"),
        pytest.param(says(0.5, "", {"a": {1, 2}}), JSON, "set is not JSON", id="set"),
        pytest.param(ShowsItsWork(), JSON, "JSON compliant", id="nan in evidence"),
        pytest.param(says(0.5, "", ["a"]), JSON, "list", id="list as evidence"),
        pytest.param(says(0.5, "", {"spans": 3}), JSON, "spans: int", id="spans are no list"),
        pytest.param(says(0.5, "", {"spans": [[0, 1]]}), SPAN, "[0, 1]", id="span too short"),
        pytest.param(says(0.5, "", {"spans": [[9, 0, 1, "x"]]}), SPAN, "[9, 0", id="no such turn"),
        pytest.param(says(0.5, "", {"spans": [[0, 0, 99, "x"]]}), SPAN, "99", id="past the end"),
        pytest.param(says(0.5, "", {"spans": [[0, 2, 1, "x"]]}), SPAN, "2, 1", id="backwards"),
        pytest.param(says(0.5, "", {"spans": [[0, 0, 1, 5]]}), SPAN, "1, 5", id="no label"),
        pytest.param(Ranks(), SAME, "alone, for record", id="batch mates count"),
        pytest.param(Sorts(), SAME, "for record 'record-1'", id="order"),
        pytest.param(First(), SAME, "in a reversed batch", id="position counts"),
        pytest.param(Remembers(), SAME, "opened again", id="opening counts"),
        pytest.param(DriftsFar(), SAME, "alone", id="beyond the tolerance"),
        pytest.param(Scribbles(), "records stay as they are", "'record-1'", id="row changed"),
        pytest.param(Rewrites(), "records stay as they are", "'record-1'", id="bytes changed"),
        pytest.param(SignsText(), "it answers with bytes or a Verdict", "str", id="signature"),
        pytest.param(SignsPosition(), SAME, "in a reversed batch", id="signature of the batch"),
        pytest.param(SharesMemory(), SAME, "from a second memory", id="shared memory"),
        pytest.param(
            SplitsWhatBelongsTogether(), SAME, "from a memory of its group", id="group too small"
        ),
        pytest.param(NotesPosition(), SAME, "in a reversed batch", id="note of the batch"),
        pytest.param(BadMemory(), "it answers with", "float, for", id="memory type"),
        pytest.param(FarMemory(), RANGE, "2 where", id="memory range"),
    ],
)
def test_a_broken_promise_is_named(filter, promise, found):
    with pytest.raises(AssertionError) as caught:
        check_filter(filter)
    said = str(caught.value)
    assert said.startswith(f"filter {filter.name!r} breaks a promise: {promise}")
    assert found in said
    assert "\n  to do: " in said


def test_the_record_that_breaks_it_is_named():
    with pytest.raises(
        AssertionError, match=r"for record 'lone surrogate' \(specimens\.jsonl:1004\)"
    ):
        check_filter(Ascii())


def test_records_of_ones_own_are_tried_too():
    with pytest.raises(AssertionError, match="for record 'record-2'"):
        check_filter(Picky(), make_records(["fine", "xxx"]))


class Picky(RecordFilter):
    """Breaks on a text no specimen holds."""

    name: ClassVar[str] = "picky"

    def judge(self, record: Record) -> Verdict:
        return Verdict(2.0 if "xxx" in record.response else 0.0)
