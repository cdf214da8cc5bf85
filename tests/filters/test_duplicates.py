import json
import pickle
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from curate.api import Context, Verdict
from curate.filters.duplicates import Duplicates
from curate.records import Record, Turn, View


class Pairs:
    """A shape whose rows are {"turns": [[role, text], …]}."""

    name = "pairs"

    def turns(self, row: Mapping[str, Any]) -> tuple[Turn, ...]:
        return tuple(Turn(role, text) for role, text in row["turns"])


def record(*turns: tuple[str, str], **fields: object) -> Record:
    raw = json.dumps({"turns": turns, **fields}).encode()
    return Record(raw, 1, "rows.jsonl", View(Pairs()))


def judge(filter_: Duplicates, *records: Record) -> list[Verdict]:
    with filter_.open(Context()) as judge_:
        return list(judge_(records))


def signature(filter_: Duplicates, one: Record) -> bytes | Verdict:
    with filter_.signer(Context()) as sign:
        return sign([one])[0]


ASK = ("user", "Name a colour.")
RED, BLUE = ("assistant", "Red."), ("assistant", "Blue.")


def test_the_first_stays_and_a_repeat_names_it() -> None:
    verdicts = judge(Duplicates(), record(ASK, RED), record(ASK, BLUE), record(ASK, RED))
    assert verdicts == [
        Verdict(0.0),
        Verdict(0.0),
        Verdict(1.0, "duplicate", {"of": 0}),
    ]


def test_a_third_copy_names_the_first() -> None:
    verdicts = judge(Duplicates(), *[record(ASK, RED)] * 3)
    assert [verdict.evidence.get("of") for verdict in verdicts] == [None, 0, 0]


def test_only_a_repeat_is_a_hit() -> None:
    assert [Duplicates.rule.hit(score) for score in (0.0, 1.0)] == [False, True]


SYSTEM = ("system", "Be brief.")


@pytest.mark.parametrize(
    ("by", "first", "second", "same"),
    [
        pytest.param("conversation", [ASK, RED], [ASK, BLUE], False, id="other-response"),
        pytest.param("conversation", [ASK, RED], [SYSTEM, ASK, RED], False, id="other-system"),
        pytest.param(
            "conversation", [ASK, RED], [ASK, RED, ("rejected", "Sky.")], False, id="rejected-too"
        ),
        pytest.param("prompt", [ASK, RED], [ASK, BLUE], True, id="same-prompt"),
        pytest.param("prompt", [ASK, RED], [SYSTEM, ASK, RED], False, id="prompt-has-system"),
        pytest.param(
            "prompt", [ASK, ("rejected", "Sky."), RED], [ASK, RED], True, id="no-rejected"
        ),
        pytest.param("response", [ASK, RED], [SYSTEM, RED], True, id="same-response"),
        pytest.param("response", [ASK, RED, ASK, BLUE], [ASK, BLUE], True, id="last-response"),
    ],
)
def test_what_is_compared(
    by: str, first: list[tuple[str, str]], second: list[tuple[str, str]], same: bool
) -> None:
    verdicts = judge(Duplicates(by=by), record(*first), record(*second))
    assert (verdicts[1].score == 1.0) is same


def test_raw_compares_bytes_and_nothing_else() -> None:
    rows = [record(ASK, RED), record(ASK, RED, id=1), record(ASK, RED)]
    assert [verdict.score for verdict in judge(Duplicates(by="raw"), *rows)] == [0.0, 0.0, 1.0]
    assert [verdict.score for verdict in judge(Duplicates(), *rows)] == [0.0, 1.0, 1.0]


def test_raw_needs_no_turns() -> None:
    one = Record(b'{"no": "turns"}', 1, "rows.jsonl", View(Pairs()))
    assert signature(Duplicates(by="raw"), one) == bytes.fromhex(one.digest)


@pytest.mark.parametrize(
    "text", ["  red.\n", "RED.", "\uff32ed."], ids=["white-space", "case", "full-width"]
)
def test_normalise(text: str) -> None:
    rows = [record(RED), record(("assistant", text))]
    assert judge(Duplicates(normalise=True), *rows)[1].score == 1.0
    assert judge(Duplicates(), *rows)[1].score == 0.0


@pytest.mark.parametrize("normalised", [False, True])
@pytest.mark.parametrize(
    ("by", "turns"),
    [
        pytest.param("response", [ASK], id="no-response"),
        pytest.param("prompt", [RED], id="no-prompt"),
        pytest.param("conversation", [("user", " \n"), ("assistant", "")], id="white-space"),
    ],
)
def test_abstains_where_there_is_no_text(
    by: str, turns: list[tuple[str, str]], normalised: bool
) -> None:
    filter_ = Duplicates(by=by, normalise=normalised)
    assert judge(filter_, record(*turns), record(*turns)) == [Verdict(None, "empty")] * 2


def test_lone_surrogates_are_told_apart() -> None:
    verdicts = judge(
        Duplicates(), record(("user", "\ud800")), record(("user", "\ud801")), record(("user", "?"))
    )
    assert [verdict.score for verdict in verdicts] == [0.0, 0.0, 0.0]


@pytest.mark.parametrize(
    "seam", ["\n\n", "\0", "\1", "user", "4 user", "1 user", "4 1 user"], ids=repr
)
def test_a_text_cannot_imitate_a_turn(seam: str) -> None:
    verdicts = judge(
        Duplicates(), record(("user", f"a{seam}b")), record(("user", "a"), ("user", "b"))
    )
    assert verdicts[1] == Verdict(0.0)


@st.composite
def cuts(draw: st.DrawFn, whole: str) -> list[tuple[str, str]]:
    """Turns whose roles and texts, put one after the other, give `whole`."""
    count = 2 * draw(st.integers(1, 3))
    marks = sorted(
        draw(st.lists(st.integers(0, len(whole)), min_size=count - 1, max_size=count - 1))
    )
    parts = [whole[i:j] for i, j in zip([0, *marks], [*marks, len(whole)], strict=True)]
    return list(zip(parts[::2], parts[1::2], strict=True))


@given(st.data(), st.text(st.sampled_from("a \0123"), min_size=1, max_size=8))
def test_signatures_are_equal_only_for_equal_turns(data: st.DataObject, whole: str) -> None:
    first, second = data.draw(cuts(whole)), data.draw(cuts(whole))
    signatures = [signature(Duplicates(), record(*turns)) for turns in (first, second)]
    if not any(isinstance(one, Verdict) for one in signatures):
        assert (signatures[0] == signatures[1]) == (first == second)


@given(st.lists(st.tuples(st.just("user"), st.sampled_from("abc")), min_size=1), st.data())
def test_signing_in_any_batches_gives_the_same_verdicts(
    turns: list[tuple[str, str]], data: st.DataObject
) -> None:
    filter_, rows = Duplicates(), [record(turn) for turn in turns]
    cut = data.draw(st.integers(0, len(rows)))
    with filter_.signer(Context()) as sign:
        signed = list(sign(rows[cut:]))  # another worker is faster with the second batch
        signed = list(sign(rows[:cut])) + signed
    memory = filter_.memory(Context())
    apart = [memory.admit(one, index) for index, one in enumerate(signed)]
    assert apart == judge(filter_, *rows)


def test_refuses_to_normalise_bytes() -> None:
    with pytest.raises(ValidationError, match="by: raw"):
        Duplicates(by="raw", normalise=True)


def test_survives_pickling() -> None:
    filter_ = Duplicates(by="prompt", normalise=True)
    assert pickle.loads(pickle.dumps(filter_)) == filter_
