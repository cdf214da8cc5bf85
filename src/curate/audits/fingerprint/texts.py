"""What can be taken from a text to see whether its author still shows.

Every change is a function of the text alone, so the same text always becomes the same.
"""

import hashlib
import random
import re
from collections.abc import Callable
from math import log2
from typing import NamedTuple


class Change(NamedTuple):
    """A way to change texts."""

    name: str
    told: str
    """What is left, for a reader."""
    change: Callable[[str], str]


_FENCE = re.compile(r"^[ \t]*(?:```|~~~).*$", re.MULTILINE)
_LINE_MARK = re.compile(
    r"^[ \t]*(?:#{1,6}[ \t]+|>[ \t]?|[-*+•][ \t]+|\d{1,3}[.)][ \t]+|(?:[-*_][ \t]*){3,}$|\|)",
    re.MULTILINE,
)
_LINK = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)")
_TABLE_RULE = re.compile(r"^[ \t]*\|?[ \t:|-]*-{3,}[ \t:|-]*$", re.MULTILINE)
_EMPHASIS = re.compile(r"\*{1,3}|_{2,3}|`+|~~|(?<!\w)_|_(?!\w)|[ \t]*\|[ \t]*$", re.MULTILINE)
_BLANK_LINES = re.compile(r"\s*\n\s*")
_SENTENCE = re.compile(r"\s*(.+?(?:[.!?](?=[\s\"')\]]|$)|$))", re.MULTILINE)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_RUN = re.compile(r"[^\W_](?:[^\W_]|[\s'’])*")
_MARKS = re.compile(r"[^\w\s']|_")


def strip_markdown(text: str) -> str:
    """Return the text without marks of markdown and blank lines; each line keeps its words."""
    for pattern, plain in ((_FENCE, ""), (_TABLE_RULE, ""), (_LINK, r"\1")):
        text = pattern.sub(plain, text)
    while (less := _LINE_MARK.sub("", text)) != text:  # a list in a quotation
        text = less
    return _BLANK_LINES.sub("\n", _EMPHASIS.sub("", text)).strip()


def shuffle_words(text: str) -> str:
    """Return the words in an order drawn by the text itself, one blank between them."""
    words = text.split()
    seed = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    random.Random(seed).shuffle(words)  # noqa: S311  (a draw, not a secret)
    return " ".join(words)


def first_sentence(text: str) -> str:
    """Return what stands before the first full stop or line end."""
    found = _SENTENCE.match(text)
    return found[1] if found else text


def opening(text: str) -> str:
    """Return the first three words."""
    return " ".join(text.split()[:3])


def words_only(text: str) -> str:
    """Return the words in lower case, one blank between them: no marks, no layout, no capitals."""
    return " ".join(_WORD.findall(text)).lower()


def marks_only(text: str) -> str:
    """Return marks and line ends, with one `w` for every run of words."""
    lines = (_MARKS.sub(r" \g<0> ", _RUN.sub(" w ", line)) for line in text.splitlines())
    return "\n".join(" ".join(line.split()) for line in lines)


def length_only(text: str) -> str:
    """Return a made-up word, the same for texts of about this length (a fifth more is another)."""
    return f"l{round(4 * log2(1 + len(text)))}"


ROBUSTNESS = (
    Change("markdown_stripped", "marks of markdown and blank lines removed", strip_markdown),
    Change("words_shuffled", "all words, in random order, no line breaks", shuffle_words),
    Change("first_sentence", "the first sentence only", first_sentence),
)
"""Does the fingerprint survive this?"""

CARRIERS = (
    Change("opening", "the first three words alone", opening),
    Change("words", "words alone: no marks, no layout, no capitals", words_only),
    Change("marks", "punctuation and layout alone, no words", marks_only),
    Change("length", "length alone", length_only),
)
"""How much does this tell by itself?"""
