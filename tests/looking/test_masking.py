"""What a step marked as sensitive is not in what is shown."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.ledger import Look
from curate.looking.masking import DOT, Mask, mask
from curate.records import Turn

KEY = "sk-aaBBccDD"


def look(*spans: Any, hit: bool = True, **more: Any) -> Look:
    return Look("s", 1.0, hit, "key", {"spans": list(spans), "sensitive": True} | more)


def turns(*texts: str) -> list[Turn]:
    return [Turn("user", text) for text in texts]


@given(st.text(max_size=30))
def test_a_mask_is_as_long_as_the_secret_and_shows_at_most_its_ends(secret: str) -> None:
    masked = mask(secret)
    assert len(masked) == len(secret)
    assert set(masked[1:-1]) <= {DOT}
    if len(secret) < 8:
        assert set(masked) <= {DOT}


@given(
    st.text(st.sampled_from("abc "), min_size=1, max_size=40),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=5),
)
def test_no_marked_character_but_an_end_is_shown(text: str, pairs: list[tuple[int, int]]) -> None:
    spans = [[0, min(pair), min(max(pair), len(text)), "x"] for pair in pairs]
    spans = [span for span in spans if span[1] <= span[2]]
    shown = Mask([look(*spans)], turns(text)).turn(0, text)
    assert len(shown) == len(text)
    marked = {n for _, start, end, _ in spans for n in range(start, end)}
    ends = {n for n in marked if n - 1 not in marked or n + 1 not in marked}
    assert all(shown[n] == DOT for n in marked - ends)


def test_text_around_a_secret_is_shown() -> None:
    text = f"use {KEY} now"
    assert Mask([look([0, 4, 15, "key"])], turns(text)).turn(0, text) == "use s•••••••••D now"


def test_a_secret_is_hidden_wherever_it_is_repeated() -> None:
    texts = (f"use {KEY}", f"I used {KEY}. Yes, {KEY}")
    masked = Mask([look([0, 4, 15, "key"])], turns(*texts))
    assert KEY not in masked.turn(1, texts[1])
    assert masked.value({"raw": [f"it says {KEY}", 3]}) == {"raw": ["it says s•••••••••D", 3]}


def test_short_secrets_are_not_hunted_for_everywhere() -> None:
    masked = Mask([look([0, 0, 2, "pin"])], turns("12 and 12"))
    assert masked.turn(0, "12 and 12") == "•• and 12"


def test_spans_that_touch_show_no_ends_inside() -> None:
    text = "aaaaaaaabbbbbbbb"
    masked = Mask([look([0, 0, 8]), look([0, 8, 16])], turns(text))
    assert masked.turn(0, text) == "a" + DOT * 14 + "b"


@pytest.mark.parametrize(
    ("found", "withholds"),
    [
        (look([0, 0, 5]), False),
        (look([0, 0, 5], matches=1), False),
        (look([0, 0, 5], matches=2), True),
        (look(), True),
        (look(hit=False), False),
        (look([0, 0, 500]), True),
        (look([7, 0, 5]), True),
        (look([0, 5, 2]), True),
        (look("nonsense"), True),
        (look([0, 0, 5], matches="many"), True),
        (Look("s", 1.0, True, "r", {"spans": []}), False),
    ],
    ids=[
        "all listed",
        "as many as it says",
        "more than it lists",
        "a hit without spans",
        "no hit",
        "beyond the text",
        "beyond the turns",
        "backwards",
        "no span",
        "no number",
        "not sensitive",
    ],
)
def test_text_is_withheld_where_spans_do_not_tell_all(found: Look, withholds: bool) -> None:
    assert Mask([found], turns("hello world")).withholds is withholds
