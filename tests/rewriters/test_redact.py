"""Spans are replaced, and no other character is."""

import json
import re
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from curate.api import Context, GaveUp, Hit, Record, Replacement, Verdict
from curate.filters.regex import Regex
from curate.io import fields, shapes
from curate.rewriters.redact import Redact
from curate.testing import check_rewriter, make_records

VIEW = fields.view(shapes.get("messages"))
SPANS_LISTED = 20
"""By `regex`, of one record."""


def record(*texts: str) -> Record:
    """A record whose turns, user and assistant in turn, say these."""
    roles = ("user", "assistant")
    messages = [{"role": roles[n % 2], "content": text} for n, text in enumerate(texts)]
    return Record(json.dumps({"messages": messages}).encode(), 1, "rows.jsonl", VIEW)


def redact(
    of: Record, spans: Any, attempt: int = 0, template: str = "[{label}]"
) -> Replacement | GaveUp:
    hit = Hit(of, Verdict(1.0, "found", {"spans": spans}), attempt)
    with Redact(template=template).open(Context()) as rewrite:
        (answer,) = rewrite([hit])
    return answer


def redacted(text: str, *spans: tuple[int, int, str], template: str = "[{label}]") -> str:
    answer = redact(record("Go on.", text), [[1, *span] for span in spans], template=template)
    assert isinstance(answer, Replacement)
    return answer.turns[1]


def test_a_span_gives_way_to_its_label() -> None:
    assert redacted("Ask jo@x.org.", (4, 12, "email")) == "Ask [email]."


@pytest.mark.parametrize(
    ("spans", "text"),
    [
        ([(0, 2, "a"), (4, 6, "b")], "[a]cd[b]gh"),
        ([(4, 6, "z"), (0, 2, "y")], "[y]cd[z]gh"),
        ([(0, 3, "x"), (2, 5, "y")], "[x, y]fgh"),
        ([(0, 3, "x"), (3, 5, "y")], "[x, y]fgh"),
        ([(0, 3, "x"), (2, 5, "x")], "[x]fgh"),
        ([(0, 8, "x"), (2, 4, "y")], "[x, y]"),
        ([(1, 2, "x"), (4, 4, "y")], "a[x]cdefgh"),
    ],
    ids=["two", "in any order", "overlapping", "touching", "same label", "nested", "one is empty"],
)
def test_several_spans(spans: list[tuple[int, int, str]], text: str) -> None:
    assert redacted("abcdefgh", *spans) == text


@pytest.mark.parametrize(
    ("template", "text"),
    [("***", "a***d"), ("", "ad"), ("<{label}: {label}>", "a<it: it>d")],
    ids=["fixed", "empty", "label twice"],
)
def test_the_template_is_the_users(template: str, text: str) -> None:
    assert redacted("abcd", (1, 3, "it"), template=template) == text


@pytest.mark.parametrize(
    "template", ["{", "}", "{}", "{0}", "{other}", "{label!r}", "{label.upper}", "{{label}}"]
)
def test_a_template_knows_only_the_label(template: str) -> None:
    with pytest.raises(ValidationError, match=r"with \{label\} in it, and no other braces"):
        Redact(template=template)


def test_a_label_is_text_and_no_template() -> None:
    assert redacted("abcd", (1, 3, "{label}{0}")) == "a[{label}{0}]d"


@pytest.mark.parametrize("label", ["Jane", "jane doe", "the JANE"])
def test_a_label_that_repeats_the_text_does_not_take_its_place(label: str) -> None:
    answer = redact(record("", "I am Jane."), [[1, 5, 9, label]])
    assert answer == Replacement(
        {1: "I am [redacted]."},
        evidence={"redacted": 1, "labels": {"redacted": 1}},
        gone=("Jane",),
    )


def test_turns_are_redacted_each_by_its_own_spans_and_the_teacher_stays() -> None:
    of = record("I am Jo.", "Hi Jo!", "Call 123.", "I call 123 and 456.")
    spans = [[3, 7, 10, "phone"], [0, 5, 7, "name"], [3, 15, 18, "phone"]]
    assert redact(of, spans) == Replacement(
        {0: "I am [name].", 3: "I call [phone] and [phone]."},
        teacher=None,
        evidence={"redacted": 3, "labels": {"name": 1, "phone": 2}},
        gone=("123", "456", "Jo"),
    )


@pytest.mark.parametrize("spans", [[], (), [[1, 2, 2, "x"]]], ids=["none", "tuple", "empty one"])
def test_nothing_to_replace(spans: Any) -> None:
    assert redact(record("", "text"), spans) == GaveUp("no_spans")


def test_a_verdict_without_evidence() -> None:
    with Redact().open(Context()) as rewrite:
        assert rewrite([Hit(record("", "text"), Verdict(1.0))]) == [GaveUp("no_spans")]


@pytest.mark.parametrize(
    "span",
    [[2, 0, 1, "x"], [-1, 0, 1, "x"], [1, -1, 1, "x"], [1, 2, 1, "x"], [1, 0, 5, "x"], [1, 0, 1],
     [1, 0, 1, None], ["1", 0, 1, "x"], "1012", 3],
    ids=repr,
)  # fmt: skip
def test_spans_that_do_not_fit_are_not_half_obeyed(span: Any) -> None:
    assert redact(record("", "text"), [[1, 0, 2, "good"], span]) == GaveUp("bad_spans")
    assert redact(record("", "text"), span) == GaveUp("bad_spans")


def test_it_keeps_every_promise_of_a_rewriter() -> None:
    check_rewriter(Redact())
    check_rewriter(Redact(template=""))


@st.composite
def texts_and_spans(draw: st.DrawFn) -> tuple[str, list[list[Any]]]:
    text = draw(st.text(max_size=40))
    place = st.integers(0, len(text))
    pairs = draw(st.lists(st.tuples(place, place), max_size=8))
    return text, [[1, min(pair), max(pair), "what it is"] for pair in pairs]


@given(texts_and_spans())
def test_every_character_outside_of_spans_stays_and_none_inside(
    drawn: tuple[str, list[list[Any]]],
) -> None:
    text, spans = drawn
    inside = [any(start <= n < end for _, start, end, _ in spans) for n in range(len(text))]
    pieces = [
        "\N{FULL BLOCK}" if hidden else "".join(text[n] for n in places)
        for hidden, places in groupby(range(len(text)), key=inside.__getitem__)
    ]
    answer = redact(record("Go on.", text), spans, template="\N{FULL BLOCK}")
    if any(inside):
        assert isinstance(answer, Replacement)
        assert answer.turns == {1: "".join(pieces)}
    else:
        assert answer == GaveUp("no_spans")


def again_and_again(filter: Regex, of: Record) -> tuple[str, int]:
    """Judge and redact as a run does: each attempt goes on where the last one ended."""
    attempts = 0
    with filter.open(Context()) as judge, Redact().open(Context()) as rewrite:
        while (verdict := judge([of])[0]).score:
            (answer,) = rewrite([Hit(of, verdict, attempts)])
            assert isinstance(answer, Replacement)
            of = record(*(answer.turns.get(n, turn.text) for n, turn in enumerate(of.turns)))
            attempts += 1
    return of.response, attempts


@given(st.lists(st.text("x9 \n", min_size=1, max_size=4), max_size=60).map("-".join))
def test_nothing_that_matches_is_left(text: str) -> None:
    left, attempts = again_and_again(Regex(patterns={"number": "9+"}), record("Count.", text))
    numbers = re.findall("9+", text)
    assert left == re.sub("9+", "[number]", text)
    assert attempts == -(-len(numbers) // SPANS_LISTED)


def test_a_filter_that_lists_only_some_of_its_matches_needs_an_attempt_for_each_list() -> None:
    left, attempts = again_and_again(
        Regex(pack="pii"), record("Who?", " ".join(f"user{n}@post-{n}.net" for n in range(50)))
    )
    assert "@" not in left
    assert attempts == 3


def test_personal_data_of_real_texts(data_dir: Path) -> None:
    """After redacting, the filter finds nothing, and the evidence quotes nothing."""
    files = sorted((data_dir / "presidio_research").rglob("*.json"))
    texts = {text for file in files for text in _texts(json.loads(file.read_text("utf-8")))}
    records = make_records(sorted(texts))
    assert len(records) > 500
    filter = Regex(pack="pii", scope="response")
    with filter.open(Context()) as judge, Redact().open(Context()) as rewrite:
        hits = [Hit(r, v) for r, v in zip(records, judge(records), strict=True) if v.score]
        answers = rewrite(hits)
        assert len(hits) > 50
        new = [answer.turns[1] for answer in answers if isinstance(answer, Replacement)]
        assert len(new) == len(hits)
        assert [verdict.score for verdict in judge(make_records(new))] == [0.0] * len(hits)
    for hit, answer in zip(hits, answers, strict=True):
        told = json.dumps(answer.evidence)
        for _, start, end, _ in hit.verdict.evidence["spans"]:
            assert hit.record.response[start:end] not in told


def _texts(value: Any) -> list[str]:
    rows = value if isinstance(value, list) else []
    return [row["full_text"] for row in rows if isinstance(row, dict) and "full_text" in row]
