"""Which model is meant, so that it is the same model tomorrow."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator

from curate.local_models.files import hashes


def identity(model: str, revision: str | None) -> Mapping[str, str]:
    """Return the commit of a model of the hub, or the hash of every file of a folder that decides.

    Raises:
        InputError: there is no such folder, or no safetensors weights in it.
        OSError: a file cannot be read.
    """
    return {"commit": revision} if revision else hashes(Path(model))


def _full(revision: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{40}", revision):
        raise ValueError(
            "revision must be a full commit of 40 hex digits: a branch or a tag can move, and "
            "then a run could not be repeated"
        )
    return revision


Commit = Annotated[str, AfterValidator(_full)]
"""The full commit of a model of the hub."""
