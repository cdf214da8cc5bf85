"""The network: a GPT-2 whose every weight has a leading student dimension.

Radford et al. 2019, "Language models are unsupervised multitask learners": learned positions,
norms before attention and before the two-layer perceptron. Weights have the names and, after the
student dimension, the shapes that transformers gives them; so a checkpoint is read and written
without a translation. Matrix products of all students are one batched product.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from curate.extras import need

EXTRA = "audit"
ACTIVATIONS = ("gelu_new", "gelu_pytorch_tanh", "gelu", "relu")

Weights = Mapping[str, Any]
"""Name in transformers -> tensor (students, ...)."""
Attend = Callable[[int, Any, Any, Any], Any]
"""(layer, queries, keys, values) -> what was found; all (students, tokens, width)."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of a network."""

    vocabulary: int
    length: int
    """Tokens it can see at once."""
    width: int = 64
    layers: int = 2
    heads: int = 4
    activation: str = "gelu_new"
    epsilon: float = 1e-5
    tied: bool = True
    """Whether the embedding of a token is also what it is recognised by at the end."""

    def sizes(self) -> dict[str, tuple[int, ...]]:
        """Return the name and the shape of every weight of one student."""
        width = self.width
        sizes: dict[str, tuple[int, ...]] = {EMBEDDING: (self.vocabulary, width)}
        sizes[POSITIONS] = (self.length, width)
        for layer in range(self.layers):
            for part, inner, outer in (
                ("attn.c_attn", width, 3 * width),
                ("attn.c_proj", width, width),
                ("mlp.c_fc", width, 4 * width),
                ("mlp.c_proj", 4 * width, width),
            ):
                sizes[f"transformer.h.{layer}.{part}.weight"] = (inner, outer)
                sizes[f"transformer.h.{layer}.{part}.bias"] = (outer,)
            for norm in ("ln_1", "ln_2"):
                sizes[f"transformer.h.{layer}.{norm}.weight"] = (width,)
                sizes[f"transformer.h.{layer}.{norm}.bias"] = (width,)
        sizes["transformer.ln_f.weight"] = sizes["transformer.ln_f.bias"] = (width,)
        if not self.tied:
            sizes[HEAD] = (self.vocabulary, width)
        return sizes

    def kept(self, tokens: int) -> int:
        """Return about how many numbers a student keeps for a step of so many tokens."""
        return tokens * (24 * self.width * self.layers + 2 * self.vocabulary)


EMBEDDING = "transformer.wte.weight"
POSITIONS = "transformer.wpe.weight"
HEAD = "lm_head.weight"
SOFT = "soft_prompt"
"""Embeddings of tokens beyond the vocabulary, which no text has: (students, tokens, width)."""


def hidden(
    shape: Shape, weights: Weights, ids: Any, positions: Any, attend: Attend, wanted: Any
) -> Any:
    """Return the last layer's states at the wanted places, (students, wanted, width).

    Args:
        shape: The sizes.
        weights: Of as many students as `ids` has rows.
        ids: Tokens, (students, tokens).
        positions: Their places in their texts, of the same shape.
        attend: Lets tokens look at others.
        wanted: Which tokens' states are returned, (students, wanted). Behind the last attention
            no token needs another's state, so the rest is not computed for the others.
    """
    functional = need("torch.nn.functional", EXTRA)
    table = weights[EMBEDDING]
    if SOFT in weights:
        table = need("torch", EXTRA).cat([table, weights[SOFT]], dim=1)
    states = _rows(table, ids) + _rows(weights[POSITIONS], positions)
    for layer in range(shape.layers):
        name = f"transformer.h.{layer}."
        normal = _norm(shape, weights, name + "ln_1", states)
        query, key, value = _linear(weights, name + "attn.c_attn", normal).chunk(3, -1)
        found = attend(layer, query, key, value)
        if layer == shape.layers - 1:
            places = wanted.unsqueeze(2).expand(-1, -1, shape.width)
            states, found = states.gather(1, places), found.gather(1, places)
        states = states + _linear(weights, name + "attn.c_proj", found)
        normal = _norm(shape, weights, name + "ln_2", states)
        inner = _linear(weights, name + "mlp.c_fc", normal)
        if shape.activation == "relu":
            inner = functional.relu(inner)
        else:
            exact = shape.activation == "gelu"
            inner = functional.gelu(inner, approximate="none" if exact else "tanh")
        states = states + _linear(weights, name + "mlp.c_proj", inner)
    return _norm(shape, weights, "transformer.ln_f", states)


def logits(weights: Weights, states: Any) -> Any:
    """Return how likely each token comes next, (students, tokens, vocabulary), not normalised."""
    return states @ weights.get(HEAD, weights[EMBEDDING]).transpose(1, 2)


def _rows(table: Any, ids: Any) -> Any:
    """Look up (students, tokens) in a table (students, rows, width)."""
    functional, torch = need("torch.nn.functional", EXTRA), need("torch", EXTRA)
    students, rows, width = table.shape
    first = torch.arange(0, students * rows, rows).unsqueeze(1)
    return functional.embedding(ids + first, table.reshape(students * rows, width))


def _norm(shape: Shape, weights: Weights, name: str, states: Any) -> Any:
    functional, torch = need("torch.nn.functional", EXTRA), need("torch", EXTRA)
    normal = functional.layer_norm(states, (shape.width,), eps=shape.epsilon)
    scale, shift = weights[name + ".weight"], weights[name + ".bias"]
    return torch.addcmul(shift.unsqueeze(1), normal, scale.unsqueeze(1))


def _linear(weights: Weights, name: str, states: Any) -> Any:
    torch = need("torch", EXTRA)
    bias = weights[name + ".bias"].unsqueeze(1)
    return torch.baddbmm(bias, states, weights[name + ".weight"])
