"""A copy of a model whose layers multiply 8-bit integers.

Weights are scaled by output channel and activations by token (Dettmers et al. 2022, "LLM.int8()",
section 2.1, vector-wise quantisation), so that a token's result does not depend on its batch. The
classifier on top and the embeddings stay as they are.
"""

import copy
from typing import Any

_MOST = 127


def quantised(torch: Any, model: Any) -> Any:
    """Return a copy of a model with every linear layer of its encoder in int8."""
    made = copy.deepcopy(model)
    linear = [each for each in made.base_model.modules() if isinstance(each, torch.nn.Linear)]
    for layer in linear:
        layer.forward = _Multiply(torch, layer.weight.detach(), layer.bias)
        layer.weight = None
    return made


class _Multiply:
    """What a quantised layer does.

    Args:
        torch: The package.
        weight: Shape (out, in).
        bias: Shape (out,), or None.
    """

    def __init__(self, torch: Any, weight: Any, bias: Any) -> None:
        self._torch, self._bias = torch, bias
        quantised, scale = self._rounded(weight)
        self._weight, self._scale = quantised.t(), scale.t()

    def __call__(self, rows: Any) -> Any:
        """Return rows of shape (..., out) for rows of shape (..., in)."""
        quantised, scale = self._rounded(rows.reshape(-1, rows.shape[-1]))
        made = self._torch._int_mm(quantised, self._weight).float()
        made *= scale
        made *= self._scale
        if self._bias is not None:
            made += self._bias
        return made.reshape(*rows.shape[:-1], -1)

    def _rounded(self, rows: Any) -> tuple[Any, Any]:
        """Return rows as integers, and the step between two integers of each row."""
        step = rows.abs().amax(1, keepdim=True).clamp_min(1e-12) / _MOST
        return (rows / step).round_().to(self._torch.int8), step
