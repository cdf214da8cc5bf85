"""A model that gives a text a number for each of its labels."""

from dataclasses import dataclass
from typing import Any, Literal

EXTRA = "classifiers"

Activation = Literal["sigmoid", "softmax"]
"""How numbers become probabilities: each for itself, or all together."""


@dataclass(frozen=True, slots=True)
class Encoder:
    """A loaded model, in fp32 on the processor, and what belongs to it."""

    name: str
    model: Any
    """Of transformers, a `...ForSequenceClassification`."""
    tokenizer: Any
    labels: tuple[str, ...]
    """Of the first numbers that it gives; further ones are of no interest."""
    activation: Activation
