"""What the arguments of a command mean: which files are read, and how their bytes are stored."""

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from glob import glob
from pathlib import Path
from typing import BinaryIO, Literal

from curate.errors import InputError, suggest
from curate.io.blocks import Compression, blocks
from curate.io.tables import folders, hub
from curate.records import BLANK
from curate.visible import inline

Format = Literal["jsonl", "json", "parquet", "arrow"]
Wanted = Literal["auto", "jsonl", "json", "parquet", "arrow"]
"""What a plan may say of all its inputs."""

STDIN = "-"
BOM = b"\xef\xbb\xbf"
HEAD = 64 << 10
"""Decompressed bytes that are looked at to tell what a file is."""


@dataclass(frozen=True, slots=True)
class Source:
    """One input file."""

    name: str
    """As the user gave it; for a glob, the path it found; for a data set of the hub, at a commit.
    """
    path: Path | None
    """None: it is no file, but on the hub."""
    format: Format | Literal["hub"] = "jsonl"
    """jsonl: a row a line. json: one array, a row an element. Else: a table."""
    compression: Compression | None = None
    stored: int = 0
    """Bytes on disk, for progress."""

    @property
    def is_plain(self) -> bool:
        """Say whether its lines stand in the file as they are, and can be read from there again."""
        return self.compression is None and self.format == "jsonl"

    @property
    def is_table(self) -> bool:
        """Say whether its rows become JSON lines only as they are read."""
        return self.format not in ("jsonl", "json")


def expand(
    arguments: Sequence[str],
    format: Wanted = "auto",
    stdin: Callable[[], Path] | None = None,
    *,
    offline: bool = False,
) -> list[Source]:
    """Return the files that `arguments` name, in their order, each glob sorted.

    Args:
        arguments: Paths, globs (`**` goes into folders), folders that `datasets` saved, data sets
            of the hub (`hf://datasets/…`, see `io.tables.hub`) or `-`.
        format: How rows are laid out; auto: Parquet and Arrow by their first bytes; a `.json` file
            (also `.json.gz`, `.json.zst`) whose first character is `[` is an array; everything
            else has a row a line.
        stdin: Saves standard input and says where; called last, and only for `-`.
        offline: Refuse what is read over the network.

    Raises:
        InputError: a file is missing, cannot be read, is named twice or is of another kind; a
            glob finds nothing; an argument is a folder that `datasets` did not save.
        OutageError: the hub does not answer.
    """
    if not arguments:
        raise InputError("no input: name files or globs, or - for standard input")
    names = [name for argument in arguments for name in _names(argument, offline)]
    _refuse_twice(names)
    if STDIN in names and stdin is None:
        raise InputError("-: standard input cannot be read here; name a file")
    found = {name: _source(name, format) for name in names if name != STDIN}
    if STDIN in names and stdin is not None:
        found[STDIN] = identify(STDIN, stdin(), format)
    return [found[name] for name in names]


def _source(name: str, format: Wanted) -> Source:
    if name.startswith(hub.SCHEME):
        return Source(name, None, "hub")
    return identify(name, Path(name), format)


def identify(
    name: str,
    path: Path,
    format: Wanted = "auto",
) -> Source:
    """Return the file at `path` as a source, after a look at its first bytes.

    Raises:
        InputError: the file cannot be read, is not of the format, or neither a table nor text in
            UTF-8.
    """
    told = inline(name)
    try:
        with open(path, "rb", buffering=0) as file:
            compression = _compression(file.read(8))
            file.seek(0)
            head = _head(file, compression, name)
            stored = os.fstat(file.fileno()).st_size
    except OSError as error:
        raise InputError(f"{told}: cannot be read: {error.strerror}") from None
    for signature, what, remedy in _FOREIGN:
        if signature.match(head):
            raise InputError(f"{told}: is {what}, not rows of JSON; {remedy}")
    if table := _table(head):
        return _as_table(Source(name, path, table, compression, stored), format)
    if format in _TABLES:
        raise InputError(f"{told}: is {_TABLES[format]} by the plan, and does not begin like one")
    is_array = head.removeprefix(BOM).lstrip(BLANK)[:1] == b"["
    if format == "json" and head and not is_array:
        raise InputError(f"{told}: is not a JSON array: it does not begin with `[`; is it JSONL?")
    if format == "auto":
        format = "json" if is_array and _JSON_NAME.search(name) else "jsonl"
    return Source(name, path, format, compression, stored)


def _table(head: bytes) -> Literal["parquet", "arrow"] | None:
    if head.startswith(b"PAR1"):
        return "parquet"
    return "arrow" if _ARROW.match(head) else None


def _as_table(source: Source, format: Wanted) -> Source:
    what = _TABLES[source.format]
    if format not in ("auto", source.format):
        raise InputError(f"{inline(source.name)}: is {what}, and the plan has `format: {format}`")
    if source.compression is not None:
        raise InputError(f"{inline(source.name)}: is {what} inside {source.compression}; {_UNPACK}")
    return source


def _names(argument: str, offline: bool) -> list[str]:
    if argument == STDIN:
        return [argument]
    told = inline(argument)
    if argument.startswith(hub.SCHEME):
        return [hub.pinned(argument, offline=offline)]
    if not os.path.lexists(argument) and any(mark in argument for mark in "*?["):
        matching = sorted(glob(argument, recursive=True))
        found = [name for name in matching if not os.path.isdir(name)]
        if not found:
            first = inline(matching[0]) if matching else ""
            only = f", only folders, as {first}: name them one by one" if first else ""
            raise InputError(f"{told}: no file has such a name{only}")
        return found
    path = Path(argument)
    if path.is_dir() and folders.is_saved(path):
        return [str(file) for file in folders.arrow_files(path)]
    if path.is_dir():
        files = inline(str(path / "*.jsonl"))
        raise InputError(f"{told}: is a folder; name its files, as in '{files}'")
    if path.is_symlink() and not path.exists():
        raise InputError(f"{told}: links to {os.readlink(path)!r}, which is not there")
    if not path.exists():
        raise InputError(f"{told}: no such file{_close_matches(path)}")
    if not path.is_file():
        raise InputError(
            f"{told}: is not a regular file, so a run that is interrupted could not read it "
            f"again; give its bytes to standard input and name it -"
        )
    return [argument]


def _close_matches(path: Path) -> str:
    try:
        names = os.listdir(path.parent)
    except OSError:
        return f"; there is no folder {str(path.parent)!r} either"
    return suggest(path.name, get_close_matches(path.name, names))


def _refuse_twice(names: Sequence[str]) -> None:
    seen: dict[tuple[int, int] | str, str] = {}
    for name in names:
        no_file = name == STDIN or name.startswith(hub.SCHEME)
        facts = None if no_file else os.stat(name)
        identity = (facts.st_dev, facts.st_ino) if facts else name
        if identity in seen:
            first = seen[identity]
            also = "is named twice" if first == name else f"and {inline(first)} are the same file"
            raise InputError(f"{inline(name)}: {also}; every row would be read twice")
        seen[identity] = name


def _compression(head: bytes) -> Compression | None:
    if head.startswith(b"\x1f\x8b"):
        return "gz"
    return "zst" if _ZSTD.match(head) else None


def _head(file: BinaryIO, compression: Compression | None, name: str) -> bytes:
    head = b""
    for block in blocks(file, compression, name, HEAD):
        head += block
        if len(head) >= HEAD:
            break
    return head


_JSON_NAME = re.compile(r"\.json(\.gz|\.zstd?)?$", re.IGNORECASE)
_ZSTD = re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18", re.DOTALL)
"""A frame, or a skippable frame, which some writers put first (RFC 8878, 3.1)."""
_ARROW = re.compile(rb"ARROW1|\xff\xff\xff\xff.{3}\0", re.DOTALL)
"""A file, or a stream: a message of less than 16 MB, which a schema is (Arrow columnar format)."""
_TABLES = {"parquet": "a Parquet file", "arrow": "an Arrow file"}

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
