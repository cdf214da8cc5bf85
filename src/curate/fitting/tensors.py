"""The safetensors file format, as far as one array needs it: no torch, and nothing is ever run.

Eight bytes, little-endian, give the length of a JSON header; it says where in the rest of the file
each array lies and holds texts under `__metadata__`.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curate.errors import InputError

_MOST = 100 << 20
"""Bytes of header that other readers accept."""


@dataclass(frozen=True)
class Header:
    """What a file says about itself."""

    metadata: Mapping[str, str]
    arrays: Mapping[str, Any]
    """Name -> {dtype, shape, data_offsets}."""
    end: int
    """Where the header ends and the data begin."""


def write(path: Path, metadata: Mapping[str, str], name: str, dtype: str, data: bytes) -> None:
    """Write one flat array; the file has its name only when it is complete.

    Args:
        path: Replaced if it exists.
        metadata: Texts.
        name: Of the array.
        dtype: As the format calls it: `I16`, `F32`, …; of items of `dtype[1:]` bits.
        data: The items, little-endian.
    """
    count = len(data) // (int(dtype[1:]) // 8)
    array = {"dtype": dtype, "shape": [count], "data_offsets": [0, len(data)]}
    header = json.dumps({"__metadata__": dict(metadata), name: array}).encode("ascii")
    header += b" " * (-len(header) % 8)  # the data are aligned
    part = path.with_name(path.name + ".part")
    part.write_bytes(len(header).to_bytes(8, "little") + header + data)
    os.replace(part, path)


def header(path: Path) -> Header:
    """Read a file's header.

    Raises:
        InputError: the file cannot be read, or is not in this format.
    """
    try:
        with open(path, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            length = int.from_bytes(file.read(8), "little")
            if not 2 <= length <= min(size - 8, _MOST):
                raise InputError(f"{path}: is no safetensors file")
            fields = json.loads(file.read(length))
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    except ValueError:
        raise InputError(f"{path}: is no safetensors file") from None
    if not isinstance(fields, dict):
        raise InputError(f"{path}: is no safetensors file")
    metadata = fields.pop("__metadata__", {})
    return Header(metadata if isinstance(metadata, dict) else {}, fields, 8 + length)


def read(path: Path, name: str, dtype: str, count: int) -> bytes:
    """Return the items of a flat array.

    Raises:
        InputError: there is no such array, or the file was cut off.
    """
    found = header(path)
    size = count * int(dtype[1:]) // 8
    match found.arrays.get(name):
        case {"dtype": kind, "shape": [items], "data_offsets": [int(start), int(end)]} if (
            kind,
            items,
            end - start,
        ) == (dtype, count, size) and start >= 0:
            pass
        case _:
            raise InputError(f"{path}: has no {name!r} of {count:,} {dtype}")
    with open(path, "rb") as file:
        file.seek(found.end + start)
        data = file.read(size)
    if len(data) != size:
        raise InputError(f"{path}: is cut off")
    return data
