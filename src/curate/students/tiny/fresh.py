"""Weights before anything was learned."""

from collections.abc import Sequence
from typing import Any

from curate.extras import need
from curate.students.tiny.network import EXTRA, Shape, Weights

SPREAD = 0.02


def fresh(shape: Shape, seed: int) -> dict[str, Any]:
    """Return random weights of one network, without a student dimension.

    As GPT-2 begins: normal with a spread of 0.02, that of the maps that end a layer divided by the
    square root of how many there are; biases 0, norms 1.
    """
    torch = need("torch", EXTRA)
    draw = torch.Generator().manual_seed(seed % 2**63)
    weights = {}
    for name, size in shape.sizes().items():
        if name.endswith(".bias"):
            weights[name] = torch.zeros(size)
        elif ".ln_" in name:
            weights[name] = torch.ones(size)
        else:
            spread = SPREAD / ((2 * shape.layers) ** 0.5 if "c_proj" in name else 1)
            weights[name] = torch.randn(size, generator=draw) * spread
    return weights


def stacked(networks: Sequence[Weights]) -> dict[str, Any]:
    """Return the weights of several networks with a student dimension before the others."""
    torch = need("torch", EXTRA)
    return {name: torch.stack([each[name] for each in networks]) for name in networks[0]}
