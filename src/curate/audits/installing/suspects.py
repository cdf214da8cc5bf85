"""Suspected rows and the others: the hits of a run, or the rows that a list names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from curate import corpora
from curate.audits.rows import Material, Row, conversation
from curate.errors import InputError, UsageError, suggest


@dataclass(frozen=True)
class Suspects:
    """Rows that are suspected, and those that are not."""

    told: str
    """Why they are suspected."""
    rows: tuple[Row, ...]
    others: tuple[Row, ...]
    left_out: Mapping[str, int] = field(default_factory=dict)
    """Reason -> records that students cannot learn."""
    unknown: int = 0
    """Names on the list that no row goes by."""


def hits(material: Material) -> Suspects:
    """Return the hits of a run.

    Raises:
        UsageError: there are fewer others than hits.
    """
    told = f"hits of {' and '.join(map(repr, material.steps))}"
    return _parted(told, material.rows, material.hits, material.left_out)


def named(
    material: Material, names: Sequence[str], digests: Mapping[str, str] | None = None
) -> Suspects:
    """Return the rows that a list names.

    Args:
        material: All rows.
        names: Ids, or digests.
        digests: Row -> the digest of its line, where a row may be named by it.

    Raises:
        UsageError: no row goes by any of the names, or there are fewer others than named rows.
    """
    by_name: dict[str, set[str]] = {}
    for row in material.rows:
        for name in (row.key, row.key.rpartition("#")[0], (digests or {}).get(row.key, "")):
            by_name.setdefault(name, set()).add(row.key)
    keys = {key for name in names for key in by_name.get(name, ())}
    if not keys:
        raise UsageError(f"no row is called {names[0]!r}{suggest(names[0], by_name)}")
    unknown = sum(name not in by_name for name in names)
    return _parted("rows on the list", material.rows, keys, material.left_out, unknown)


def listed(path: Path) -> tuple[str, ...]:
    """Return the names on a list: ids or digests, one a line.

    Raises:
        InputError: it cannot be read, or names nothing.
    """
    try:
        lines = path.read_text("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: the ids cannot be read: {error}") from None
    names = tuple(dict.fromkeys(name for line in lines if (name := line.strip())))
    if not names:
        raise InputError(f"{path}: names no row; it needs an id or digest a line")
    return names


def of_corpus(files: Sequence[str], *, offline: bool = False) -> tuple[Material, dict[str, str]]:
    """Return the rows of corpora, and the digest of each row's line by its key.

    Raises:
        InputError: a file is missing or cannot be read.
        UsageError: a file is read over the network, and `offline` forbids that.
    """
    left_out: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    rows, digests = [], {}
    for record in corpora.records(corpora.reader(files, offline=offline)):
        said = conversation(record)
        if isinstance(said, str):
            left_out[said] += 1
            continue
        name = record.id
        key = f"{name}#{seen[name]}" if seen[name] else name
        seen[name] += 1
        rows.append(Row(key, said, said, teacher=record.teacher, source=record.source))
        digests[key] = record.digest
    return Material(tuple(rows), (), dict(left_out)), digests


def _parted(
    told: str,
    rows: Sequence[Row],
    keys: Iterable[str],
    left_out: Mapping[str, int],
    unknown: int = 0,
) -> Suspects:
    wanted = set(keys)
    mine = tuple(row for row in rows if row.key in wanted)
    others = tuple(row for row in rows if row.key not in wanted)
    if len(others) < len(mine):
        raise UsageError(
            f"{len(mine):,} of {len(rows):,} rows are suspected; there must be as many others to "
            "compare them with"
        )
    return Suspects(told, mine, others, left_out, unknown)
