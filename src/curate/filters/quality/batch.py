"""Measure many ASCII texts at once with numpy.

It only fills in attributes of `Text` that would otherwise be worked out word by word: exact counts,
and bounds for the rest. What a rule needs beyond them is computed one text at a time, so verdicts
are the same with and without numpy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from curate.filters.quality.text import Text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

Measurer = Callable[[Iterator[Text]], Iterator[Text]]
"""Passes texts on, measured, where words are what stands between white space."""

_TOGETHER = 128
"""Texts measured at once: enough to pay, few enough to stay in the processor's cache."""

_WORD_BY_WORD = frozenset(
    ["non_symbol_words", "mean_non_symbol_word_length"]
    + [f"duplicate_{n}_gram_char_fraction" for n in range(5, 11)]
)
"""Metrics that look at every word anyway."""

_SPACE = b"\t\n\v\f\r\x1c\x1d\x1e\x1f "
"""Where `str.split` splits ASCII."""
_LETTERS = bytes(range(65, 91)) + bytes(range(97, 123))
_MAX_CHARS = (1 << 16) - 1
"""Longer texts are left alone; the length of a pair of words fits into 16 bits."""
_MIX = 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F
"""Odd multipliers that spread bits: the golden ratio, a prime of xxHash."""


class _Words(NamedTuple):
    """The words of several texts, in order."""

    data: bytes
    """All texts, eight blanks before them and after them."""
    starts: Ints
    ends: Ints
    lengths: Ints
    first: Ints
    """Position of each text's first word."""


def vector_measurer(metrics: Iterable[str]) -> Measurer | None:
    """Return a measurer, or None where numpy is missing or `metrics` would gain nothing."""
    if not _WORD_BY_WORD.isdisjoint(metrics):
        return None
    try:
        import numpy as np  # noqa: F401
    except ImportError:
        return None
    return _measured


def _measured(texts: Iterator[Text]) -> Iterator[Text]:
    while part := list(islice(texts, _TOGETHER)):
        _measure(part)
        yield from part


def _measure(texts: list[Text]) -> None:
    import numpy as np

    texts = [text for text in texts if _fits(text)]
    if not texts:
        return
    words = _find_words([text.text for text in texts])
    counts = np.diff(words.first, append=len(words.starts))
    chars = np.add.reduceat(words.lengths, words.first)
    letter = np.isin(np.arange(256), list(_LETTERS))
    lettered = letter[np.frombuffer(words.data, np.uint8)[words.starts]]
    alpha = np.add.reduceat(lettered, words.first, dtype=np.int64)
    mass, most = _pair_peaks(words, counts)
    columns = [column.tolist() for column in (counts, chars, alpha, mass, most)]
    for text, word_count, word_chars, alpha_words, pair, times in zip(texts, *columns, strict=True):
        text.word_count, text.word_chars = word_count, word_chars
        text.sure_alpha_words = alpha_words
        # two pairs, as frequent at least, and perhaps a blank make up a 3-gram or a 4-gram
        text.gram_peaks = pair, 2 * pair + times, 2 * pair + times


def _fits(text: Text) -> bool:
    return text.text.isascii() and 0 < text.chars <= _MAX_CHARS and not text.text.isspace()


def _find_words(texts: list[str]) -> _Words:
    import numpy as np

    data = " ".join(["       ", *texts, "       "]).encode("ascii")
    space = np.isin(np.arange(256), list(_SPACE))[np.frombuffer(data, np.uint8)]
    edges = np.flatnonzero(space[1:] != space[:-1]) + 1
    starts, ends = edges[0::2], edges[1::2]
    begins = 8 + np.cumsum([0, *(len(text) + 1 for text in texts[:-1])])
    return _Words(data, starts, ends, ends - starts, np.searchsorted(starts, begins))


def _pair_peaks(words: _Words, counts: Ints) -> tuple[Ints, Ints]:
    """Return, for each text, the most characters times occurrences and most occurrences of a pair.

    Pairs of neighbouring words are told apart by text, length and a 32-bit hash; where hashes
    collide the numbers can only grow.
    """
    import numpy as np

    hashes = _hash(words)
    pairs = hashes * np.uint64(_MIX[0])
    pairs[:-1] += hashes[1:]
    lengths = words.lengths.copy()
    lengths[:-1] += words.lengths[1:] + 1
    lengths[words.first[1:] - 1] = lengths[-1] = 0  # the last word of a text begins no pair
    keys = pairs * np.uint64(_MIX[1]) >> np.uint64(32) << np.uint64(16)
    keys |= lengths.astype(np.uint64)
    keys |= np.repeat(np.arange(len(counts), dtype=np.uint64) << np.uint64(48), counts)
    keys.sort()
    heads = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    times = np.diff(heads, append=len(keys))
    first = np.searchsorted(heads, words.first)
    mass = times * (keys[heads] & np.uint64(0xFFFF)).astype(np.int64)
    return np.maximum.reduceat(mass, first), np.maximum.reduceat(times, first)


def _hash(words: _Words) -> NDArray[np.uint64]:
    """Return a number for each word: from its last eight characters, its first eight if longer."""
    import numpy as np

    eight = np.ndarray(len(words.data) - 7, "<u8", words.data, strides=(1,))
    hashes = eight[words.ends - 8]
    hashes >>= (np.clip(8 - words.lengths, 0, 8) * 8).astype(np.uint64)
    long = np.flatnonzero(words.lengths > 8)
    hashes[long] ^= eight[words.starts[long]] * np.uint64(_MIX[1])
    return hashes
