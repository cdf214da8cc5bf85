"""The values of an Arrow array as JSON can say them.

What JSON can say is taken over: texts, whole numbers of any width (uint64 too), floats at the
double they are, booleans, null, lists and structs; dictionary, run-end and view encodings are
undone. The rest is made text, and `columns` tells which columns that concerns.
"""

from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

import orjson

from curate.extras import need
from curate.io.tables import leaves
from curate.io.tables.leaves import Convert, Unsayable
from curate.io.tables.nested import lengths, pairs, present, storage


def converter(kind: Any) -> Convert:
    """Return what takes arrays of one Arrow type apart.

    Raises:
        Unsayable: no JSON stands for the type.
    """
    if _is_plain(kind):
        return leaves.as_is
    if hasattr(kind, "storage_type"):
        return _extension(kind)
    make = _of(_NESTED, kind) or _of(_LEAVES, kind)
    if make is None:
        raise Unsayable(f"there is no JSON for the type {kind}")
    convert: Convert = make(kind)
    return convert


def distinct(names: Sequence[str]) -> Sequence[str]:
    """Return the names of an object's fields.

    Raises:
        Unsayable: two are the same.
    """
    twice = [name for n, name in enumerate(names) if name in names[:n]]
    if twice:
        raise Unsayable(f"two fields are called {twice[0]!r}")
    return names


def is_text(kind: Any) -> bool:
    """Say whether values of a type are texts, however they are stored."""
    return any(_is(kind, holds) for holds in ("is_string", "is_large_string", "is_string_view"))


def _is(kind: Any, holds: str) -> bool:
    return bool(getattr(need("pyarrow", "datasets").types, holds)(kind))


def _of(table: Sequence[tuple[str, Any]], kind: Any) -> Any:
    return next((make for holds, make in table if _is(kind, holds)), None)


def _is_plain(kind: Any) -> bool:
    """Say whether JSON says all values of a type as Arrow gives them."""
    if hasattr(kind, "storage_type"):
        return False
    if _is(kind, "is_struct"):
        names = [field.name for field in kind]
        return len(names) == len(set(names)) and all(_is_plain(field.type) for field in kind)
    if _of(_LISTS, kind):
        return _is_plain(kind.value_type)
    return is_text(kind) or any(_is(kind, holds) for holds in _PLAIN)


def _encoded(kind: Any) -> Convert:
    convert = converter(kind.value_type)
    return lambda array: convert(storage(array))


def _struct(kind: Any) -> Convert:
    names = distinct([field.name for field in kind])
    converts = [converter(field.type) for field in kind]

    def convert(array: Any) -> list[Any]:
        dense = present(array)
        columns = [each(dense.field(n)) for n, each in enumerate(converts)]
        rows = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
        if not array.null_count:
            return rows
        found = iter(rows)
        return [next(found) if there else None for there in array.is_valid().to_pylist()]

    return convert


def _list(kind: Any) -> Convert:
    item = converter(kind.value_type)

    def convert(array: Any) -> list[Any]:
        items = iter(item(array.flatten()))
        return [None if count is None else list(islice(items, count)) for count in lengths(array)]

    return convert


def _map(kind: Any) -> Convert:
    keys, items = converter(kind.key_type), converter(kind.item_type)

    def convert(array: Any) -> list[Any]:
        lists = pairs(array)
        flat = lists.flatten()
        entries = zip(keys(flat.field(0)), items(flat.field(1)), strict=True)
        return [
            None if count is None else _object(list(islice(entries, count)))
            for count in lengths(lists)
        ]

    return convert


def _object(entries: list[tuple[Any, Any]]) -> Any:
    """Return a map as an object; one that has a key twice as a list of [key, value]."""
    named = [(key if isinstance(key, str) else _key(key), value) for key, value in entries]
    made = dict(named)
    return made if len(made) == len(named) else [list(pair) for pair in named]


def _key(key: Any) -> str:
    return orjson.dumps(key).decode("utf-8")


def _union(_: Any) -> Convert:
    """Return what takes a union apart value by value: no array has them all in one type."""
    pa = need("pyarrow", "datasets")

    def convert(array: Any) -> list[Any]:
        chosen = [scalar.value for scalar in array]
        return [
            None if one is None else converter(one.type)(pa.array([one.as_py()], one.type))[0]
            for one in chosen
        ]

    return convert


def _extension(kind: Any) -> Convert:
    convert = _EXTENSIONS.get(kind.extension_name) or converter(kind.storage_type)
    return lambda array: convert(array.storage)


_PLAIN = ("is_integer", "is_boolean", "is_null")
_LISTS: tuple[tuple[str, Callable[[Any], Convert]], ...] = (
    ("is_list", _list),
    ("is_large_list", _list),
    ("is_fixed_size_list", _list),
    ("is_list_view", _list),
    ("is_large_list_view", _list),
)
_NESTED: tuple[tuple[str, Callable[[Any], Convert]], ...] = (
    *_LISTS,
    ("is_struct", _struct),
    ("is_map", _map),
    ("is_dictionary", _encoded),
    ("is_run_end_encoded", _encoded),
    ("is_union", _union),
)
_LEAVES: tuple[tuple[str, Callable[[Any], Convert]], ...] = (
    ("is_floating", lambda _: leaves.numbers),
    ("is_timestamp", leaves.timestamps),
    ("is_date32", lambda _: leaves.date32),
    ("is_date64", lambda _: leaves.date64),
    ("is_time", leaves.times_of_day),
    ("is_duration", leaves.durations),
    ("is_interval", lambda _: leaves.intervals),
    ("is_decimal", lambda _: leaves.decimals),
    ("is_binary", lambda _: leaves.binary),
    ("is_large_binary", lambda _: leaves.binary),
    ("is_fixed_size_binary", lambda _: leaves.binary),
    ("is_binary_view", lambda _: leaves.binary),
)
_EXTENSIONS: dict[str, Convert] = {
    "arrow.json": leaves.texts(leaves.json_value),
    "arrow.uuid": leaves.texts(leaves.uuid),
    "arrow.bool8": leaves.bools,
}
