"""From what was seen to the columns of a table.

Values share a type where one holds all of them: whole numbers are int64, or uint64 where they need
it; whole numbers next to others are float64, which is a change (1 becomes 1.0). Everything else
that mixes has no type in a table, and is stored as JSON text that says so (Arrow's `arrow.json`,
the feature `Json` of `datasets`): text next to lists, numbers beyond 64 bits, objects without any
key, objects with more than `WIDEST` keys, and what lies deeper than `DEEPEST`.
"""

from collections.abc import Iterator
from typing import Any

from curate.errors import UsageError
from curate.exporting.places import ITEMS, Place
from curate.exporting.seen import WIDEST, Seen
from curate.extras import need

DEEPEST = 32
"""Lists and objects inside each other; Arrow reads 64."""
EXACT = 2**53
"""Up to here a float64 has every whole number."""


def schema(seen: Seen) -> Any:
    """Return the Arrow schema for rows of which `seen` has seen all.

    Raises:
        UsageError: their keys cannot be the columns of a table.
    """
    pa = need("pyarrow", "datasets")
    if not _has_fields(seen):
        raise UsageError(
            f"the rows' keys cannot be columns: there are none, more than {WIDEST:,}, or one with "
            "half a surrogate pair; export to .jsonl"
        )
    return pa.schema([(name, _type(place, 1)) for name, place in seen.fields.items()])


def json_places(schema_: Any) -> frozenset[Place]:
    """Return the places that are stored as JSON text."""
    return frozenset(place for field in schema_ for place in _json((field.name,), field.type))


def is_json(kind: Any) -> bool:
    """Say whether a type holds JSON as text."""
    return getattr(kind, "extension_name", "") == "arrow.json"


def _type(seen: Seen, depth: int) -> Any:
    pa = need("pyarrow", "datasets")
    sorts = seen.sorts - {"null"}
    if not sorts:
        return pa.null()
    if sorts == {"list"} and seen.items and depth < DEEPEST:
        return pa.list_(_type(seen.items, depth + 1))
    if sorts == {"object"} and _has_fields(seen) and depth < DEEPEST:
        return pa.struct([(name, _type(each, depth + 1)) for name, each in seen.fields.items()])
    if sorts == {"int"}:
        return _integer(seen)
    if sorts == {"int", "float"} and seen.low >= -EXACT and seen.high <= EXACT:
        return pa.float64()
    alone = {"bool": pa.bool_, "float": pa.float64, "text": pa.string}
    make = alone.get(min(sorts)) if len(sorts) == 1 else None
    return make() if make else pa.json_()


def _integer(seen: Seen) -> Any:
    pa = need("pyarrow", "datasets")
    if seen.low >= -(2**63) and seen.high < 2**63:
        return pa.int64()
    return pa.uint64() if seen.low >= 0 and seen.high < 2**64 else pa.json_()


def _has_fields(seen: Seen) -> bool:
    """Say whether the keys of objects can be the names of fields."""
    return 0 < len(seen.fields) <= WIDEST and all(map(_is_name, seen.fields))


def _is_name(key: str) -> bool:
    """Say whether UTF-8 has bytes for a key."""
    try:
        key.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _json(place: Place, kind: Any) -> Iterator[Place]:
    types = need("pyarrow", "datasets").types
    if is_json(kind):
        yield place
    elif types.is_struct(kind):
        for field in kind:
            yield from _json((*place, field.name), field.type)
    elif types.is_list(kind):
        yield from _json((*place, ITEMS), kind.value_type)
