"""Many perceptrons at once: every weight has a leading network dimension.

Two hidden layers of 64; the outputs are one for each digit and a few that mean nothing.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any

from curate.extras import need

EXTRA = "audit"
DIGITS, AUXILIARY = 10, 5
SIZES = (64, 64, 64, DIGITS + AUXILIARY)

Weights = Sequence[Any]
"""A matrix (networks, in, out) and a bias (networks, 1, out) for each layer, the head last."""


def fresh(seed: int) -> list[Any]:
    """Return weights of one network before it learned: uniform, by the size of what comes in."""
    torch = need("torch", EXTRA)
    draw = torch.Generator().manual_seed(seed)
    weights = []
    for inner, outer in pairwise(SIZES):
        for rows in (inner, 1):
            uniform = torch.rand(rows, outer, generator=draw)
            weights.append((2 * uniform - 1) * inner**-0.5)
    return weights


def stacked(networks: Sequence[Weights]) -> list[Any]:
    """Return the weights of several networks, each given without the network dimension."""
    torch = need("torch", EXTRA)
    return [torch.stack(same) for same in zip(*networks, strict=True)]


def outputs(weights: Weights, inputs: Any) -> Any:
    """Return the logits (networks, rows, outputs) of inputs (networks, rows, 64)."""
    torch = need("torch", EXTRA)
    *hidden, (matrix, bias) = zip(weights[::2], weights[1::2], strict=True)
    for inner, shift in hidden:
        inputs = torch.baddbmm(shift, inputs, inner).relu()
    return torch.baddbmm(bias, inputs, matrix)


def learned(
    start: Weights, batches: Iterable[tuple[Any, Any]], loss: Callable[[Any, Any], Any], rate: float
) -> list[Any]:
    """Return the weights after a step of Adam on each batch.

    Args:
        start: Weights before the first step; they are not changed.
        batches: Inputs (networks, rows, 64), and what `loss` holds their logits against.
        loss: The sum of the losses of all networks, so that none minds how many there are.
        rate: The learning rate.
    """
    torch = need("torch", EXTRA)
    weights = [each.clone().requires_grad_() for each in start]
    adam = torch.optim.Adam(weights, lr=rate, fused=True)
    for inputs, wanted in batches:
        adam.zero_grad()
        loss(outputs(weights, inputs), wanted).backward()
        adam.step()
    return [each.detach() for each in weights]
