"""Are the files of a run what it wrote, and do its books balance? Checked from the files alone.

One pass: every ledger entry is held against its row and against itself, the numbers of `run.json`
against the entries, every file against its hash, and the lines that make up the inputs against
theirs. The words that each teacher wrote (`teachers` in `run.json`) are not counted again. Memory
does not grow with the run.
"""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curate import ledger
from curate.errors import LedgerError
from curate.ledger import LEDGER, MANIFEST, RUN, WRITTEN
from curate.looking.comparing import Comparison
from curate.looking.contradictions import Contradictions
from curate.looking.extents import difference
from curate.looking.hashed_lines import HashedLines
from curate.looking.problems import Problems
from curate.looking.recounting import Recount
from curate.looking.rereading import reread
from curate.looking.stored_files import check_stored
from curate.records import Unreadable


@dataclass(frozen=True, slots=True)
class Verified:
    """What the check of a run found."""

    counts: Mapping[str, int]
    """`read`, `kept`, `dropped`, `quarantined`, counted from the ledger."""
    bytes: int
    """Of all outputs."""
    problems: Problems

    def dump(self) -> dict[str, Any]:
        """Return it as JSON."""
        problems = [problem._asdict() for problem in self.problems.first]
        return {
            "verified": not self.problems.total,
            "counts": dict(self.counts),
            "bytes": self.bytes,
            "problems": problems,
            "problems_found": self.problems.total,
        }


def verify(run: Path, *, inputs: bool = False) -> Verified:
    """Check a finished run.

    Args:
        run: The run directory.
        inputs: Read the inputs again too, from where they were.

    Raises:
        InputError: it is no run directory, the run is not finished, or an input is gone.
        LedgerError: `run.json` is not what a run writes.
    """
    facts = ledger.summary(run)
    problems = Problems()
    try:
        with ExitStack() as stack:
            size = check_stored(run, facts, problems)
            files = _open(run, facts, stack, problems)
            recount = _read(files, facts, problems)
            size += _compare_files(files, facts, problems)
        if inputs:
            reread(run, facts, problems)
    except (KeyError, TypeError, ValueError) as error:
        told = f"{type(error).__name__}: {error}"
        raise LedgerError(f"{run / RUN}: is not what a run writes ({told})") from error
    counts = {"read": recount.fates.total()} | {fate: recount.fates[fate] for fate in ledger.FATES}
    return Verified(counts, size, problems)


def _open(
    run: Path, facts: Mapping[str, Any], stack: ExitStack, problems: Problems
) -> dict[str, HashedLines]:
    files, stored = {}, ledger.stored(facts)
    manifest = (MANIFEST,) if MANIFEST in facts["outputs"] else ()
    for name in (*WRITTEN, *manifest):
        try:
            plain = name not in stored
            file = (run / name).open("rb") if plain else ledger.opened(run, name, stored)
            files[name] = HashedLines(stack.enter_context(file))
        except OSError as error:
            problems.add(name, f"cannot be read: {error.strerror}")
        except LedgerError:  # `check_stored` has said which file is missing
            continue
    return files


def _read(
    files: Mapping[str, HashedLines], facts: Mapping[str, Any], problems: Problems
) -> Recount:
    """Go through ledger and rows side by side."""
    recount = Recount(facts)
    if not files.keys() >= set(WRITTEN):
        return recount
    try:
        _compare(files, facts, problems, recount)
    except LedgerError:  # `check_stored` has said which file is damaged
        place = ledger.layout(facts["identity"]).pattern(LEDGER)
        problems.add(place, "could not be compared with the rows to the end: a file is damaged")
    return recount


def _compare(
    files: Mapping[str, HashedLines],
    facts: Mapping[str, Any],
    problems: Problems,
    recount: Recount,
) -> None:
    contradictions, stored = Contradictions(facts), ledger.stored(facts)
    comparison = Comparison(files, facts, problems)
    lines = files[LEDGER]
    while line := lines.next():
        place = lines.lines
        try:
            entry = ledger.entry(line)
            comparison.take(entry, place)
            recount.add(entry)
            for what in contradictions.of(entry):
                problems.add(ledger.place(stored, LEDGER, place), what)
        except (Unreadable, KeyError, TypeError, AttributeError, ValueError) as error:
            what = f"is no entry ({type(error).__name__}: {error}); nothing after it was compared"
            problems.add(ledger.place(stored, LEDGER, place), what)
            return
    comparison.finish()
    recount.blank, recount.crlf = comparison.blank, comparison.read.crlf
    for what in recount.differences():
        problems.add(RUN, what)
    if what := difference(facts):
        problems.add(RUN, what)


def _compare_files(
    files: Mapping[str, HashedLines], facts: Mapping[str, Any], problems: Problems
) -> int:
    """Hold every file against its hash and size; return the bytes of all."""
    size, layout = 0, ledger.layout(facts["identity"])
    for name, file in files.items():
        told = facts["outputs"][name]
        try:
            file.skip()
        except LedgerError:  # `check_stored` has said which file is damaged
            continue
        now = file.facts()
        size += 0 if "files" in told else now["bytes"]
        for what in ("bytes", "lines", "sha256"):
            if what in told and now[what] != told[what]:
                place = layout.pattern(name) if "files" in told else name
                problems.add(place, f"{what} {now[what]}, run.json says {told[what]}")
    return size
