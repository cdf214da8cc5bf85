"""The n-grams of a text as hashed buckets: the definition, in plain Python.

An n-gram is a stretch of the folded text, tagged with its kind: so many words in a row with what
stands between them, or so many characters in a row. A word is a run of letters, digits and
apostrophes (every character beyond ASCII counts as a letter); any other visible sign is a word of
its own. No n-gram reaches over a NUL. The hash of code points c1…cn of kind k is, modulo 2**64,

    h = sum over i of (ci + 1) * MULTIPLIER ** (n - i + 1)
    h = h xor k * MIX;  h = (h xor h >> 32) * MIX;  the bucket is its first `bits` bits

`curate.fitting.hashing` gives the same buckets with numpy.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Annotated, NamedTuple

from pydantic import Field

VERSION = 1
"""Of this definition; stored with every model, which is refused where it differs."""

MASK = (1 << 64) - 1
MULTIPLIER = 0x9E3779B97F4A7C15
INVERSE = pow(MULTIPLIER, -1, 1 << 64)
MIX = 0xC2B2AE3D27D4EB4F
"""Odd numbers that spread bits: the golden ratio, a prime of xxHash."""
WORDS = 64
"""Kinds of n words count from here on; n characters are kind n."""

MARKS = "!-&(-/:-@[-`{-\x7f"
"""Signs that are words of their own, as in a character class; `'` is part of a word."""
_WORD = re.compile(rf"[{MARKS}]|[^\0-\x20{MARKS}]+")
_PIECE = re.compile(r"[^\0]+")
_TWINS = {"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\xa0": " "}
"""Signs of typography and what they are read as."""


_Size = Annotated[int, Field(ge=1, lt=WORDS)]


class Gram(NamedTuple):
    """One n-gram: its bucket, and where it stands in the text, half open."""

    bucket: int
    start: int
    end: int


@dataclass(frozen=True)
class Scheme:
    """Which n-grams are taken, and into how many buckets (2 ** bits) they are hashed."""

    words: tuple[_Size, ...] = (1, 2)
    chars: tuple[_Size, ...] = (3, 4, 5)
    bits: Annotated[int, Field(ge=8, le=24)] = 20


def fold(text: str) -> str:
    """Return the text in lower case, with plain quotes and dashes, as long as it was."""
    folded = text.lower()
    if len(folded) != len(text):  # a few characters have a longer lower case
        folded = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    if not folded.isascii():
        for sign, plain in _TWINS.items():
            folded = folded.replace(sign, plain)
    return folded


def grams(text: str, scheme: Scheme) -> Iterator[Gram]:
    """Yield every n-gram of a folded text; repeated ones again."""
    powers = list(accumulate(text, lambda power, _: power * MULTIPLIER & MASK, initial=1))
    scales = list(accumulate(text, lambda scale, _: scale * INVERSE & MASK, initial=1))
    terms = ((ord(char) + 1) * scale for char, scale in zip(text, scales[:-1], strict=True))
    sums = list(accumulate(terms, initial=0))
    shift = 64 - scheme.bits
    for kind, start, end in _stretches(text, scheme):
        mixed = (sums[end] - sums[start]) * powers[end] & MASK ^ (kind * MIX & MASK)
        yield Gram(((mixed ^ mixed >> 32) * MIX & MASK) >> shift, start, end)


def words(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each word of a folded text starts and ends, half open."""
    return (word.span() for word in _WORD.finditer(text))


def _stretches(text: str, scheme: Scheme) -> Iterator[tuple[int, int, int]]:
    for piece in _PIECE.finditer(text):
        low, high = piece.span()
        for size in scheme.chars:
            for start in range(low, high - size + 1):
                yield size, start, start + size
        words = [word.span() for word in _WORD.finditer(text, low, high)]
        for size in scheme.words:
            for first, last in zip(words, words[size - 1 :], strict=False):
                yield WORDS + size, first[0], last[1]
