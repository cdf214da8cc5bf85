"""Rules: what parses is said back, what does not is told with its place."""

from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.errors import UsageError
from curate.gate.parsing import parse
from curate.gate.policy import load, loads
from curate.gate.rules import COUNTED, NAMED, OPERATORS, Audit, Comparison, Measure, Rule, Teachers
from curate.gate.tokens import Unparsable

NAMES = st.one_of(
    st.text(min_size=1, max_size=12),
    st.sampled_from(["unknown", "fraction", "in", "gpt-4.1", 'a"b', "a\\", "3x", " x ", "a]b"]),
)
BOUNDS = st.one_of(st.integers(0, 10**9).map(Decimal), st.decimals(0, 1, places=9))


@st.composite
def measures(draw: st.DrawFn) -> Measure:
    kind = draw(st.sampled_from([*COUNTED, "read", "kept"]))
    name = draw(NAMES) if kind in NAMED else None
    if kind == "teacher" and draw(st.booleans()):
        name = None
    return Measure(kind, name, kind != "read" and draw(st.booleans()))


@st.composite
def comparisons(draw: st.DrawFn) -> Comparison:
    measure = draw(measures())
    bound = draw(st.decimals(0, 1, places=9) if measure.fraction else BOUNDS)
    return Comparison(measure, draw(st.sampled_from(OPERATORS)), bound)


WORDS = st.lists(NAMES, min_size=1, max_size=4).map(tuple)
RULES = st.one_of(
    comparisons(), st.builds(Teachers, st.booleans(), WORDS), st.builds(Audit, NAMES, WORDS)
)


@given(RULES)
def test_what_a_rule_says_is_read_back(rule: Rule):
    assert parse(str(rule)) == rule


@given(
    st.one_of(
        st.text(max_size=40),
        st.lists(
            st.sampled_from(
                ["hits", "teacher", "teachers", "audit", "read", ".", "fraction", "==", "<=", "0",
                 "1.5", "in", "[", "]", ",", '"', "\\", " ", "x", "allow", ":", "=", "9" * 40, "٣"]
            ),
            max_size=12,
        ).map("".join),
    )
)  # fmt: skip
def test_any_text_is_a_rule_or_told_where_it_is_none(text: str):
    try:
        rule = parse(text)
    except Unparsable as error:
        at, told = error.at, error.told
    else:
        assert parse(str(rule)) == rule
        return
    assert 0 <= at <= len(text)
    assert told


@given(st.one_of(st.text(max_size=60), st.binary(max_size=60).map(lambda b: b.decode("latin-1"))))
def test_any_text_is_a_policy_or_a_usage_error(text: str):
    for whole in (text, f"version: 1\nrules:\n - {text}\n", f"version: 1\nrules: {text}"):
        with suppress(UsageError):
            loads(whole)


@pytest.mark.parametrize(
    ("text", "at", "told"),
    [
        ("hit.secrets == 0", 0, "unknown measure 'hit'; did you mean 'hits'?"),
        ("kept = 2", 5, "equal is `==`"),
        ("kept.fraction <= 20", 17, "at most 1"),
        ("read.fraction == 1", 5, "no fraction"),
        ("hits.secrets.share == 0", 13, "only `.fraction`"),
        ("hits == 0", 5, "`.` and a step"),
        ("hits.3x == 0", 5, "needs quotes"),
        ("kept >= 1 2", 10, "ends here"),
        ("kept >= -1", 8, "no meaning"),
        ("audit.x in []", 12, "at least one"),
        ("teachers.alow: [x]", 9, "'alow'"),
        ('hits."x == 0', 5, "not closed"),
    ],
)
def test_a_mistake_has_its_place(text: str, at: int, told: str):
    with pytest.raises(Unparsable) as caught:
        parse(text)
    assert caught.value.at == at
    assert told in caught.value.told


def test_a_bound_is_exact():
    rule = parse("dropped.fraction <= 0.1")
    assert isinstance(rule, Comparison)
    assert rule.holds(1, 10)
    assert not rule.holds(10**15 + 1, 10**16)


def test_unquoted_unknown_is_nobody_and_quoted_a_name():
    nobody, somebody = parse("teacher.unknown == 0"), parse('teacher."unknown" == 0')
    assert isinstance(nobody, Comparison)
    assert isinstance(somebody, Comparison)
    assert (nobody.measure.name, somebody.measure.name) == (None, "unknown")


def test_a_policy_in_full(tmp_path: Path):
    text = """\
version: 1
rules:
  - hits.secrets == 0
  - rule: "dropped.fraction <= 0.2"
    name: not too much
    level: warning
    why: more means a broken export
  - teachers.deny: [gpt-*, "a, b"]
  - audit.date_confusion in [removed, returns to the prior]
"""
    (tmp_path / "p.yaml").write_text(text)
    found = load(tmp_path / "p.yaml")
    assert [(each.name, each.level) for each in found] == [
        ("hits.secrets == 0", "error"),
        ("not too much", "warning"),
        ('teachers.deny: ["gpt-*", "a, b"]', "error"),
        ('audit.date_confusion in [removed, "returns to the prior"]', "error"),
    ]
    assert [each.place.removeprefix(str(tmp_path)) for each in found[:2]] == [
        "/p.yaml:3:5",
        "/p.yaml:4:12",
    ]
    assert found[3].rule == Audit("date_confusion", ("removed", "returns to the prior"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "policy:1: the policy is empty"),
        ("version: 1", "'rules' is missing"),
        ("rules: [kept >= 1]", "'version' is missing"),
        ("version: 2\nrules: [kept >= 1]", "version: must be 1"),
        ("version: 1\nrules: []", "policy:2: rules: a policy has at least one rule"),
        ("# nothing\n", "the policy is empty; it needs `version: 1` and `rules:`"),
        ("version: 1\nrules: [kept >= 1]\nrules: [kept >= 2]", "for the second time"),
        ("version: 1\nrules:\n - {rule: kept >= 1, rule: kept >= 0}", "for the second time"),
        ("version: 1\nrules:\n - !x kept >= 1", "have no meaning here"),
        (
            "version: 1\nrules:\n - {rule: kept >= 1, name: a}\n - {rule: read >= 1, name: 'a '}",
            "a second rule named 'a'",
        ),
        ("version: 1\nrules:\n - {rule: kept >= 1, levle: error}", "did you mean 'level'"),
        ("version: 1\nrules:\n - {rule: kept >= 1, level: erorr}", "did you mean 'error'"),
        ("version: 1\nrules:\n - kept >= 1\n - kept >= 1", "policy:4:4: a second rule"),
        ("version: 1\nrules:\n - kept >= q\n - hit.x == 0", "policy:3:12: kept >= q: a number"),
        ("version: 1\nrules:\n - kept >= q\n - hit.x == 0", "policy:4:4: hit.x == 0: unknown"),
        ("version: 1\nrules:\n - teachers.allow: []", "a rule says one thing"),
        ("version: 1\nrules:\n - {name: x}", "a rule says one thing"),
        ("version: 3\nrules: 1\n", "2 mistakes in the policy"),
        ("[", "not YAML"),
    ],
)
def test_every_mistake_of_a_policy_is_told(text: str, told: str):
    with pytest.raises(UsageError) as caught:
        loads(text)
    assert told in str(caught.value)


@pytest.mark.parametrize("rule", ["kept >= %s", "%s", "kept %s", "kept >= 1 %s"])
def test_a_long_rule_is_not_said_again(rule: str):
    with pytest.raises(UsageError) as caught:
        loads(f"version: 1\nrules:\n - {rule % ('1' * 100_000)}\n")
    assert len(str(caught.value)) < 500


def test_a_policy_that_cannot_be_read(tmp_path: Path):
    (tmp_path / "p.yaml").write_bytes(b"\xff")
    for name, told in (("no.yaml", "cannot be read"), ("p.yaml", "not UTF-8")):
        with pytest.raises(UsageError, match=told):
            load(tmp_path / name)
