"""Labelled cases: read with their mistakes named, halved by their text, compared with verdicts."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.errors import InputError
from curate.traits.cases import Case, compare, read


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", r":2: not JSON"),
        ('{"text": "a"}', r":2: a case is"),
        ('{"text": "a", "label": "yes"}', r":2: a case is"),
        ("[1]", r":2: a case is"),
    ],
    ids=["not JSON", "no label", "a word", "a list"],
)
def test_a_broken_line_is_named(tmp_path: Path, line: str, told: str):
    file = tmp_path / "cases.jsonl"
    file.write_text('{"text": "fine", "label": 1}\n' + line + "\n")
    with pytest.raises(InputError, match=told):
        read(file)


@pytest.mark.parametrize("content", [None, b"\n\n", b"\xff"], ids=["missing", "blank", "no UTF-8"])
def test_no_cases(tmp_path: Path, content: bytes | None):
    file = tmp_path / "cases.jsonl"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(InputError):
        read(file)


def test_what_a_case_says(tmp_path: Path):
    file = tmp_path / "cases.jsonl"
    file.write_text('{"text": "No.", "label": 0, "prompt": "Why?", "kind": "plain"}\n')
    (case,) = read(file)
    assert (case.text, case.label, case.prompt, case.kind) == ("No.", False, "Why?", "plain")
    assert case.place == f"{file}:1"
    assert [turn.text for turn in case.record().turns] == ["Why?", "No."]


def test_cases_can_be_set_apart(tmp_path: Path):
    file = tmp_path / "cases.jsonl"
    file.write_text("".join(f'{{"text": "{n}", "label": 1, "held_out": true}}\n' for n in range(9)))
    assert all(case.held_out for case in read(file))


@given(st.text())
def test_the_text_alone_decides_the_half(text: str):
    assert Case(text, label=True).held_out is Case(text, label=False, kind="other").held_out


def test_about_half_is_held_out():
    held = sum(Case(f"case {n}", label=True).held_out for n in range(1000))
    assert 450 < held < 550


def test_comparing():
    labels = [True, True, True, False, False]
    cases = [Case(str(n), label) for n, label in enumerate(labels)]
    found = compare(cases, [2.0, None, 3.0, 1.0, 0.0], [True, False, True, True, False])
    assert (found.hits, found.misses, found.false_alarms, found.silent) == (2, 1, 1, 1)
    assert found.unsure == 1
    assert (found.precision.value, found.precision.of) == (pytest.approx(2 / 3, abs=1e-4), 3)
    assert (found.recall.value, found.recall.of) == (pytest.approx(2 / 3, abs=1e-4), 3)
    assert found.false_alarm_rate.value == 0.5
    assert [case.text for case, _ in found.wrong] == ["1", "3"]
