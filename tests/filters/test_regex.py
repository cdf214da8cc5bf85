import json
import pickle
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from curate.api import Context, Judge, Verdict
from curate.filters.packs import PACKS
from curate.filters.regex import Regex
from curate.io import shapes
from curate.records import Record, View
from curate.testing import check_filter


def record(*messages: tuple[str, str]) -> Record:
    row = {"messages": [{"role": role, "content": text} for role, text in messages]}
    return Record(json.dumps(row).encode(), 1, "rows.jsonl", View(shapes.get("messages")))


def judge(filter: Regex, *records: Record) -> list[Verdict]:
    with filter.open(Context()) as judged:
        return list(judged(records))


def says(text: str, **options: Any) -> Verdict:
    return judge(Regex(**options), record(("user", "Go on."), ("assistant", text)))[0]


def test_score_is_the_number_of_patterns_and_reason_the_first_declared() -> None:
    patterns = {"late": "z", "early": "a", "never": "q"}
    verdict = says("a z a", patterns=patterns)
    assert (verdict.score, verdict.reason) == (2.0, "late")
    assert verdict.evidence == {
        "spans": [[1, 0, 1, "early"], [1, 2, 3, "late"], [1, 4, 5, "early"]],
        "matches": 3,
    }


def test_no_match_is_one_shared_verdict_without_evidence() -> None:
    one, other = says("b", patterns={"a": "a"}), says("", patterns={"x": "y"})
    assert one == Verdict(0.0)
    assert one is other


def test_default_rule_is_one_pattern() -> None:
    assert Regex.rule.hit(1.0)
    assert not Regex.rule.hit(0.0)


def test_spans_are_at_most_twenty_and_matches_go_on() -> None:
    verdict = says("ab" * 50, patterns={"a": "a", "b": "b"})
    assert verdict.evidence["matches"] == 100
    assert len(verdict.evidence["spans"]) == 20
    assert verdict.evidence["spans"][:3] == [[1, 0, 1, "a"], [1, 1, 2, "b"], [1, 2, 3, "a"]]


def test_every_turn_is_searched_by_itself() -> None:
    turns = [("assistant", "first"), ("user", "then"), ("assistant", "first again")]
    verdict = judge(
        Regex(patterns={"start": "^first", "across": r"first\s+first"}), record(*turns)
    )[0]
    assert verdict.evidence["spans"] == [[0, 0, 5, "start"], [2, 0, 5, "start"]]


@pytest.mark.parametrize(
    ("scope", "turns"),
    [(None, [1, 3]), ("response", [3]), ("prompt", [0, 1, 2]), ("conversation", [0, 1, 2, 3])],
)
def test_scope(scope: str | None, turns: list[int]) -> None:
    roles = ["user", "assistant", "user", "assistant"]
    verdict = judge(
        Regex(patterns={"x": "x"}, scope=scope), record(*((role, "x") for role in roles))
    )[0]
    assert [span[0] for span in verdict.evidence["spans"]] == turns


def test_a_pack_reads_its_own_scope_and_patterns_the_assistant() -> None:
    mail = "write to jo@mail.org"
    said = record(("user", mail), ("assistant", "no"))
    both = Regex(pack="pii", patterns={"write": "write"})
    verdict = judge(both, said)[0]
    assert (verdict.score, verdict.reason) == (1.0, "email")
    assert verdict.evidence["spans"] == [[0, 9, 20, "email"]]
    assert verdict.evidence["sensitive"] is True
    assert judge(Regex(pack="pii", scope="assistant"), said) == [Verdict(0.0)]


def test_packs_come_before_patterns_in_the_order_given() -> None:
    text = "I'm sorry, but I cannot write to jo@mail.org. [INST]"
    packs = ["special-tokens", "pii"]
    verdict = says(text, pack=packs, patterns={"sorry": "sorry"})
    assert (verdict.score, verdict.reason) == (3.0, "llama")


def test_ignore_case_is_for_patterns_only() -> None:
    assert says("NEEDLE", patterns={"n": "needle"}).score == 0
    assert says("NEEDLE", patterns={"n": "needle"}, ignore_case=True).score == 1
    assert says("akiaabcdefghijklmnop", pack="secrets", ignore_case=True).score == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "give `patterns` or a `pack`"),
        ({"pack": []}, "give `patterns` or a `pack`"),
        ({"pack": "secret"}, "no pack named 'secret'; did you mean 'secrets'?"),
        ({"pack": ["pii", "refusal"]}, "no pack named 'refusal'; did you mean 'refusals'?"),
        (
            {"patterns": {"fine": "a", "broken": "a(b"}},
            r"pattern 'broken': missing \), .* position 1",
        ),
        ({"patterns": {"empty": "a{3,2}"}}, "pattern 'empty': min repeat .* position 2"),
        ({"patterns": {"vast": "a{99999999999}"}}, "pattern 'vast': "),
        ({"pack": "pii", "patterns": {"email": "@"}}, "pattern 'email': the pack has one"),
        ({"patern": {}}, "Extra inputs are not permitted"),
    ],
)
def test_a_wrong_option_says_what_and_where(options: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Regex(**options)


@pytest.mark.parametrize(
    ("options", "label"),
    [
        ({"pack": "pii"}, "pii"),
        ({"pack": ["secrets"]}, "secrets"),
        ({"pack": ["secrets", "pii"]}, "regex"),
        ({"pack": "pii", "patterns": {"x": "x"}}, "regex"),
        ({"patterns": {"x": "x"}}, "regex"),
    ],
)
def test_label(options: dict[str, Any], label: str) -> None:
    assert Regex(**options).label() == label


def test_version_names_every_pack() -> None:
    assert all(f"{pack.name} {pack.version}" in Regex.version for pack in PACKS.values())


def test_config_travels() -> None:
    config = Regex(pack="pii", patterns={"x": "x+"}, scope="prompt")
    assert pickle.loads(pickle.dumps(config)) == config
    assert Regex.model_validate(config.model_dump()) == config


@pytest.mark.parametrize("pack", sorted(PACKS))
def test_keeps_every_promise_of_a_filter(pack: str) -> None:
    said = [
        record(("user", "hi \ud800"), ("assistant", "I cannot help with that. jo@mail.org </s>")),
        record(("assistant", "I am ChatGPT. As of my last update, sk-1234567890abcdefghijkl")),
    ]
    check_filter(Regex(pack=pack, patterns={"hi": r"\bhi\b|^$"}), said)


PIECES = ["I am", "ChatGPT", "cannot help", "sorry,", "as of my last update", "jo@mail.org", "4111"]
PIECES += [
    "é",
    "ſ",
    "\ud800",
    "</s>",
    "8.8.8.8",
    "{{name}}",
    "\n",
    "我是",
    "通义千问",
    "AKIA",
    "2" * 16,
]


@pytest.fixture(scope="module")
def with_and_without_extra() -> Iterator[tuple[Judge, Judge]]:
    every = Regex(pack=list(PACKS), patterns={"k": "(?i)K", "word": r"\b\w+\b"})
    with ExitStack() as stack:
        fast = stack.enter_context(every.open(Context()))
        with pytest.MonkeyPatch.context() as patch:
            patch.setitem(sys.modules, "re2", None)
            plain = stack.enter_context(every.open(Context()))
        yield fast, plain


@given(said=st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join))
def test_the_extra_changes_no_verdict(
    with_and_without_extra: tuple[Judge, Judge], said: str
) -> None:
    fast, plain = with_and_without_extra
    rows = [record(("user", said), ("assistant", said))]
    assert fast(rows) == plain(rows)
