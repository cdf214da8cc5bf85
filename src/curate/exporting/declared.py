"""The types that columns had in a table, given back where the rows still have such values.

JSON has no dates, decimals or narrow numbers, so rows that are read from a table lose them. They
are told in `run.json`, place by place, and a file may declare them. Times of day, durations and
bytes stay text: Arrow does not read them from text.
"""

import re
from collections.abc import Mapping
from typing import Any

from curate.errors import UsageError
from curate.exporting.places import ITEMS, Place, shown
from curate.extras import need
from curate.io.contents import table_of
from curate.io.sources import Source, expand
from curate.io.tables.columns import columns

Declared = Mapping[str, str]
"""Place, as it is shown -> type, as Arrow writes it."""

_TIMESTAMP = re.compile(r"timestamp\[(s|ms|us|ns)(?:, tz=(.+))?\]")
_DECIMAL = re.compile(r"(decimal128|decimal256)\((\d+), (-?\d+)\)")
_TEXTS = re.compile(r".*binary.*|time(32|64)\[.*|duration\[.*|.*interval|arrow\.uuid")
_DATES = {"date32[day]": "date32", "date64[ms]": "date64"}
_WHOLE = {f"{sign}int{bits}": f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)}
_FLOATS = {"double": "float64", "float": "float32", "halffloat": "float16"}
_OTHERS = {"bool": "bool_", "string": "string"}
"""Type as Arrow writes it -> the function of pyarrow that makes it."""


def declared(argument: str) -> Declared:
    """Return the types of the columns of a table.

    Args:
        argument: A Parquet or Arrow file, or a folder that `datasets` saved.

    Raises:
        InputError: it cannot be read.
        UsageError: it is no such file.
    """
    source = expand([argument])[0]
    if source.format == "hub" or not source.is_table:
        raise UsageError(f"{source.name}: has no schema; name a Parquet or Arrow file")
    return columns_of(source)


def columns_of(source: Source) -> Declared:
    """Return the types of the columns of a file that is a table.

    Raises:
        InputError: it cannot be read.
    """
    with table_of(source) as table:
        return {each.path: each.type for each in columns(table.schema)}


def stays_text(kind: str) -> bool:
    """Say whether values of a type are text once they were JSON."""
    return bool(_TEXTS.fullmatch(kind))


def with_declared(schema: Any, types: Declared) -> Any:
    """Return a schema with the declared types in place of those that JSON can have."""
    fields = [(field.name, _declared((field.name,), field.type, types)) for field in schema]
    return need("pyarrow", "datasets").schema(fields)


def _declared(place: Place, kind: Any, types: Declared) -> Any:
    pa = need("pyarrow", "datasets")
    if pa.types.is_struct(kind):
        return pa.struct(
            [(field.name, _declared((*place, field.name), field.type, types)) for field in kind]
        )
    if pa.types.is_list(kind):
        return pa.list_(_declared((*place, ITEMS), kind.value_type, types))
    told = types.get(shown(place), "")
    if pa.types.is_string(kind):
        return _textual(told) or kind
    if pa.types.is_null(kind):
        return _textual(told) or _made(_WHOLE | _FLOATS | _OTHERS, told) or kind
    if pa.types.is_int64(kind):
        return _made(_WHOLE, told) or kind
    return (_made(_FLOATS, told) or kind) if pa.types.is_float64(kind) else kind


def _made(makers: Mapping[str, str], told: str) -> Any:
    return getattr(need("pyarrow", "datasets"), makers[told])() if told in makers else None


def _textual(told: str) -> Any:
    """Return a type whose values JSON has as texts that Arrow can read; None: it is no such."""
    pa = need("pyarrow", "datasets")
    if match := _TIMESTAMP.fullmatch(told):
        return pa.timestamp(match[1], match[2])
    if match := _DECIMAL.fullmatch(told):
        return getattr(pa, match[1])(int(match[2]), int(match[3]))
    return _made(_DATES, told)
