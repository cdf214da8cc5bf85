"""A model of detoxify, loaded so that it gives the numbers detoxify gives.

Detoxify's own loading asks the hub even where a folder is given, takes the number of labels from
that folder, and unpickles whatever a checkpoint holds.
"""

from typing import Any

from curate.errors import InputError, UsageError
from curate.extras import need
from curate.filters.encoders.checkpoints import Checkpoint
from curate.filters.encoders.encoder import EXTRA, Encoder
from curate.local_models.network import cut_off
from curate.local_models.pretrained import missing, not_loaded, safely, wordless

_CLASSIFIER = "ForSequenceClassification"


def load(
    checkpoint: Checkpoint, config: str | None, revision: str | None, *, offline: bool
) -> Encoder:
    """Return the model of a checkpoint.

    Args:
        checkpoint: Its weights, and what they are.
        config: The folder of its settings and its vocabulary; None: those of its base on the hub.
        revision: The full commit of the base on the hub.
        offline: Take only what is in the hub's cache.

    Raises:
        InputError: the checkpoint does not fit the settings, or names a class that is none.
        UsageError: a package is missing, or settings and vocabulary cannot be loaded.
    """
    torch, transformers = need("torch", EXTRA), need("transformers", EXTRA)
    transformers.utils.logging.disable_progress_bar()
    kind = _class(transformers, checkpoint, checkpoint.architecture, _CLASSIFIER)
    reader = _class(transformers, checkpoint, checkpoint.tokenizer, "Tokenizer")
    source, options = config or checkpoint.base, safely(revision, offline=offline)
    try:
        with cut_off(options["local_files_only"]):
            settings = kind.config_class.from_pretrained(
                source, num_labels=checkpoint.numbers, **options
            )
            tokenizer = reader.from_pretrained(source, **options)
    except Exception as error:  # what this package raises is its to choose
        raise not_loaded(source, error, offline=offline) from error
    if told := wordless(tokenizer):
        raise UsageError(f"{source}: {told}")
    model = _model(kind, checkpoint, settings, torch.float32)
    return Encoder(checkpoint.file.stem, model, tokenizer, checkpoint.labels, "sigmoid")


def _class(transformers: Any, checkpoint: Checkpoint, name: str, ending: str) -> Any:
    found = getattr(transformers, name, None)
    if found is None or not name.removesuffix("Fast").endswith(ending):
        raise InputError(f"{checkpoint.file}: {name!r} is no {ending} of transformers")
    return found


def _model(kind: Any, checkpoint: Checkpoint, settings: Any, dtype: Any) -> Any:
    try:
        model, found = kind.from_pretrained(
            None,
            config=settings,
            state_dict=checkpoint.state,
            dtype=dtype,
            local_files_only=True,
            output_loading_info=True,
        )
    except Exception as error:
        told = f"{type(error).__name__}: {error}"
        raise InputError(f"{checkpoint.file}: does not fit its settings: {told}") from error
    if told := missing(found):
        raise InputError(f"{checkpoint.file}: {told}")
    return model
