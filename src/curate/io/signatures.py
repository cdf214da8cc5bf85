"""What the first bytes of a file say it is."""

import re
from typing import Literal

from curate.errors import InputError
from curate.io.blocks import Compression


def compression(head: bytes) -> Compression | None:
    """Return how a file is compressed that begins with `head`."""
    if head.startswith(b"\x1f\x8b"):
        return "gz"
    return "zst" if _ZSTD.match(head) else None


def table(head: bytes) -> Literal["parquet", "arrow"] | None:
    """Return what table a file is that begins with `head`, after decompression."""
    if head.startswith(b"PAR1"):
        return "parquet"
    return "arrow" if _ARROW.match(head) else None


def refuse_foreign(told: str, head: bytes) -> None:
    """Refuse what is known to be no rows.

    Args:
        told: What messages call the file.
        head: How it begins, after decompression.

    Raises:
        InputError: it is of such a kind.
    """
    for signature, what, remedy in _FOREIGN:
        if signature.match(head):
            raise InputError(f"{told}: is {what}, not rows of JSON; {remedy}")


_ZSTD = re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18", re.DOTALL)
"""A frame, or a skippable frame, which some writers put first (RFC 8878, 3.1)."""
_ARROW = re.compile(rb"ARROW1|\xff\xff\xff\xff.{3}\0", re.DOTALL)
"""A file, or a stream: a message of less than 16 MB, which a schema is (Arrow columnar format)."""
_CONVERT = "convert it to JSONL first"
_UNPACK = "unpack it first"
_RECODE = "save it as UTF-8, for example with `iconv -f UTF-16 -t UTF-8`"
_FOREIGN = [
    (re.compile(signature, re.DOTALL), what, remedy)
    for signature, what, remedy in (
        (rb"version https://git-lfs\.github\.com/spec/", "a Git LFS pointer", "run `git lfs pull`"),
        (rb"PARE", "an encrypted Parquet file", "decrypt it first"),
        (rb"FEA1", "a Feather file of version 1", _CONVERT),
        (rb"Obj\x01", "an Avro file", _CONVERT),
        (rb"SQLite format 3\0", "an SQLite database", _CONVERT),
        (rb"\x89HDF\r\n", "an HDF5 file", _CONVERT),
        (rb"PK(\x03\x04|\x05\x06)", "a zip archive", _UNPACK),
        (rb".{257}ustar", "a tar archive", _UNPACK),
        (rb"BZh[1-9](\x31\x41|\x17\x72)", "compressed with bzip2", _UNPACK),
        (rb"\xfd7zXZ\0", "compressed with xz", _UNPACK),
        (rb"\x04\x22\x4d\x18", "compressed with lz4", _UNPACK),
        (rb"7z\xbc\xaf\x27\x1c", "a 7z archive", _UNPACK),
        (rb"\xff\xfe\0\0|\0\0\xfe\xff", "text in UTF-32", _RECODE.replace("16", "32")),
        (rb"\xff\xfe|\xfe\xff", "text in UTF-16", _RECODE),
    )
]
