"""A model of any kind and its tokeniser, loaded with nothing that could run code."""

from collections.abc import Mapping
from typing import Any

from curate.errors import UsageError
from curate.extras import need
from curate.local_models.network import cut_off


def pretrained(
    kind: Any, name: str, revision: str | None, *, dtype: Any, offline: bool
) -> tuple[Any, Any]:
    """Return a model and its tokeniser from a folder or the hub.

    Args:
        kind: A class of transformers, such as `AutoModelForCausalLM`.
        name: A folder, or the model's name on the hub.
        revision: The full commit of a model of the hub; without it only folders are looked at.
        dtype: The precision of its weights.
        offline: Take only what is in the hub's cache.

    Raises:
        UsageError: the model cannot be loaded, or some of its weights or its words are missing.
    """
    transformers = need("transformers", "hf")  # whoever needs another extra has asked for it

    transformers.utils.logging.disable_progress_bar()
    options = safely(revision, offline=offline)
    try:
        with cut_off(options["local_files_only"]):
            tokenizer = transformers.AutoTokenizer.from_pretrained(name, **options)
            model, found = kind.from_pretrained(
                name, dtype=dtype, use_safetensors=True, output_loading_info=True, **options
            )
    except Exception as error:  # what this package raises is its to choose
        raise not_loaded(name, error, offline=offline) from error
    if told := missing(found) or wordless(tokenizer):
        raise UsageError(f"{name}: {told}")
    return model, tokenizer


def safely(revision: str | None, *, offline: bool) -> dict[str, Any]:
    """Return options of every `from_pretrained`: no code is run, and a folder asks no hub.

    Args:
        revision: The full commit of a model of the hub; without it only folders are looked at.
        offline: Take only what is in the hub's cache.
    """
    local = offline or revision is None
    return {"revision": revision, "local_files_only": local, "trust_remote_code": False}


def not_loaded(name: str, error: Exception, *, offline: bool) -> UsageError:
    """Return the error that says why a model, or a part of one, cannot be loaded."""
    hint = "; --offline takes only what is in the hub's cache already" if offline else ""
    return UsageError(f"{name}: cannot be loaded: {type(error).__name__}: {error}{hint}")


def missing(found: Mapping[str, Any]) -> str:
    """Say which weights were missing, which transformers makes up; empty: none.

    Args:
        found: What `from_pretrained` tells with `output_loading_info`.
    """
    names = sorted(found["missing_keys"])
    return f"{len(names)} weights are missing, as {', '.join(names[:3])}" if names else ""


def wordless(tokenizer: Any) -> str:
    """Say that a tokeniser has no words, as transformers makes one up where files are missing."""
    if set(tokenizer.get_vocab()) <= set(tokenizer.all_special_tokens):
        return "no vocabulary is there; save the model's tokeniser beside it"
    return ""
