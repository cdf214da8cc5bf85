"""What is noted about a prompt: which n-grams of words it holds, as buckets of 16 bits."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from curate.api import Record, Signer, Verdict
from curate.fitting import hashing
from curate.fitting.extra import need_numpy
from curate.fitting.ngrams import Scheme, fold

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Sketch = NDArray[np.uint16]

SCHEME = Scheme(words=(1, 2), chars=(), bits=16)
CHARACTERS = 4000
"""Of a prompt that are looked at."""
GRAMS = 128
"""N-grams of a prompt that are noted: those with the lowest buckets, the same ones everywhere."""

NO_PROMPT = Verdict(None, "no_prompt")


def sketches(records: Sequence[Record]) -> list[Sketch]:
    """Return the distinct buckets of each record's prompt, ascending; none for an empty prompt."""
    texts = [fold(record.prompt[:CHARACTERS]) for record in records]
    return [
        rows.buckets[low : min(high, low + GRAMS)].astype("<u2")
        for rows in hashing.rows(texts, SCHEME)
        for low, high in zip(rows.bounds[:-1].tolist(), rows.bounds[1:].tolist(), strict=True)
    ]


def noter() -> AbstractContextManager[Signer]:
    """Yield what notes the buckets of a prompt, two bytes each.

    Raises:
        UsageError: numpy is not installed.
    """
    need_numpy("cluster")

    def note(records: Sequence[Record]) -> list[bytes | Verdict]:
        return [found.tobytes() if len(found) else NO_PROMPT for found in sketches(records)]

    return nullcontext(note)
