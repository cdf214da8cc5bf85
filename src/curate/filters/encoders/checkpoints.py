"""The format in which detoxify keeps its models, read without running anything in it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curate.errors import InputError
from curate.extras import need
from curate.filters.encoders.encoder import EXTRA

_RENAMED = {
    "toxic": "toxicity",
    "identity_hate": "identity_attack",
    "severe_toxic": "severe_toxicity",
}
"""Labels that the data sets spell differently, as detoxify names them."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a checkpoint says of its model."""

    file: Path
    labels: tuple[str, ...]
    numbers: int
    """How many the model gives; labels may belong to the first of them only."""
    architecture: str
    """A class of transformers."""
    tokenizer: str
    """Another."""
    base: str
    """The model on the hub that was fine-tuned; its settings and vocabulary are used."""
    state: Any
    """Weights by name."""


def read(file: Path) -> Checkpoint:
    """Return a checkpoint; a pickle that holds more than tensors and settings is refused unread.

    Raises:
        InputError: there is no such file, it is refused, or it is no checkpoint of detoxify.
        UsageError: torch is missing.
    """
    torch = need("torch", EXTRA)
    try:
        loaded = torch.load(file, map_location="cpu", weights_only=True)
    except OSError as error:
        raise InputError(f"{file}: cannot be read: {error.strerror or error}") from error
    except Exception as error:  # torch has many names for it
        told = str(error).strip().partition("\n")[0]
        raise InputError(
            f"{file}: is no checkpoint of tensors and plain settings; anything else could run code "
            f"when it is loaded, and is refused ({type(error).__name__}: {told})"
        ) from error
    try:
        arch = loaded["config"]["arch"]["args"]
        labels = [str(label) for label in loaded["config"]["dataset"]["args"]["classes"]]
        found = Checkpoint(
            file,
            tuple(_RENAMED.get(label, label) for label in labels),
            int(arch["num_classes"]),
            str(arch["model_name"]),
            str(arch["tokenizer_name"]),
            str(arch["model_type"]),
            dict(loaded["state_dict"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        told = f"{type(error).__name__}: {error}"
        raise InputError(f"{file}: is no checkpoint of detoxify ({told})") from error
    if not 1 <= len(found.labels) <= found.numbers:
        raise InputError(f"{file}: names {len(labels)} labels for {found.numbers} numbers")
    return found
