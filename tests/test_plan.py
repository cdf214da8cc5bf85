"""A plan file: what is understood, and that every mistake is told with its line, all at once."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate import plan, plan_file
from curate.errors import PlanError

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.sampled_from(["no", "yes", "1e-3", "0x10", "~", "2024-01-01", "12:30", "<<", ".inf", "="])
)
KEYS = st.text(max_size=80)
"""YAML wants a key within 1,024 characters, `\\u` escapes included."""
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


def steps(text: str) -> list[plan.Step]:
    return plan.loads(text).plan.steps


def problems(text: str, name: str = "plan.yaml") -> list[str]:
    with pytest.raises(PlanError) as caught:
        plan.loads(text, name)
    lines = str(caught.value).splitlines()
    if len(lines) == 1:
        return lines
    assert lines[0] == f"{len(lines) - 1} mistakes in the plan"
    return lines[1:]


class TestLanguage:
    @given(VALUES)
    def test_what_is_written_is_read_back(self, value):
        text = plan_file.write({"value": value})
        assert plan_file.read(text, "plan.yaml")[0] == {"value": value}

    @given(VALUES)
    def test_json_is_read_as_json(self, value):
        text = json.dumps({"value": value}, indent="\t")
        assert plan_file.read(text, "plan.json")[0] == {"value": value}

    @pytest.mark.parametrize(
        ("word", "value"),
        [
            ("no", "no"),
            ("on", "on"),
            ("2024-01-01", "2024-01-01"),
            ("12:30", "12:30"),
            ("010", 10),
            ("0o10", 8),
            ("0x10", 16),
            ("1e-3", 0.001),
            ("-.INF", -math.inf),
            ("TRUE", True),
            ("~", None),
            ('"1"', "1"),
            ("<<", "<<"),
            ('"\\ud83d\\ude00"', "\U0001f600"),
            ('"\\ud83d"', "\ud83d"),
        ],
    )
    def test_words(self, word, value):
        assert plan_file.read(f"a: {word}", "plan.yaml")[0] == {"a": value}

    def test_keys_are_texts(self):
        assert plan_file.read("{no: 1, 2024: 2, ~: 3}", "plan.yaml")[0] == {
            "no": 1,
            "2024": 2,
            "~": 3,
        }

    def test_an_alias_repeats_a_part(self):
        text = "steps:\n- {use: a, with: &x {b: 1}}\n- {use: c, with: *x}\n"
        assert [step.with_ for step in steps(text)] == [{"b": 1}, {"b": 1}]

    def test_no_steps_are_legal(self):
        assert steps("steps: []") == []

    def test_a_byte_order_mark_is_skipped(self, tmp_path):
        (tmp_path / "plan.yaml").write_bytes(b"\xef\xbb\xbfseed: 3\n")
        assert plan.load(tmp_path / "plan.yaml").plan.seed == 3


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("", "plan.yaml:1: the plan is empty", id="empty"),
        pytest.param("# only a comment\n", "plan.yaml:1: the plan is empty", id="comment"),
        pytest.param("- a", "plan.yaml:1: must be a mapping, not a list", id="list"),
        pytest.param("seed: 1\nsteps: [", "plan.yaml:2: not YAML", id="unclosed"),
        pytest.param("\tseed: 1", "plan.yaml:1: not YAML", id="tab"),
        pytest.param("a: 1\nb: \x01", "plan.yaml:2: not YAML", id="control character"),
        pytest.param("seed: 1\n---\nseed: 2", "plan.yaml:2: not YAML", id="two documents"),
        pytest.param(
            "seed: 1\nseed: 2",
            "plan.yaml:2: seed: stands here for the second time; first on line 1",
            id="duplicate key",
        ),
        pytest.param(
            "seed: !!python/object:os.system x",
            "plan.yaml:1: seed: tags such as",
            id="tag",
        ),
        pytest.param("steps: !x []", "plan.yaml:1: steps: tags such as", id="tag of a list"),
        pytest.param("? [a]\n: 1", "plan.yaml:1: a key must be a text", id="key"),
        pytest.param("seed: &x [*x]", "plan.yaml:1: an alias to what it stands in", id="cycle"),
        pytest.param("[" * 1000, "plan.yaml:1: the plan is nested too deeply", id="depth"),
        pytest.param("sede: 1", "unknown key 'sede'; did you mean 'seed'?", id="top key"),
        pytest.param(
            "steps:\n- use: a\n  when: {at_leest: 1}",
            "plan.yaml:3: steps.0.when.at_leest: unknown key 'at_leest'; did you mean 'at_least'?",
            id="key of a rule",
        ),
        pytest.param(
            "steps:\n- use: a\n  do: dorp",
            "plan.yaml:3: steps.0.do: must be 'flag' or 'drop', not 'dorp'; did you mean 'drop'?",
            id="choice",
        ),
        pytest.param(
            "steps: [{use: a, unsure: quarantin}]",
            "must be 'keep', 'drop' or 'quarantine', not 'quarantin'; did you mean 'quarantine'?",
            id="one of three choices",
        ),
        pytest.param("steps:", "plan.yaml:1: steps: must be a list, not nothing", id="null"),
        pytest.param("steps: [~]", "steps.0: must be a mapping, not nothing", id="null step"),
        pytest.param("steps: [{do: drop}]", "steps.0: 'use' is missing", id="missing"),
        pytest.param("seed: x", "seed: must be a whole number, not 'x'", id="number"),
        pytest.param(
            "input: {shape: 3}", "input.shape: must be text or a mapping, not 3", id="union"
        ),
        pytest.param(
            "input:\n  shape:\n    prompt: a",
            "plan.yaml:2: input.shape: 'response' is missing",
            id="inside the alternative of a union",
        ),
        pytest.param(
            "input: {shape: mesages}",
            "no shape is called 'mesages'; did you mean 'messages'?",
            id="shape",
        ),
        pytest.param("input: {teacher: a..b}", "'a..b' is no path", id="path"),
        pytest.param("input: {max_unreadable: 2}", "must be less than or equal to 1", id="limit"),
        pytest.param(
            "steps:\n- use: a\n- use: b\n  when: {at_least: 1, at_most: 2}",
            "plan.yaml:4: steps.1.when: a rule is exactly one of at_least, at_most, outside",
            id="two rules",
        ),
        pytest.param(
            "steps: [{use: a, max_errors: 2}]",
            "steps.0: max_errors needs on_error: quarantine",
            id="budget without a policy",
        ),
        pytest.param("version: 2", "version: must be 1, not 2", id="version"),
    ],
)
def test_a_mistake_is_told_with_its_line(text, told):
    (problem,) = problems(text)
    assert problem.startswith("plan.yaml:")
    assert told in problem


def test_all_mistakes_are_told_at_once_in_the_order_of_the_text():
    text = (
        "sede: 1\n"
        "input:\n"
        "  teachr: a\n"
        "steps:\n"
        "- use: a\n"
        "  use: b\n"
        "  wen: {at_least: 1}\n"
        "- do: dorp\n"
    )
    assert [line.split(": ")[0] for line in problems(text)] == [
        "plan.yaml:1",
        "plan.yaml:3",
        "plan.yaml:6",
        "plan.yaml:7",
        "plan.yaml:8",
        "plan.yaml:8",
    ]


def test_aliases_cannot_fill_the_memory():
    layers = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    (problem,) = problems("\n".join(["a0: &a0 [x]", *layers]))
    assert "more than 200,000 parts" in problem


def test_a_json_plan_has_lines_too():
    (problem,) = problems('{"seed": 1,\n\t"steps": 5}', "plan.json")
    assert problem == "plan.json:2: steps: must be a list, not 5"


class TestFiles:
    def test_missing(self, tmp_path):
        with pytest.raises(PlanError, match=r"no\.yaml: the plan cannot be read: No such file"):
            plan.load(tmp_path / "no.yaml")

    def test_folder(self, tmp_path):
        with pytest.raises(PlanError, match="Is a directory"):
            plan.load(tmp_path)

    def test_not_utf8(self, tmp_path):
        (tmp_path / "plan.yaml").write_bytes(b"seed: 1\nsteps: \xff")
        with pytest.raises(PlanError, match=r"plan\.yaml:2: the plan is not UTF-8"):
            plan.load(tmp_path / "plan.yaml")
