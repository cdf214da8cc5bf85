"""What was located, as `curate run` takes it: a file of ids, and the step of a plan for it."""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from curate.api import Rewriter
from curate.audits.rows import Row


def ids(rows: Sequence[Row], keys: Iterable[str]) -> list[str]:
    """Return the ids of some rows, in their order, each once.

    Where several rows have one id their keys are told apart by a number; the id names them all.
    """
    known, wanted = {row.key for row in rows}, set(keys)
    return list(dict.fromkeys(_id(row.key, known) for row in rows if row.key in wanted))


def named_too(rows: Sequence[Row], keys: Iterable[str]) -> int:
    """Return how many other rows the ids of some rows name."""
    known, wanted = {row.key for row in rows}, set(keys)
    names = {_id(key, known) for key in wanted}
    return sum(_id(row.key, known) in names for row in rows if row.key not in wanted)


def write(file: Path, names: Iterable[str]) -> None:
    """Write one id a line, as `select` reads them."""
    file.write_text("".join(f"{name}\n" for name in names), encoding="utf-8")


def steps(file: Path, clean: Rewriter) -> Iterator[str]:
    """Yield the lines of a plan that switches exactly the rows whose ids are in a file."""
    options = json.dumps(clean.model_dump(mode="json", exclude_defaults=True), ensure_ascii=False)
    yield "steps:"
    yield "  - use: select"
    yield "    name: located"
    yield f"    with: {{ids_file: {json.dumps(str(file), ensure_ascii=False)}}}"
    yield f"    do: {{rewrite: {{use: {clean.name}, with: {options}}}}}"


def _id(key: str, known: set[str]) -> str:
    name, mark, number = key.rpartition("#")
    return name if mark and number.isdigit() and name in known else key
