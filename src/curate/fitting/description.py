"""What a model's file says about its model: one JSON object in the header."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from curate.errors import InputError
from curate.fitting import ngrams, tensors

KEY = "curate"
Facts = TypeVar("Facts", bound=BaseModel)


def metadata(facts: BaseModel) -> Mapping[str, str]:
    """Return the texts for a file's header; `read` gives the facts back."""
    return {KEY: json.dumps(facts.model_dump(mode="json"))}


def read(path: Path, cls: type[Facts], kind: str, format: int) -> Facts:
    """Return what a file says about its model.

    Args:
        path: The file.
        cls: What the facts are; has the fields `kind`, `format` and `hashing`.
        kind: Of the model: what `curate fit` is told to make.
        format: The version of the facts that is read.

    Raises:
        InputError: the file cannot be read, or holds no such model that this version can use.
    """
    told = tensors.header(path).metadata.get(KEY)
    if told is None:
        raise InputError(f"{path}: is no model that `curate fit {kind}` made")
    try:
        fields: Any = json.loads(told)
        found = (fields["kind"], fields["format"], fields["hashing"])
        if found != (kind, format, ngrams.VERSION):
            raise InputError(
                f"{path}: is a {found[0]} model of format {found[1]}, hashing {found[2]}; this "
                f"version reads {kind} models of format {format}, hashing {ngrams.VERSION}: fit "
                "it again"
            )
        return cls.model_validate(fields)
    except (ValueError, KeyError, TypeError) as error:
        what = _first(error) if isinstance(error, ValidationError) else error
        raise InputError(f"{path}: its description is damaged: {what}") from None


def _first(error: ValidationError) -> str:
    told = error.errors()[0]
    return f"{'.'.join(map(str, told['loc']))} {told['msg']}".strip()
