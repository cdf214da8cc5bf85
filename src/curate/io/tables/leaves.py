"""Arrow arrays without arrays inside, as values that JSON can say."""

import base64
import json
import math
from collections.abc import Callable
from typing import Any

import orjson

from curate.io.tables import times

Convert = Callable[[Any], list[Any]]
"""Takes an array; returns as many values that orjson can write."""


class Unsayable(Exception):  # noqa: N818  (a state of the column)
    """A column has values that no JSON line can have."""


def as_is(array: Any) -> list[Any]:
    """Return values that JSON says as Arrow has them."""
    found: list[Any] = array.to_pylist()
    return found


def numbers(array: Any) -> list[Any]:
    """Return floats, each as the double it is."""
    return [
        value if value is None or math.isfinite(value) else _NOT_FINITE[repr(value)]
        for value in array.to_pylist()
    ]


def texts(say: Callable[[Any], str], cast: str | None = None) -> Convert:
    """Return what makes a text of each value, after a cast to another Arrow type."""

    def convert(array: Any) -> list[Any]:
        values = (array.cast(cast) if cast else array).to_pylist()
        return [None if value is None else say(value) for value in values]

    return convert


def timestamps(kind: Any) -> Convert:
    """Return what says points in time; those with a zone are said in UTC."""
    return texts(lambda ticks: times.instant(ticks, kind.unit, utc=kind.tz is not None), "int64")


def times_of_day(kind: Any) -> Convert:
    """Return what says times of day."""
    return texts(lambda ticks: times.time_of_day(ticks, kind.unit), f"int{kind.bit_width}")


def durations(kind: Any) -> Convert:
    """Return what says durations."""
    return texts(lambda ticks: times.duration(ticks, kind.unit), "int64")


def bools(array: Any) -> list[Any]:
    """Return truth values that are stored in a byte each."""
    return [None if value is None else value != 0 for value in array.to_pylist()]


def base64_text(data: bytes) -> str:
    """Return bytes as text."""
    return base64.b64encode(data).decode("ascii")


def uuid(data: bytes) -> str:
    """Return a UUID as it is usually written."""
    digits = data.hex()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def json_value(text: str) -> Any:
    """Return the JSON value that a text holds, on one line, with every digit of its numbers.

    Raises:
        Unsayable: it holds none.
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unsayable(f"is said to hold JSON and does not ({error})") from None
    try:
        return orjson.Fragment(
            json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
        )
    except UnicodeEncodeError:  # half of a surrogate pair, which only an escape can say
        return orjson.Fragment(json.dumps(value, separators=(",", ":")).encode("ascii"))


date32 = texts(times.day, "int32")
date64 = texts(lambda milliseconds: times.day(milliseconds // 86_400_000), "int64")
intervals = texts(lambda parts: times.interval(*parts))
decimals = texts(lambda number: format(number, "f"))
binary = texts(base64_text)

_NOT_FINITE = {
    "nan": orjson.Fragment(b"NaN"),
    "inf": orjson.Fragment(b"Infinity"),
    "-inf": orjson.Fragment(b"-Infinity"),
}
"""What our decoder reads; orjson itself writes null."""
