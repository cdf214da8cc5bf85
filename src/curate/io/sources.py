"""What the arguments of a command mean: which files are read, and how their bytes are stored."""

import os
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Literal

from curate.errors import InputError
from curate.io import paths, signatures
from curate.io.blocks import Compression, blocks
from curate.io.remote import urls
from curate.io.remote.naming import missing, named
from curate.io.remote.objects import object_at
from curate.io.tables import hub
from curate.io.twice import Identity, on_disk, refuse_twice
from curate.records import BLANK
from curate.visible import inline

Format = Literal["jsonl", "json", "parquet", "arrow"]
Wanted = Literal["auto", "jsonl", "json", "parquet", "arrow"]
"""What a plan may say of all its inputs."""

STDIN = "-"
BOM = b"\xef\xbb\xbf"
HEAD = 64 << 10
"""Decompressed bytes that are looked at to tell what a file is."""
FIRST = 256 << 10
"""Stored bytes that are fetched for that: nothing that is compressed grows to four times `HEAD`."""
ASKED = 16
"""Objects whose first bytes are fetched at once."""


@dataclass(frozen=True, slots=True)
class Source:
    """One input file."""

    name: str
    """As the user gave it; for a glob, the path it found; for a data set of the hub, at a commit;
    for a presigned URL, without what signs it.
    """
    path: Path | None
    """None: it is no file of this machine, but on the hub or at a URL."""
    format: Format | Literal["hub"] = "jsonl"
    """jsonl: a row a line. json: one array, a row an element. Else: a table."""
    compression: Compression | None = None
    stored: int = 0
    """Bytes on disk, for progress."""
    url: str | None = field(default=None, repr=False)
    """Where it is read, if it is an object elsewhere; may hold a secret, which `name` does not."""

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
            of the hub (`hf://datasets/…`, see `io.tables.hub`), URLs of objects and globs of them
            (see `io.remote`) or `-`.
        format: How rows are laid out; auto: Parquet and Arrow by their first bytes; a `.json` file
            (also `.json.gz`, `.json.zst`) whose first character is `[` is an array; everything
            else has a row a line.
        stdin: Saves standard input and says where; called last, and only for `-`.
        offline: Refuse what is read over the network.

    Raises:
        InputError: a file is missing, cannot be read, is named twice or is of another kind; a
            glob finds nothing; an argument is a folder that `datasets` did not save.
        OutageError: the hub or a store does not answer.
        UsageError: a store does not let us in, or nothing installed speaks its protocol.
    """
    if not arguments:
        raise InputError("no input: name files or globs, or - for standard input")
    names = [name for argument in arguments for name in _names(argument, offline)]
    refuse_twice(((_identity(name), _told(name)) for name in names), "file", "read")
    if STDIN in names and stdin is None:
        raise InputError("-: standard input cannot be read here; name a file")
    with ThreadPoolExecutor(ASKED) as pool:  # stores take long to answer, and bear many questions
        asked = {name: pool.submit(_elsewhere, name, format) for name in names if _is_object(name)}
        found = {name: _source(name, format) for name in names if name not in (STDIN, *asked)}
        found |= {name: answer.result() for name, answer in asked.items()}
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
    try:
        with open(path, "rb", buffering=0) as file:
            compression = signatures.compression(file.read(8))
            file.seek(0)
            head = _head(file, compression, name)
            stored = os.fstat(file.fileno()).st_size
    except OSError as error:
        raise InputError(f"{inline(name)}: cannot be read: {error.strerror}") from None
    found = Source(name, path, compression=compression, stored=stored)
    return _seen(found, head, format, path.name)


def _elsewhere(url: str, format: Wanted) -> Source:
    """Return the object at `url` as a source, as `identify` does."""
    wanted = object_at(url)
    try:
        first, size = wanted.first(FIRST)
    except FileNotFoundError:
        raise missing(wanted) from None
    compression = signatures.compression(first)
    head = _head(BytesIO(first), compression, wanted.name)
    found = Source(wanted.name, None, compression=compression, stored=size, url=url)
    return _seen(found, head, format, wanted.name.partition("?")[0])


def _seen(source: Source, head: bytes, format: Wanted, named: str) -> Source:
    """Return the source with its format, by its first bytes and by what the file is named."""
    told = inline(source.name)
    if not source.stored and (packed := _COMPRESSED_NAME.search(named)):
        raise InputError(f"{told}: has 0 bytes, and no {packed[1]} file has; was a copy cut off?")
    signatures.refuse_foreign(told, head)
    if table := signatures.table(head):
        return _as_table(replace(source, format=table), format)
    if format in _TABLES:
        raise InputError(f"{told}: is {_TABLES[format]} by the plan, and does not begin like one")
    if format == "auto" and _TABLE_NAME.search(named):
        raise InputError(
            f"{told}: does not begin as a table does: was a copy cut off? If it has rows of JSON, "
            "say so: `input: {format: jsonl}`"
        )
    is_array = head.removeprefix(BOM).lstrip(BLANK)[:1] == b"["
    if format == "json" and head and not is_array:
        raise InputError(f"{told}: is not a JSON array: it does not begin with `[`; is it JSONL?")
    if format == "json" or (format == "auto" and is_array and _JSON_NAME.search(named)):
        return replace(source, format="json")
    return source


def _as_table(source: Source, format: Wanted) -> Source:
    what = _TABLES[source.format]
    if format not in ("auto", source.format):
        raise InputError(f"{inline(source.name)}: is {what}, and the plan has `format: {format}`")
    if source.compression is not None:
        raise InputError(
            f"{inline(source.name)}: is {what} inside {source.compression}; unpack it first"
        )
    return source


def _names(argument: str, offline: bool) -> list[str]:
    if argument == STDIN:
        return [argument]
    if argument.startswith(hub.SCHEME) and not hub.is_file(argument):
        return [hub.pinned(argument, offline=offline)]
    if urls.is_url(argument):
        if argument.startswith(hub.SCHEME):
            argument = hub.pinned_file(argument, offline=offline)
        return named(argument, offline=offline)
    return paths.named(argument)


def _told(name: str) -> str:
    """Return what messages call an input."""
    return inline(urls.shown(name) if _is_object(name) else name)


def _identity(name: str) -> Identity:
    """Return what two names of one input share."""
    if _is_object(name):
        return object_at(name).identity
    if name == STDIN or name.startswith(hub.SCHEME):
        return name
    return on_disk(name)


def _is_object(name: str) -> bool:
    return urls.is_url(name) and (not name.startswith(hub.SCHEME) or hub.is_file(name))


def _head(file: BinaryIO, compression: Compression | None, name: str) -> bytes:
    head = b""
    for block in blocks(file, compression, name, HEAD):
        head += block
        if len(head) >= HEAD:
            break
    return head


_JSON_NAME = re.compile(r"\.json(\.gz|\.zstd?)?$", re.IGNORECASE)
_COMPRESSED_NAME = re.compile(r"\.(gz|zstd?)$", re.IGNORECASE)
_TABLE_NAME = re.compile(r"\.(parquet|arrow|feather)$", re.IGNORECASE)
_TABLES = {"parquet": "a Parquet file", "arrow": "an Arrow file"}
