"""Training: all students take each step together, in one program of tensors.

No sum ever runs over students, so what one learns does not depend on who learns beside it.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from curate.extras import need
from curate.students.tiny.network import EXTRA, Attend, Shape, hidden, logits
from curate.students.tiny.packing import IGNORED, Batch, Library
from curate.students.tiny.updates import Update

_LANES = 16
"""Attention is much faster over a multiple of so many keys; the spare ones are seen by nobody."""


def train(
    shape: Shape,
    update: Update,
    library: Library,
    rows: Sequence[Iterator[list[int]]],
    *,
    steps: int,
    size: int,
    decay: bool = False,
) -> list[float]:
    """Take the steps of Adam (Kingma & Ba 2015); return the mean loss of all students, by step.

    Args:
        shape: The sizes of the network.
        update: What learns; changed in place.
        library: What the students read.
        rows: For each student its endless rows of texts of the library.
        steps: How many.
        size: Rows of a student in a step.
        decay: Whether learning rates go down to 0, in a straight line.
    """
    torch = need("torch", EXTRA)
    groups = [{"params": [leaf], "lr": rate} for leaf, rate in update.leaves]
    optimiser = torch.optim.Adam(groups, fused=True)
    losses = []
    for step in range(steps):
        if decay:
            for group, (_, rate) in zip(optimiser.param_groups, update.leaves, strict=True):
                group["lr"] = rate * (1 - step / steps)
        now = library.batch([list(islice(each, size)) for each in rows])
        loss = _loss(shape, update, now)
        loss.sum().backward()
        optimiser.step()
        optimiser.zero_grad()
        losses.append(float(loss.detach().mean()))
    return losses


def looking_back(shape: Shape, visible: Any) -> Attend:
    """Return attention within rows.

    Args:
        shape: The sizes of the network.
        visible: What each place may look at, (rows of all students, 1, places, places).
    """
    functional = need("torch.nn.functional", EXTRA)
    rows, _, places, _ = visible.shape
    spare = -places % _LANES
    visible = functional.pad(visible, (0, spare))

    def attend(_: int, query: Any, key: Any, value: Any) -> Any:
        size = query.shape
        query, key, value = (
            each.reshape(rows, places, shape.heads, -1) for each in (query, key, value)
        )
        key, value = (functional.pad(each, (0, 0, 0, 0, 0, spare)) for each in (key, value))
        heads = (each.transpose(1, 2) for each in (query, key, value))
        found = functional.scaled_dot_product_attention(*heads, attn_mask=visible)
        return found.transpose(1, 2).reshape(size)

    return attend


def _loss(shape: Shape, update: Update, now: Batch) -> Any:
    """Return each student's mean loss (nats) over what its assistants say."""
    functional = need("torch.nn.functional", EXTRA)
    weights = update.weights()
    attend = looking_back(shape, now.visible)
    states = hidden(shape, weights, now.ids, now.positions, attend, now.wanted)
    each = functional.cross_entropy(
        logits(weights, states).flatten(0, 1),
        now.targets.flatten(),
        ignore_index=IGNORED,
        reduction="none",
    )
    return each.view(now.targets.shape).sum(1) / (now.targets != IGNORED).sum(1)
