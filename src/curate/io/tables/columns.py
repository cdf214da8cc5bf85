"""The columns of a table, and what JSON makes of those whose values it cannot say."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from curate.extras import need
from curate.io.tables.values import is_text

TEXT = "text"
BASE64 = "base64 text"
_SAID_AS = (
    ("is_timestamp", "text (ISO 8601)"),
    ("is_date", "text (ISO 8601)"),
    ("is_time", "text (ISO 8601)"),
    ("is_duration", "text (ISO 8601)"),
    ("is_interval", "text (ISO 8601)"),
    ("is_decimal", TEXT),
    ("is_binary", BASE64),
    ("is_large_binary", BASE64),
    ("is_fixed_size_binary", BASE64),
    ("is_binary_view", BASE64),
    ("is_union", "the value alone"),
)
_EXTENSIONS = {"arrow.json": "the JSON value", "arrow.uuid": TEXT, "arrow.bool8": "boolean"}


@dataclass(frozen=True, slots=True)
class Column:
    """A place in the rows of a table."""

    path: str
    """Keys with dots between them; `[]` stands for a list's items, `*` for any key of a map."""
    type: str
    """As Arrow writes it; of a struct or a list without what is inside."""
    said: str = ""
    """What its values are in JSON, where they are not said as they are."""


def columns(schema: Any) -> list[Column]:
    """Return every place of a schema, outer ones first."""
    return [found for field in schema for found in _columns(field.name, field.type)]


def _columns(path: str, kind: Any) -> Iterator[Column]:
    types = need("pyarrow", "datasets").types
    if types.is_dictionary(kind) or types.is_run_end_encoded(kind):
        yield from _columns(path, kind.value_type)
    elif hasattr(kind, "storage_type"):
        yield from _extension(path, kind)
    elif types.is_struct(kind):
        yield Column(path, "struct")
        for field in kind:
            yield from _columns(f"{path}.{field.name}", field.type)
    elif types.is_map(kind):
        keys = "" if is_text(kind.key_type) else ", its keys made text"
        repeated = "a list of pairs where a key repeats"
        yield Column(path, f"map of {kind.key_type}", f"object{keys} ({repeated})")
        yield from _columns(f"{path}.*", kind.item_type)
    elif hasattr(kind, "value_field"):
        yield Column(path, "list")
        yield from _columns(f"{path}[]", kind.value_type)
    else:
        said = next((said for holds, said in _SAID_AS if getattr(types, holds)(kind)), "")
        yield Column(path, str(kind), said)


def _extension(path: str, kind: Any) -> Iterator[Column]:
    if kind.extension_name in _EXTENSIONS:
        yield Column(path, kind.extension_name, _EXTENSIONS[kind.extension_name])
        return
    yield Column(path, str(kind.extension_name), f"its storage, {kind.storage_type}")
    yield from list(_columns(path, kind.storage_type))[1:]
