"""The conformance kit: rewriters that keep their promises pass, and every broken one is caught."""

import itertools
import json
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

import pytest
from pydantic import ConfigDict

from curate.api import Context, GaveUp, Hit, Record, Replacement, Rewriter, Verdict
from curate.specimens import make_hits, odd_records
from curate.testing import check_rewriter, make_records


class Rewriting(Rewriter):
    """Rewrites a batch in a way each subclass breaks."""

    name: ClassVar[str] = "rewriting"

    @contextmanager
    def open(self, ctx: Context) -> Iterator[Any]:
        yield self.rewrite

    def rewrite(self, hits: Sequence[Hit]) -> Any:
        return [self.one(hit) for hit in hits]

    def one(self, hit: Hit) -> Any:
        turn = hit.record.response_turn
        if turn is None:
            return GaveUp("no_response")
        return Replacement({turn: self.text(hit.record)}, "a-teacher", "stop", {"why": "upper"})

    def text(self, record: Record) -> Any:
        return record.response.upper()


class Trying(Rewriting):
    """Says something else on a further attempt, and gives up on the third."""

    def one(self, hit: Hit) -> Any:
        if hit.attempt > 1:
            return GaveUp("no_more", {"tried": hit.attempt})
        return Replacement({0: "x" * hit.attempt}) if hit.record.turns else GaveUp("no_turns")


class Sampling(Rewriting):
    """Says something else whenever it is asked."""

    asked: ClassVar[Iterator[int]] = itertools.count()

    def text(self, record: Record) -> Any:
        return f"answer {next(self.asked)}"


@pytest.mark.parametrize("rewriter", [Rewriting(), Trying()], ids=lambda r: type(r).__name__)
def test_a_good_rewriter_passes(rewriter: Rewriter) -> None:
    check_rewriter(rewriter)


def test_a_rewriter_that_samples_says_so() -> None:
    check_rewriter(Sampling(), samples=True)
    with pytest.raises(AssertionError, match="check with `samples=True`"):
        check_rewriter(Sampling())


class TestHits:
    def test_records_become_hits_with_spans_and_without(self) -> None:
        hits = make_hits(make_records())
        assert [hit.record.id for hit in hits] == [record.id for record in make_records()]
        counts = [len(hit.verdict.evidence.get("spans", ())) for hit in hits]
        assert set(counts) == {0, 1, 3}

    def test_spans_are_inside_the_response(self) -> None:
        for hit in make_hits([*make_records(), *odd_records()]):
            for turn, start, end, label in hit.verdict.evidence.get("spans", ()):
                assert turn == hit.record.response_turn
                assert 0 <= start <= end <= len(hit.record.response)
                assert label

    def test_the_records_of_ones_own(self) -> None:
        assert [hit.record.response for hit in make_hits(make_records(["one"]))] == ["one"]
        assert len(make_hits()) == len(make_records())


class Undocumented(Rewriting):
    pass


class Thawed(Rewriting):
    """Can be changed after it was built."""

    model_config = ConfigDict(frozen=False)


class Indescribable(Rewriting):
    """Has an option no plan can hold."""

    key: Callable[[str], str] = str.lower


class Unpicklable(Rewriting):
    """Holds what cannot be sent."""

    options: Any = None


class Forgetful(Rewriting):
    """Arrives in a worker without its options."""

    limit: int = 1

    def __reduce__(self) -> Any:
        return Forgetful, ()


class Short(Rewriting):
    """Leaves out what it cannot rewrite."""

    def rewrite(self, hits: Sequence[Hit]) -> Any:
        return [self.one(hit) for hit in hits if hit.record.response]


class Lazy(Rewriting):
    """Returns a generator."""

    def rewrite(self, hits: Sequence[Hit]) -> Any:
        return (self.one(hit) for hit in hits)


class NeedsOne(Rewriting):
    """Cannot take an empty batch."""

    def rewrite(self, hits: Sequence[Hit]) -> Any:
        assert max(len(hit.record.response) for hit in hits)
        return super().rewrite(hits)


class NeedsResponse(Rewriting):
    """Expects a response."""

    def one(self, hit: Hit) -> Any:
        return Replacement({hit.record.response_turn: "x"})  # type: ignore[dict-item]


class NeedsSpans(Rewriting):
    """Expects spans in every verdict."""

    def one(self, hit: Hit) -> Any:
        return Replacement({hit.verdict.evidence["spans"][0][0]: "x"})


class OneTry(Rewriting):
    """Has only one text to offer, and runs out."""

    def one(self, hit: Hit) -> Any:
        turn = hit.record.response_turn
        return GaveUp("no_response") if turn is None else Replacement({turn: ["x"][hit.attempt]})


class Ascii(Rewriting):
    """Expects tame text."""

    def text(self, record: Record) -> Any:
        return record.response.encode().decode()


class Says(Rewriting):
    """Gives every hit the same answer."""

    answer: Any = None

    def one(self, hit: Hit) -> Any:
        return self.answer


class NotANumber(Rewriting):
    """Shows nothing over nothing as evidence."""

    def one(self, hit: Hit) -> Any:
        return GaveUp("no_number", {"ratio": math.nan})


class Ranks(Rewriting):
    """Compares the records of a batch."""

    def rewrite(self, hits: Sequence[Hit]) -> Any:
        longest = max((len(hit.record.response) for hit in hits), default=0)
        return [Replacement({0: f"{len(hit.record.response)} of {longest}"}) for hit in hits]


class Sorts(Rewriting):
    """Answers in its own order."""

    def rewrite(self, hits: Sequence[Hit]) -> Any:
        return [Replacement({0: text}) for text in sorted(hit.record.response for hit in hits)]


class First(Rewriting):
    """Treats the first of a batch differently."""

    def rewrite(self, hits: Sequence[Hit]) -> Any:
        return [Replacement({0: "a"}), *[Replacement({0: "b"})] * len(hits)][: len(hits)]


class Remembers(Rewriting):
    """Counts how often it was opened."""

    opened: ClassVar[Iterator[int]] = itertools.count()

    @contextmanager
    def open(self, ctx: Context) -> Iterator[Any]:
        answer = Replacement({0: f"opened {next(self.opened)} times"})
        yield lambda hits: [answer] * len(hits)


class Once(Rewriting):
    """Can be opened once."""

    gone: ClassVar[list[int]] = []

    @contextmanager
    def open(self, ctx: Context) -> Iterator[Any]:
        if self.gone:
            raise ValueError("was open before")
        self.gone.append(1)
        yield self.rewrite


class Scribbles(Rewriting):
    """Writes its text into the decoded row."""

    def text(self, record: Record) -> Any:
        record.row["messages"][-1]["content"] = "new"
        return "new"


class Overwrites(Rewriting):
    """Writes over the raw bytes."""

    def text(self, record: Record) -> Any:
        record.raw = json.dumps(record.row).lower().encode()
        return "new"


def local() -> Rewriter:
    class Local(Rewriting):
        """Lives in a function."""

    return Local()


def says(*answer: Any, **more: Any) -> Says:
    return Says(answer=Replacement(*answer, **more))


IN_ORDER = "one answer per hit, in order"
TURNS = "a replacement maps turns to new texts"
TEACHER = "a teacher is a name or None"
JSON = "evidence is a JSON object"
KIND = "it answers with a Replacement or a GaveUp"
SAME = "the same hit gets the same answer"
SENT = "its config can be sent to another process"
RAISES = "it does not raise"


@pytest.mark.parametrize(
    ("rewriter", "promise", "found"),
    [
        pytest.param(Undocumented(), "it has a docstring", "none", id="docstring"),
        pytest.param(Thawed(), "its config is frozen", "it is not", id="frozen"),
        pytest.param(Indescribable(), "its options can be described", "Callable", id="schema"),
        pytest.param(Unpicklable(options=lambda: 0), SENT, "pickle", id="pickle"),
        pytest.param(local(), SENT, "Local", id="local class"),
        pytest.param(Forgetful(limit=2), SENT, "arrives as Forgetful(limit=1)", id="pickle loses"),
        pytest.param(Short(), IN_ORDER, "25 hits in, 23 out", id="short"),
        pytest.param(Lazy(), IN_ORDER, "generator out", id="generator"),
        pytest.param(NeedsOne(), RAISES, "a batch of 0", id="empty batch raises"),
        pytest.param(NeedsSpans(), RAISES, "KeyError", id="no spans"),
        pytest.param(OneTry(), RAISES, "IndexError", id="further attempt"),
        pytest.param(Ascii(), RAISES, "'lone surrogate'", id="lone surrogate"),
        pytest.param(Says(answer="new"), KIND, "str, for record 'record-1'", id="bare text"),
        pytest.param(Says(answer=Verdict(1.0, "x", {})), KIND, "Verdict", id="a verdict"),
        pytest.param(NeedsResponse(), TURNS, "turn None of 1 turns", id="no response"),
        pytest.param(says({}), TURNS, "{}", id="no turn"),
        pytest.param(says([(0, "x")]), TURNS, "[(0, 'x')]", id="turns are no mapping"),
        pytest.param(says({9: "x"}), TURNS, "turn 9 of 2 turns", id="no such turn"),
        pytest.param(says({-1: "x"}), TURNS, "turn -1", id="turn from the end"),
        pytest.param(says({"0": "x"}), TURNS, "turn '0'", id="turn is a text"),
        pytest.param(says({0: None}), TURNS, "None", id="text is none"),
        pytest.param(says({0: b"x"}), TURNS, "b'x'", id="text is bytes"),
        pytest.param(says({0: "x"}, ""), TEACHER, "''", id="teacher is empty"),
        pytest.param(says({0: "x"}, 4), TEACHER, "4", id="teacher is a number"),
        pytest.param(says({0: "x"}, finish="eos"), "finish is stop or", "'eos'", id="finish"),
        pytest.param(says({0: "x"}, evidence={"a": {1}}), JSON, "set is not JSON", id="set"),
        pytest.param(NotANumber(), JSON, "JSON compliant", id="nan"),
        pytest.param(says({0: "x"}, evidence=["a"]), JSON, "list", id="evidence is a list"),
        pytest.param(Says(answer=GaveUp("")), "giving up has a reason", "''", id="no reason"),
        pytest.param(Says(answer=GaveUp(None)), "giving up has a reason", "None", id="none"),  # type: ignore[arg-type]
        pytest.param(Says(answer=GaveUp("x", {"a": b""})), JSON, "bytes", id="gave up with bytes"),
        pytest.param(Ranks(), SAME, "alone, for record", id="batch mates count"),
        pytest.param(Sorts(), SAME, "for record 'record-1'", id="order"),
        pytest.param(First(), SAME, "in a reversed batch", id="position counts"),
        pytest.param(Remembers(), SAME, "opened again", id="opening counts"),
        pytest.param(Once(), "it can be opened again", "was open before", id="opens once"),
        pytest.param(Scribbles(), "records stay as they are", "'record-1'", id="row changed"),
        pytest.param(Overwrites(), "records stay as they are", "'record-1'", id="bytes changed"),
    ],
)
def test_a_broken_promise_is_named(rewriter: Rewriter, promise: str, found: str) -> None:
    with pytest.raises(AssertionError) as caught:
        check_rewriter(rewriter)
    said = str(caught.value)
    assert said.startswith(f"rewriter {rewriter.name!r} breaks a promise: {promise}")
    assert found in said
    assert "\n  to do: " in said


def test_hits_of_ones_own_are_tried_too() -> None:
    with pytest.raises(AssertionError, match="turn 7 of 2 turns, for record 'record-2'"):
        check_rewriter(Picky(), make_hits(make_records(["fine", "xxx"])))
    check_rewriter(Picky(), make_hits(make_records(["fine"])))


class Picky(Rewriting):
    """Breaks on a text no specimen holds."""

    def one(self, hit: Hit) -> Any:
        return Replacement({7: "x"}) if "xxx" in hit.record.response else GaveUp("fine")


def test_built_in_rewriters_that_ask_are_checked_with_a_context_of_ones_own() -> None:
    with pytest.raises(AssertionError, match="it does not raise"):
        check_rewriter(NeedsCache(), ctx=Context())
    check_rewriter(NeedsCache(), ctx=Context(seed=7))


class NeedsCache(Rewriting):
    """Looks at what the run says."""

    @contextmanager
    def open(self, ctx: Context) -> Iterator[Any]:
        yield lambda hits: [GaveUp("seed", {"one": 7 // ctx.seed}) for _ in hits]
