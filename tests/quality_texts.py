"""Texts that provoke the quality rules: repeated blocks, odd white space, symbols, scripts."""

from hypothesis import strategies as st

WORDS = [
    "a",
    "the",
    "of",
    "to",
    "be",
    "and",
    "word",
    "Word,",
    "interoperability",
    "interoperable...",
    "x1",
    "12",
    "#",
    "...",
    "\u2026",
    "&&",
    "-",
    "don't",
    "(see",
    "end.",
    "na\u00efve",
    "\u0434\u043e\u043c",
    "\u8a9e\u8a00",
    "\U0001f600",
    "\ud800",
    "x" * 70,
]
GAPS = [" ", " ", " ", "  ", "\n", "\n", "\n\n", "\n\n\n", "\t", "\r\n", "\r\n\r\n", "\x1c", "\xa0"]

_words = st.lists(st.sampled_from(WORDS), max_size=12)
_gaps = st.lists(st.sampled_from(GAPS), min_size=1, max_size=4)


@st.composite
def repetitive(draw: st.DrawFn) -> str:
    """Draw a text of a few blocks of words, each repeated, between gaps of all kinds."""
    words: list[str] = []
    for block in draw(st.lists(_words, max_size=4)):
        words += block * draw(st.integers(1, 6) | st.integers(20, 40))
    gaps = draw(_gaps)
    body = "".join(word + gaps[n % len(gaps)] for n, word in enumerate(words))
    return draw(st.sampled_from(["", " ", "\n"])) + body


texts = repetitive() | st.text(max_size=80) | st.text("ab .\n", max_size=200)
"""Any text, mostly one a quality rule has something to say about."""

ascii_texts = texts.filter(str.isascii)
