"""What is different between a row and the same row read back from a table."""

import json
from collections.abc import Collection, Iterator
from typing import Any, Literal, NamedTuple

from curate.exporting.places import ITEMS, Place

Kind = Literal["null", "order", "number", "json", "twice", "wrong"]
"""null: a key that the row did not have is there, with null. order: the keys of an object stand in
another order. number: a whole number became a float of the same value. json: the value is stored as
JSON text. twice: an object had a key twice, and the table has one of the two. wrong: another value;
no table that we write should have one."""
HARMLESS: tuple[Kind, ...] = ("null", "order")
"""What a table cannot but do, and a reader of JSON does not go by (RFC 8259, 4: no order)."""


class Difference(NamedTuple):
    """One difference at one place."""

    kind: Kind
    place: Place


def differences(
    before: Any, after: Any, stored_as_json: Collection[Place], place: Place = ()
) -> Iterator[Difference]:
    """Yield every difference, each at the place where it is.

    Args:
        before: A value as decoded from its line.
        after: The value at the same place as it was read back.
        stored_as_json: The places that hold JSON text.
        place: Where that is.
    """
    if place in stored_as_json and before is not None:
        same = json.dumps(before) == json.dumps(after)
        yield Difference("json" if same else "wrong", place)
    elif isinstance(before, dict) and isinstance(after, dict):
        yield from _of_objects(before, after, stored_as_json, place)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for one, other in zip(before, after, strict=True):
            yield from differences(one, other, stored_as_json, (*place, ITEMS))
    elif type(before) is int and type(after) is float and before == after:
        yield Difference("number", place)
    elif type(before) is not type(after) or repr(before) != repr(after):  # NaN, and the sign of 0
        yield Difference("wrong", place)


def keys_twice(line: bytes) -> Iterator[Difference]:
    """Yield the keys that an object of a row has twice; the place is the key alone."""
    found: list[str] = []

    def take(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            names = [name for name, _ in pairs]
            found.extend(name for name in made if names.count(name) > 1)
        return made

    json.loads(line, object_pairs_hook=take)
    for name in found:
        yield Difference("twice", (name,))


def _of_objects(
    before: dict[str, Any],
    after: dict[str, Any],
    stored_as_json: Collection[Place],
    place: Place,
) -> Iterator[Difference]:
    found = [key for key in after if key in before]
    if len(found) < len(before):
        yield Difference("wrong", place)
    elif found != list(before):
        yield Difference("order", place)
    for key, value in after.items():
        if key in before:
            yield from differences(before[key], value, stored_as_json, (*place, key))
        else:
            yield Difference("null" if value is None else "wrong", (*place, key))
