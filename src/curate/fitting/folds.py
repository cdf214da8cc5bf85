"""Which texts are held out together."""

import hashlib
from collections.abc import Sequence


def assign(keys: Sequence[str], labels: Sequence[bool], folds: int, seed: int) -> list[int]:
    """Return the fold of each text, 0 to `folds` - 1.

    Texts with the same key are in the same fold, folds have equal shares of the labels, and
    neither the order of the texts nor their number of repeats changes anything.
    """
    held: dict[str, bool] = {}
    for key, label in zip(keys, labels, strict=True):
        held[key] = held.get(key, False) or label
    fold_of: dict[str, int] = {}
    for side in (True, False):
        ordered = sorted((_draw(key, seed), key) for key, label in held.items() if label is side)
        fold_of |= {key: place % folds for place, (_, key) in enumerate(ordered)}
    return [fold_of[key] for key in keys]


def _draw(key: str, seed: int) -> bytes:
    told = f"{seed}\0{key}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(told, digest_size=8).digest()
