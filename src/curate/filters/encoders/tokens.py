"""Texts as tokens, each with the characters it stands for."""

import re
from array import array
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

STRETCH = 20_000
"""Characters read at once: a tokeniser keeps about 100 bytes for a token while it reads."""
_TOGETHER = 64
"""Stretches in one call."""
_SURROGATE = re.compile("[\ud800-\udfff]")


class Tokens(NamedTuple):
    """The tokens of one text and their characters, `starts` to `ends` (half open)."""

    ids: "array[int]"
    starts: "array[int]"
    ends: "array[int]"


def tokenise(tokenizer: Any, texts: Sequence[str]) -> list[Tokens]:
    """Return the tokens of each text without special ones, uncut.

    A very long text is read in stretches that end before a blank, where no tokeniser joins words.
    Half a surrogate pair is read as U+FFFD.

    Args:
        tokenizer: A fast tokeniser of transformers, with neither truncation nor padding set.
        texts: What to read.
    """
    found = [Tokens(array("q"), array("q"), array("q")) for _ in texts]
    pieces = (
        (tokens, start, _SURROGATE.sub("\ufffd", text[start:end]))
        for tokens, text in zip(found, texts, strict=True)
        for start, end in stretches(text, STRETCH)
    )
    while group := list(islice(pieces, _TOGETHER)):
        encoded = tokenizer.backend_tokenizer.encode_batch(
            [piece for *_, piece in group], add_special_tokens=False
        )
        for (tokens, at, _), encoding in zip(group, encoded, strict=True):
            tokens.ids.extend(encoding.ids)
            tokens.starts.extend(at + start for start, _ in encoding.offsets)
            tokens.ends.extend(at + end for _, end in encoding.offsets)
    return found


def stretches(text: str, size: int) -> Iterator[tuple[int, int]]:
    """Yield start and end of each stretch: at most `size` characters, the last before a blank."""
    start = 0
    while len(text) - start > size:
        blank = text.rfind(" ", start + 1, start + size)
        end = start + size if blank < 0 else blank
        yield start, end
        start = end
    yield start, len(text)
