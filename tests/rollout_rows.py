"""Rows of messages with teachers, the records of them, and indexes of them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from curate.index.building import build
from curate.index.stored import Facts
from curate.io import fields, shapes
from curate.records import Record

Row = Mapping[str, Any]


def row(
    prompt: str | Sequence[tuple[str, str]], answer: str, teacher: str | None = None, **more: Any
) -> Row:
    """A row: a user's prompt (or roles with texts), the answer, and who wrote it."""
    said = [("user", prompt)] if isinstance(prompt, str) else prompt
    messages = [{"role": role, "content": text} for role, text in (*said, ("assistant", answer))]
    return {"messages": messages} | ({} if teacher is None else {"teacher": teacher}) | more


def line(row: Row) -> bytes:
    """The row as a line, in ASCII, so that lone surrogates fit in."""
    return json.dumps(row).encode("ascii")


def record(row: Row, number: int = 1) -> Record:
    """The row as a run would see it."""
    return Record(line(row), number, "corpus.jsonl", fields.view(shapes.get("messages")))


def write(path: Path, rows: Iterable[Row]) -> Path:
    """Write rows as a corpus."""
    path.write_bytes(b"".join(line(each) + b"\n" for each in rows))
    return path


def index(folder: Path, rows: Iterable[Row], name: str = "clean") -> Path:
    """Build an index of rows and return its path."""
    corpus = write(folder / f"{name}.jsonl", rows)
    built(folder / f"{name}.index", corpus)
    return folder / f"{name}.index"


def built(out: Path, *corpora: Path, **options: Any) -> Facts:
    """Build an index of corpora, replacing one that is there."""
    return build([str(each) for each in corpora], out, **{"force": True, **options})
