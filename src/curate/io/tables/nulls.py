"""Where a table has nulls, which may stand for keys that a row did not have."""

from collections.abc import Iterator
from typing import Any

from curate.extras import need
from curate.io.tables.nested import pairs, present, storage

Nulls = tuple[str, int, int]
"""The path of a field, its nulls, and how many objects have the field."""


def nulls(names: list[str], arrays: list[Any]) -> Iterator[Nulls]:
    """Yield the nulls of every field of a batch; the items of lists are no fields."""
    for name, array in zip(names, arrays, strict=True):
        yield from _field(name, storage(array))


def _field(path: str, array: Any) -> Iterator[Nulls]:
    yield path, array.null_count, len(array)
    yield from _inside(path, array)


def _inside(path: str, array: Any) -> Iterator[Nulls]:
    types = need("pyarrow", "datasets").types
    if types.is_struct(array.type):
        dense = present(array)
        for n, field in enumerate(array.type):
            yield from _field(f"{path}.{field.name}", storage(dense.field(n)))
    elif types.is_map(array.type):
        yield from _field(f"{path}.*", storage(pairs(array).flatten().field(1)))
    elif hasattr(array.type, "value_field"):
        yield from _inside(f"{path}[]", storage(array.flatten()))
