import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.filters.minhash.words import words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  a b\n\tc ", ["a", "b", "c"]),
        ("don't stop.", ["don't", "stop."]),
        ("naïve café\u2003ici", ["naïve", "café", "ici"]),
        ("안녕 세계", ["안녕", "세계"]),
        ("我用GPT-4写", ["我", "用", "GPT-4", "写"]),
        ("今日は。", ["今", "日", "は", "。"]),
        ("カタ ﾃｽﾄ", ["カ", "タ", "ﾃ", "ｽ", "ﾄ"]),
        ("ไทย", ["ไ", "ท", "ย"]),
        ("\U00020000\U00020001", ["\U00020000", "\U00020001"]),
        ("", []),
        (" \n\u3000", []),
    ],
    ids=ascii,
)
def test_what_a_word_is(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@given(st.text())
def test_words_hold_everything_but_white_space(text: str) -> None:
    found = words(text)
    assert "".join(found) == "".join(text.split())
    assert all(found)
