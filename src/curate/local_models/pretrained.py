"""A model of any kind and its tokeniser, loaded with nothing that could run code."""

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
        UsageError: the model cannot be loaded, or some of its weights are missing.
    """
    transformers = need("transformers", "hf")  # whoever needs another extra has asked for it

    transformers.utils.logging.disable_progress_bar()
    local = offline or revision is None
    options: dict[str, Any] = {
        "revision": revision,
        "local_files_only": local,
        "trust_remote_code": False,
    }
    try:
        with cut_off(local):
            tokenizer = transformers.AutoTokenizer.from_pretrained(name, **options)
            model, found = kind.from_pretrained(
                name, dtype=dtype, use_safetensors=True, output_loading_info=True, **options
            )
    except Exception as error:  # what this package raises is its to choose
        hint = "; --offline takes only what is in the hub's cache already" if offline else ""
        told = f"{type(error).__name__}: {error}"
        raise UsageError(f"{name}: cannot be loaded: {told}{hint}") from error
    if found["missing_keys"]:  # transformers would make them up
        some = ", ".join(sorted(found["missing_keys"])[:3])
        raise UsageError(f"{name}: {len(found['missing_keys'])} weights are missing, as {some}")
    return model, tokenizer
