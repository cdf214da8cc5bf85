"""The data: 1,797 handwritten digits of 8 by 8 pixels that come with scikit-learn."""

from dataclasses import dataclass
from random import Random
from typing import Any

from curate.audits.subliminal.network import EXTRA
from curate.extras import need

_HELD_OUT = 0.2


@dataclass(frozen=True, eq=False)
class Digits:
    """Images (count, 64) with pixels from -1 to 1, and which digit each is."""

    images: Any
    labels: Any


def load(seed: int) -> tuple[Digits, Digits]:
    """Return the images that train and those held out, split by the seed.

    Raises:
        UsageError: scikit-learn is not installed.
    """
    torch = need("torch", EXTRA)
    found = need("sklearn.datasets", EXTRA).load_digits()
    images = torch.tensor(found.data, dtype=torch.float32) / 8 - 1
    labels = torch.tensor(found.target)
    order = list(range(len(labels)))
    Random(f"digits {seed}").shuffle(order)  # noqa: S311
    cut = round(_HELD_OUT * len(order))
    held, train = order[:cut], order[cut:]
    return Digits(images[train], labels[train]), Digits(images[held], labels[held])
