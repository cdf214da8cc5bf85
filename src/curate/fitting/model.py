"""A fitted linear model, and its file: one safetensors array and everything else in its header.

Weights are whole numbers, so that a text's total is exact: the same with numpy and without, for
any batch. A weight of 0 belongs to an n-gram that fewer than two training texts had; every other
has at least a weight of 1 or -1.
"""

import hashlib
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from sys import byteorder

from pydantic import BaseModel, ConfigDict, Field

from curate.errors import InputError
from curate.fitting import description, ngrams, tensors
from curate.fitting.calibration import Calibration
from curate.fitting.figures import Figures
from curate.fitting.likeness import Likeness
from curate.fitting.ngrams import Scheme

KIND = "linear"
FORMAT = 1
_ARRAY, _DTYPE = "weights", "I16"


class Training(BaseModel):
    """What a model was fitted on, and how."""

    model_config = ConfigDict(frozen=True)

    files: Mapping[str, str]
    """File -> SHA-256 of its decompressed bytes."""
    rows: int
    texts: int
    positives: int
    contradictions: int
    group: str | None
    seed: int
    folds: int
    penalty: float
    lengths: tuple[int, ...]
    """Characters of a text: least, quartiles, most."""


class Other(BaseModel):
    """What a model reaches on labelled texts it was not fitted for."""

    model_config = ConfigDict(frozen=True)

    files: Mapping[str, str]
    known: int
    """Texts left out because the model was fitted on them."""
    unlike: float
    """The median of how unlike the training texts they are."""
    figures: Figures


class Facts(BaseModel):
    """Everything in a model file but the weights."""

    model_config = ConfigDict(frozen=True)

    format: int = FORMAT
    kind: str = KIND
    curate: str
    """The version that fitted it."""
    hashing: int = ngrams.VERSION
    scheme: Scheme
    positive: str
    threshold: float = Field(ge=0, le=1)
    bias: float
    scale: float
    """Log odds = bias + scale * sum of weights / sqrt(number of distinct n-grams)."""
    calibration: Calibration
    window: int = Field(ge=1)
    """Longer texts are scored in windows of so many characters."""
    likeness: Likeness
    training: Training
    held_out: Figures
    also: tuple[Other, ...] = ()


@dataclass(frozen=True)
class Model:
    """A linear model, ready to score."""

    facts: Facts
    weights: "array[int]"

    def save(self, path: Path) -> None:
        """Write the model's file.

        Raises:
            OSError: it cannot be written.
        """
        words = array("h", self.weights)
        if byteorder == "big":
            words.byteswap()
        metadata = description.metadata(self.facts)
        tensors.write(path, metadata, _ARRAY, _DTYPE, words.tobytes())


def facts(path: Path) -> Facts:
    """Read what a model file says about its model.

    Raises:
        InputError: the file cannot be read, or holds no linear model that this version can use.
    """
    return description.read(path, Facts, KIND, FORMAT)


def load(path: Path) -> Model:
    """Read a model file.

    Raises:
        InputError: the file cannot be read, or holds no linear model that this version can use.
    """
    known = facts(path)
    weights = array("h", tensors.read(path, _ARRAY, _DTYPE, 1 << known.scheme.bits))
    if byteorder == "big":
        weights.byteswap()
    return Model(known, weights)


def sha256(path: Path) -> str:
    """Return the hash of a model file.

    Raises:
        InputError: the file cannot be read.
    """
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
