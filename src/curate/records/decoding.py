"""The JSON value of one line, and what stands in it.

Two parsers read a line: orjson, and the standard library for what orjson refuses but users have
(NaN, lone surrogates). The value is for reading only: orjson turns integers over 2**64 into floats,
so nothing that is written out is ever re-encoded from it.
"""

import json
from typing import Any

import orjson

from curate.errors import CurateError

Path = tuple[str | int, ...]
"""Where a value sits in a row: keys and list positions from the top."""

BLANK = b" \t\r\n"
"""What JSON calls white space; a line of nothing else is a blank line."""


class Unreadable(CurateError):  # noqa: N818  (a state of the line)
    """The line is not UTF-8 JSON. `reason` is a stable slug, `column` a 1-based byte position."""

    def __init__(self, reason: str, column: int, detail: str) -> None:
        super().__init__(reason, column, detail)
        self.reason, self.column, self.detail = reason, column, detail

    def __str__(self) -> str:
        return self.detail


def decode(raw: bytes) -> Any:
    """Return the JSON value of one line.

    NaN and infinities, lone surrogate escapes and integers of up to 4,300 digits are readable.

    Raises:
        Unreadable: the line is not UTF-8, not JSON, or nested beyond what a parser can follow.
    """
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        return decode_slowly(raw)


def decode_slowly(raw: bytes) -> Any:
    """Return what `decode` returns, with integers of any size, by the standard library.

    Raises:
        Unreadable: as `decode`.
    """
    try:
        return json.loads(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise Unreadable("not_utf8", error.start + 1, f"not UTF-8: {error.reason}") from None
    except json.JSONDecodeError as error:
        column = len(error.doc[: error.pos].encode("utf-8", "surrogatepass")) + 1
        raise Unreadable("not_json", column, f"not JSON: {error.msg}") from None
    except RecursionError:
        raise Unreadable("too_deep", 1, "not readable: nested too deeply") from None
    except ValueError as error:  # more digits than `sys.get_int_max_str_digits` allows
        raise Unreadable("not_json", 1, f"not readable: {error}") from None


def dig(row: Any, path: Path) -> Any:
    """Return the value at `path`, or None where the path leads nowhere."""
    for step in path:
        if isinstance(step, str):
            row = row.get(step) if isinstance(row, dict) else None
        else:
            row = row[step] if isinstance(row, list) and -len(row) <= step < len(row) else None
        if row is None:
            return None
    return row


def dig_first(row: Any, path: Path) -> Any:
    """Return `dig(row, path)`, soonest where the row does not even have the first key."""
    if not isinstance(row, dict) or path[0] not in row:
        return None
    return row[path[0]] if len(path) == 1 else dig(row, path)
