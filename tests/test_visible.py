"""What reaches a terminal is text, never a command."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.visible import escaped, inline, unobeyed, visible

UNSAFE = {"Cc", "Cs", "Zl", "Zp"}


@given(st.text(st.characters()))
def test_no_control_character_or_surrogate_is_left(text: str) -> None:
    left = [char for char in visible(text) if unicodedata.category(char) in UNSAFE]
    assert set(left) <= {"\n", "\t"}
    assert not any(unicodedata.category(char) in UNSAFE for char in inline(text))
    visible(text).encode("utf-8")


@given(st.text(st.characters(categories=["L", "N", "P", "Zs", "Mn"])))
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert visible(text) == inline(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J", "␛[2J"),
        ("a\rb", "a␍b"),
        ("\x7f", "␡"),
        ("\x9b31m", "\\u009b31m"),
        ("\u202egnp", "\\u202egnp"),
        ("\u2066x\u2069", "\\u2066x\\u2069"),
        ("pass\u200bword", "pass\\u200bword"),
        ("\U000e0041", "\\U000e0041"),
        ("\ud83d", "\\ud83d"),
        ("👩\u200d🔬 e\u0301", "👩\u200d🔬 e\u0301"),
        ("two\n\tlines", "two\n\tlines"),
    ],
    ids=ascii,
)
def test_unsafe_characters_are_pictured(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_inline_text_stays_on_its_line() -> None:
    assert inline("a\nb\tc") == "a␊b␉c"


@given(st.binary())
def test_escaped_bytes_are_printable_ascii(raw: bytes) -> None:
    assert all(" " <= char <= "~" for char in escaped(raw))


@given(st.text(st.sampled_from(":#[ \t\n\u00a0\rx")))
def test_nothing_is_left_that_a_runner_obeys(text: str) -> None:
    told = unobeyed(text)
    assert "##[" not in told
    assert not any(line.lstrip().startswith("::") for line in told.splitlines())
    assert told.replace(r"\x3a", ":").replace(r"#\x23", "##") == visible(text)
