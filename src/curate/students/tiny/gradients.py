"""What a text would teach a network: the gradient of its likelihood, projected to few numbers.

Each text is read by a student of its own, all with the same weights: so one pass backwards gives
every text its own gradient. Numbers are scaled by the square root of their learning rate; so the
product of two gradients is what a small step on one text adds to the log-likelihood of the other
(Pruthi et al. 2020, "Estimating training data influence by tracing gradient descent").

The projection keeps such products (Johnson & Lindenstrauss 1984): each number is added to one of
`dims` sums, with a random sign (Charikar, Chen, Farach-Colton 2002, "Finding frequent items in
data streams"). The error of a cosine is about 1 / sqrt(dims).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from curate.extras import need
from curate.students.tiny.checkpoint import Checkpoint
from curate.students.tiny.network import EXTRA, hidden, logits
from curate.students.tiny.packing import IGNORED, Library
from curate.students.tiny.tokens import Text
from curate.students.tiny.training import looking_back
from curate.students.tiny.updates import Reach, Update

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

DIMS = 4096
"""Numbers that are left of a gradient."""
FLOATS = 16_000_000
"""Numbers of gradients kept at once, roughly."""


def projected(
    base: Checkpoint, reach: Reach, texts: Sequence[Text], seed: int, dims: int = DIMS
) -> Floats:
    """Return a row for each text: the gradient of the log-likelihood (nats) of what is said in it.

    Args:
        base: Where the gradients are taken.
        reach: What learns, at which rates.
        texts: What does not fit the network is cut off; with nothing left to say it teaches 0.
        seed: Of the projection, and of what an update begins with.
        dims: Numbers that are left of a gradient.
    """
    import numpy as np

    most = base.shape.length
    order = sorted(range(len(texts)), key=lambda at: len(texts[at].ids))
    order = [at for at in order if any(texts[at].said[1:most])]
    together = max(1, FLOATS // sum(value.numel() for value in base.weights.values()))
    sketch = _Sketch(seed, dims)
    found = np.zeros((len(texts), dims), np.float32)
    for start in range(0, len(order), together):
        several = order[start : start + together]
        leaves = gradients(base, reach, [texts[at] for at in several], seed)
        found[several] = sketch.of(leaves).numpy()
    return found


def gradients(
    base: Checkpoint, reach: Reach, texts: Sequence[Text], seed: int
) -> list[tuple[Any, float]]:
    """Return the gradients of all that learns, (texts, ...), and how fast it learns."""
    torch, functional = need("torch", EXTRA), need("torch.nn.functional", EXTRA)
    library = Library(min(base.shape.length, max(len(text.ids) for text in texts)))
    batch = library.batch([[[library.add(text) or 0]] for text in texts])
    start = {name: value.expand(len(texts), *value.shape) for name, value in base.weights.items()}
    update = Update(start, reach, [seed] * len(texts))
    weights = update.weights()
    attend = looking_back(base.shape, batch.visible)
    states = hidden(base.shape, weights, batch.ids, batch.positions, attend, batch.wanted)
    surprise = functional.cross_entropy(
        logits(weights, states).flatten(0, 1),
        batch.targets.flatten(),
        ignore_index=IGNORED,
        reduction="sum",
    )
    found = torch.autograd.grad(-surprise, [leaf for leaf, _ in update.leaves])
    return [(each, rate) for each, (_, rate) in zip(found, update.leaves, strict=True)]


class _Sketch:
    """The projection: the same for all texts."""

    def __init__(self, seed: int, dims: int) -> None:
        self._torch, self._seed, self._dims = need("torch", EXTRA), seed, dims
        self._drawn: list[tuple[Any, Any]] = []
        """For each leaf the place of every number, and its sign."""

    def of(self, leaves: Sequence[tuple[Any, float]]) -> Any:
        """Return the gradients, (texts, dims)."""
        if not self._drawn:
            draw = self._torch.Generator().manual_seed(self._seed % 2**63)
            self._drawn = [self._draw(each[0].numel(), draw) for each, _ in leaves]
        sums = self._torch.zeros(len(leaves[0][0]), self._dims)
        for (each, rate), (places, signs) in zip(leaves, self._drawn, strict=True):
            sums.index_add_(1, places, each.flatten(1) * signs * rate**0.5)
        return sums

    def _draw(self, numbers: int, draw: Any) -> tuple[Any, Any]:
        places = self._torch.randint(self._dims, (numbers,), generator=draw)
        signs = self._torch.randint(2, (numbers,), generator=draw) * 2 - 1
        return places, signs
