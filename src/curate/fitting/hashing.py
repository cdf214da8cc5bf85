"""The buckets of many texts at once, with numpy: the same as `curate.fitting.ngrams` gives.

The hash of a stretch is the difference of two running sums, so n-grams of any length cost the
same. Texts are joined by NULs, over which no n-gram reaches, and hashed in chunks that stay in
the processor's cache.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from curate.fitting.ngrams import INVERSE, MARKS, MIX, MULTIPLIER, WORDS, Scheme

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Hashes = NDArray[np.uint64]

CHUNK = 1 << 14
"""Characters hashed at once; a longer text is a chunk of its own."""
_HOLE = (1 << 32) - 1


class Rows(NamedTuple):
    """The distinct buckets of several texts: text n has `buckets[bounds[n]:bounds[n + 1]]`."""

    bounds: Ints
    buckets: NDArray[np.int32]


class Stretches(NamedTuple):
    """All n-grams of one kind, in the order of the text.

    `starts` and `ends` index the text; `holes` are the positions, among the n-grams, of those
    that would reach over a NUL.
    """

    starts: slice | Ints
    ends: slice | Ints
    buckets: Hashes
    holes: Ints


def rows(texts: Sequence[str], scheme: Scheme) -> Iterator[Rows]:
    """Yield the distinct buckets of folded texts, in order, some texts at a time."""
    for chunk in chunks(texts, scheme.bits):
        yield _rows(chunk, scheme)


def stretches(text: str, scheme: Scheme) -> Iterator[Stretches]:
    """Yield the n-grams of a folded text, kind by kind."""
    import numpy as np

    codes = _codes(text)
    count = len(codes)
    powers, scales = _powers(1 << count.bit_length())
    sums = np.zeros(count + 1, np.uint64)
    np.cumsum((codes + np.uint64(1)) * scales[:count], out=sums[1:])
    breaks = np.flatnonzero(codes == 0)

    def stretch(kind: int, starts: slice | Ints, ends: slice | Ints, holes: Ints) -> Stretches:
        hashes = (sums[ends] - sums[starts]) * powers[ends]
        return Stretches(starts, ends, _mix(hashes, kind, scheme.bits), holes)

    for size in scheme.chars:
        last = max(count - size + 1, 0)
        holes = (breaks - np.arange(size)[:, None]).ravel()
        holes = holes[(holes >= 0) & (holes < last)]
        yield stretch(size, slice(0, last), slice(size, last + size), holes)
    first, end = _words(codes)
    for size in scheme.words:
        starts, ends = first[: max(len(first) - size + 1, 0)], end[size - 1 :]
        over = np.searchsorted(breaks, starts) != np.searchsorted(breaks, ends)
        yield stretch(WORDS + size, starts, ends, np.flatnonzero(over))


def words(text: str) -> tuple[Ints, Ints]:
    """Return where the words of a folded text start and where they end."""
    return _words(_codes(text))


def chunks(texts: Sequence[str], bits: int) -> Iterator[Sequence[str]]:
    """Yield runs of texts that are worked on together."""
    most = (1 << (32 - bits)) - 1  # a text's position and its bucket share 32 bits
    first = size = 0
    for number, text in enumerate(texts):
        if number > first and (size + len(text) > CHUNK or number - first == most):
            yield texts[first:number]
            first, size = number, 0
        size += len(text)
    if first < len(texts):
        yield texts[first:]


def _codes(text: str) -> NDArray[np.uint32]:
    import numpy as np

    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _rows(texts: Sequence[str], scheme: Scheme) -> Rows:
    import numpy as np

    lengths = np.fromiter(map(len, texts), np.int64, len(texts)) + 1
    places = np.arange(len(texts) + 1, dtype=np.uint32) << np.uint32(scheme.bits)
    owners = np.repeat(places[:-1], lengths)
    parts = []
    for each in stretches("\0".join(texts), scheme):
        keys = owners[each.starts] | each.buckets.astype(np.uint32)
        keys[each.holes] = _HOLE
        parts.append(keys)
    keys = np.concatenate(parts)
    keys.sort()
    keys = keys[: np.searchsorted(keys, np.uint32(_HOLE))]
    keys = keys[np.diff(keys, prepend=np.uint32(_HOLE)) != 0]
    buckets = (keys & np.uint32((1 << scheme.bits) - 1)).view(np.int32)
    return Rows(np.searchsorted(keys, places), buckets)


def _mix(hashes: Hashes, kind: int, bits: int) -> Hashes:
    """Return the buckets of raw hashes, in their place."""
    import numpy as np

    hashes ^= np.uint64(kind * MIX & (1 << 64) - 1)
    hashes ^= hashes >> np.uint64(32)
    hashes *= np.uint64(MIX)
    hashes >>= np.uint64(64 - bits)
    return hashes


def _words(codes: NDArray[np.uint32]) -> tuple[Ints, Ints]:
    """Return where words begin and end."""
    import numpy as np

    kinds = _kinds()[np.minimum(codes, 128)]
    letter, mark = kinds == _LETTER, kinds == _MARK
    starts, ends = letter.copy(), letter.copy()
    starts[1:] &= ~letter[:-1]
    ends[:-1] &= ~letter[1:]
    return np.flatnonzero(starts | mark), np.flatnonzero(ends | mark) + 1


_BLANK, _MARK, _LETTER = range(3)


@cache
def _kinds() -> NDArray[np.uint8]:
    """Return what each ASCII character is to a word; the last entry stands for all others."""
    import re

    import numpy as np

    kinds = [
        _BLANK if code <= 32 else _MARK if re.match(f"[{MARKS}]", chr(code)) else _LETTER
        for code in range(129)
    ]
    return np.array(kinds, np.uint8)


@cache
def _powers(count: int) -> tuple[Hashes, Hashes]:
    """Return the powers of the multiplier and of its inverse, from 0 to `count`."""
    import numpy as np

    powers, scales = np.ones((2, count + 1), np.uint64)
    powers[1:], scales[1:] = MULTIPLIER, INVERSE
    return np.cumprod(powers), np.cumprod(scales)
