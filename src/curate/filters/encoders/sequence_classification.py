"""A sequence classifier of transformers, from a folder or the hub."""

from pathlib import Path
from typing import Any, Literal

from curate.errors import UsageError
from curate.extras import need
from curate.filters.encoders.encoder import EXTRA, Activation, Encoder
from curate.local_models.pretrained import pretrained

Chosen = Literal["auto", "sigmoid", "softmax"]
"""An activation, or that of the model's config."""


def load(name: str, revision: str | None, activation: Chosen, *, offline: bool) -> Encoder:
    """Return a sequence classifier.

    Args:
        name: A folder, or the model's name on the hub.
        revision: The full commit of a model of the hub.
        activation: How its numbers become probabilities; auto: as its config says.
        offline: Take only what is in the hub's cache.

    Raises:
        UsageError: a package is missing, the model cannot be loaded, or its numbers are no
            probabilities.
    """
    torch, transformers = need("torch", EXTRA), need("transformers", EXTRA)
    kind = transformers.AutoModelForSequenceClassification
    model, tokenizer = pretrained(kind, name, revision, dtype=torch.float32, offline=offline)
    labels = tuple(model.config.id2label[number] for number in range(model.config.num_labels))
    short = Path(name).name
    return Encoder(short, model, tokenizer, labels, _activation(short, model.config, activation))


def _activation(name: str, config: Any, asked: Chosen) -> Activation:
    problem, alone = config.problem_type, config.num_labels == 1
    if asked == "softmax" and alone:
        raise UsageError(f"{name}: it gives one number, whose softmax is always 1; take sigmoid")
    if asked != "auto":
        return asked
    if problem == "regression" or (alone and problem is None):
        raise UsageError(
            f"{name}: nothing says that the number it gives is a probability; where it is the log "
            "odds of its label, say `activation: sigmoid`"
        )
    return "sigmoid" if problem == "multi_label_classification" else "softmax"
