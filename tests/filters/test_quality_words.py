import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.filters.quality import words
from curate.filters.quality.words import english, whitespace
from quality_texts import texts

CASES = [
    ("plain words here", ["plain", "words", "here"]),
    ("Stop. Go!", ["Stop", ".", "Go", "!"]),
    ("(yes), “no”", ["(", "yes", ")", ",", "“", "no", "”"]),
    ("isn't it's we'll I'd", ["is", "n't", "it", "'s", "we", "'ll", "I", "'d"]),
    ("isn’t", ["is", "n’t"]),
    ("wait... so…what", ["wait", "...", "so", "…", "what"]),
    ("well-known 3-4 x-1", ["well", "-", "known", "3", "-", "4", "x-1"]),
    ("3.5 1,000 50% $5", ["3.5", "1,000", "50", "%", "$", "5"]),
    ("a,b either/or key:value", ["a", ",", "b", "either", "/", "or", "key", ":", "value"]),
    ("U.S. e.g. Dr. vs. no.", ["U.S.", "e.g.", "Dr.", "vs.", "no", "."]),
    ("see https://example.org/a?b=1.", ["see", "https://example.org/a?b=1", "."]),
    ("me@example.org, example.org/x", ["me@example.org", ",", "example.org/x"]),
    ("end.Start snake_case **bold**", ["end", ".", "Start", "snake_case", *"**", "bold", *"**"]),
    ("### -item f(x)", [*"###", "-item", "f(x", ")"]),
    ("ok\U0001f600 \u00a9 +1 1+", ["ok", "\U0001f600", "\u00a9", "+1", "1", "+"]),
    ("", []),
    (" \n\t", []),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_english_sets_punctuation_apart(text: str, expected: list[str]) -> None:
    assert english()(text) == expected


@given(texts)
def test_english_loses_no_character(text: str) -> None:
    cut = english()(text)
    assert "".join(cut) == "".join(text.split())
    assert all(cut)


@given(st.from_regex(r"[A-Za-z0-9]{1,6}[,;:!?.]", fullmatch=True))
def test_the_short_cut_cuts_as_the_patterns_do(piece: str) -> None:
    assert english()("(" + piece) == ["(", *english()(piece)]


def test_what_is_remembered_is_bounded_and_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "_REMEMBERED", 3)
    split, text = english(), " ".join(f"({n})." for n in range(10))
    once = split(text)
    assert split(text) == once == [token for n in range(10) for token in ("(", str(n), ")", ".")]


def test_a_very_long_piece_is_cut_at_every_mark() -> None:
    assert english()("ab-" * 100) == ["ab", "-"] * 100


def test_whitespace_splits_nowhere_else() -> None:
    assert whitespace(" a,b\n(c) ") == ["a,b", "(c)"]
