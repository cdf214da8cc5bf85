"""A run directory as a target: it is checked first, then every row of it is watched."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from curate import ledger
from curate.errors import InputError, LedgerError
from curate.gate.authors import author
from curate.gate.describing import Row
from curate.gate.watching import Watch
from curate.ledger import LEDGER, PART, READER, RUN, STATE, names_left, output_of
from curate.looking.lines import lines
from curate.looking.rewrites import is_new
from curate.looking.unseen import declared_sensitive
from curate.looking.verifying import verify
from curate.looking.views import Views


def is_run(path: Path) -> bool:
    """Say whether a folder is, or was, a run directory."""
    left = names_left(path)
    return any((path / name).exists() for name in (RUN, STATE)) or any(
        name.endswith(PART) or output_of(name) == LEDGER for name in left
    )


def facts_of(path: Path) -> Mapping[str, Any]:
    """Return what `run.json` says of a run that read everything and whose files are whole.

    Raises:
        LedgerError: says what is missing or damaged.
    """
    if not (path / RUN).exists() and any(name.endswith(PART) for name in names_left(path)):
        raise LedgerError(f"{path}: its run is not finished; the same `curate run` goes on with it")
    try:
        facts = ledger.summary(path)
        problems = verify(path).problems
    except InputError as error:
        raise LedgerError(str(error)) from None
    if problems.total:
        place, what = problems.first[0]
        more = f" and {problems.total - 1:,} more problems" if problems.total > 1 else ""
        raise LedgerError(f"{path}: damaged: {place}: {what}{more}; see `curate verify`")
    limit = facts["identity"]["limit"]
    if limit is not None:
        raise LedgerError(f"{path}: its run read only the first {limit:,} lines (--limit)")
    return facts


def watch_run(
    path: Path, facts: Mapping[str, Any], watch: Watch, target: int, *, unmask: bool
) -> None:
    """Watch every row of a run.

    Raises:
        LedgerError: the run directory changed since `facts_of` looked at it.
    """
    views = Views(facts)
    formats = {each["name"]: each["format"] for each in facts["inputs"]}
    sensitive = declared_sensitive(facts)
    close = watch.names_teachers or not facts["steps"]
    for line in lines(path):
        entry = line.entry
        watch.fates[entry.fate] += 1
        watch.unreadable += entry.by == READER
        found, unwanted = None, False
        if entry.fate == "kept":
            view = views.of(line)
            if close:
                told = [look.rewrite["teacher"]["to"] for look in entry.trail if is_new(look)]
                found = author(line.row, view, told[-1] if told else None)
            watch.strangers += (
                view.shape.name == "unknown" if found is None else not found.is_record
            )
            if not watch.names_teachers:
                found = None
            unwanted = found is not None and watch.unwanted(found.name)
        if unwanted or entry.fate != "kept" or any(look.hit for look in entry.trail):
            format_ = formats.get(entry.file, "")
            row = Row(line, views.of(line), target, format_, sensitive, unmask=unmask)
            watch.take(entry, row, found)
