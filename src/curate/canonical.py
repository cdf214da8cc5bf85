"""A config as plain JSON values that are equal exactly when the configs do the same."""

import hashlib
import json
import math
from collections.abc import Mapping, Set
from typing import Any

from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from curate.api import Plugin


def plain(value: Any) -> Any:  # noqa: PLR0911  (a kind of value, a return)
    """Return `value` as mappings, lists and scalars; defaults are filled in, secrets are masked.

    Unlike pydantic's own dump: sets are sorted (their order differs between processes), a field
    shows the class it holds and not the one it declares, and a plugin inside a plugin brings its
    name and version. An option declared with `exclude=True` stays out: it changes no result.
    """
    match value:
        case Plugin():
            return {"use": value.name, "version": value.version, "with": options(value)}
        case BaseModel():
            return options(value)
        case Mapping():
            return {str(key): plain(inner) for key, inner in value.items()}
        case Set():
            return sorted((plain(inner) for inner in value), key=text)
        case list() | tuple():
            return [plain(inner) for inner in value]
        case float() if not math.isfinite(value):
            return str(value)
        case None | bool() | int() | float() | str():
            return to_jsonable_python(value)
    if hasattr(value, "get_secret_value"):
        return str(value)  # a row of asterisks
    return plain(to_jsonable_python(value))


def options(model: BaseModel) -> dict[str, Any]:
    """Return the options of a config under the names a plan gives them."""
    return {
        field.alias or name: plain(getattr(model, name))
        for name, field in type(model).model_fields.items()
        if not field.exclude
    }


def given(model: BaseModel) -> dict[str, Any]:
    """Return the options of a config that are not null."""
    return {name: value for name, value in options(model).items() if value is not None}


def text(value: Any) -> str:
    """Return plain JSON values as the one text that stands for them.

    The order of a mapping stays: of several patterns that match, the first gives the reason.
    """
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


def digest(value: Any) -> str:
    """Return the SHA-256 of `text(value)`, in hex."""
    return hashlib.sha256(text(value).encode("ascii")).hexdigest()
