"""Tokens know their characters, in texts of any length and of any script."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tiny_encoder
from curate.filters.encoders import tokens
from curate.filters.encoders.tokens import stretches, tokenise

BERT = tiny_encoder._tokenizer("bert", 32)
ROBERTA = tiny_encoder._tokenizer("roberta", 32)
TEXTS = st.lists(
    st.one_of(
        st.text(max_size=60),
        st.lists(st.sampled_from([*tiny_encoder.WORDS, "👩‍👧", "𝄞", "é"]), max_size=40).map(
            " ".join
        ),
    ),
    max_size=8,
)


@settings(deadline=None)  # loading the tokeniser is part of the first
@given(TEXTS)
@pytest.mark.parametrize("fast", [BERT, ROBERTA], ids=["bert", "roberta"])
def test_tokens_are_those_of_the_tokeniser_itself(fast: Any, texts: list[str]) -> None:
    made = tokenise(fast, texts)
    expected = [fast(text, add_special_tokens=False, verbose=False).input_ids for text in texts]
    assert [list(each.ids) for each in made] == expected


@settings(deadline=None)  # loading the tokeniser is part of the first
@given(TEXTS)
@pytest.mark.parametrize("fast", [BERT, ROBERTA], ids=["bert", "roberta"])
def test_characters_lie_in_the_text_and_in_order(fast: Any, texts: list[str]) -> None:
    for text, each in zip(texts, tokenise(fast, texts), strict=True):
        assert len(each.ids) == len(each.starts) == len(each.ends)
        pairs = zip(each.starts, each.ends, strict=True)
        assert all(0 <= start <= end <= len(text) for start, end in pairs)
        assert list(each.starts) == sorted(each.starts)


def test_a_word_behind_characters_of_two_units_is_where_it_is() -> None:
    text = "👩‍👧 𝄞𝄞 the awful river"
    (each,) = tokenise(BERT, [text])
    words = [text[start:end] for start, end in zip(each.starts, each.ends, strict=True)]
    assert words[-3:] == ["the", "awful", "river"]


def test_half_a_surrogate_pair_is_read_and_counted_as_one_character() -> None:
    (each,) = tokenise(ROBERTA, ["\ud83d the"])
    assert (each.starts[0], each.ends[-1]) == (0, 5)


@given(st.text("ab \n", max_size=300), st.integers(2, 50))
def test_stretches_cover_a_text(text: str, size: int) -> None:
    made = list(stretches(text, size))
    assert "".join(text[start:end] for start, end in made) == text
    assert all(end - start <= size for start, end in made)
    assert all(start < end for start, end in made) or text == ""


@pytest.mark.parametrize("fast", [BERT, ROBERTA], ids=["bert", "roberta"])
def test_a_long_text_read_in_stretches_has_the_same_tokens(
    fast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = " ".join(tiny_encoder.WORDS[:16] * 20)
    (whole,) = tokenise(fast, [text])
    monkeypatch.setattr(tokens, "STRETCH", 37)
    monkeypatch.setattr(tokens, "_TOGETHER", 3)
    assert tokenise(fast, [text, "", text]) == [whole, tokenise(fast, [""])[0], whole]
