"""Which prompts are held out together, drawn anew for every split."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Bools = NDArray[np.bool_]

HELD = 0.3
"""The share of prompts that is held out."""


def held_out(prompts: Sequence[str], split: int, seed: int) -> Bools:
    """Return which rows are held out: all rows of 30 % of the prompts.

    Neither the order of the rows nor other files with the same prompts change the draw.
    """
    import numpy as np

    ordered = sorted(set(prompts), key=lambda prompt: draw(prompt, seed, "split", split))
    chosen = set(ordered[: round(HELD * len(ordered))])
    return np.array([prompt in chosen for prompt in prompts], bool)


def draw(key: str, seed: int, *names: object) -> bytes:
    """Return bytes to sort by that no other key's presence can change."""
    told = "\0".join((*map(str, (seed, *names)), key))
    return hashlib.blake2b(told.encode("utf-8", "surrogatepass"), digest_size=8).digest()
