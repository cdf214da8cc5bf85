"""Are the inputs of a run still what it read?"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from curate import ledger
from curate.errors import InputError
from curate.io.reading import Reader
from curate.io.sources import STDIN, expand
from curate.ledger import LEDGER
from curate.looking.hashed_lines import has_digest
from curate.looking.problems import Problems
from curate.records import BLANK

Place = tuple[int, str, int]
"""Index in the run, file, line in the file."""


def reread(run: Path, facts: Mapping[str, Any], problems: Problems) -> None:
    """Read the inputs of a run again and hold every line against its ledger entry.

    Raises:
        InputError: an input is gone, or was standard input.
    """
    identity = facts["identity"]
    if STDIN in identity["inputs"]:
        raise InputError("the run read standard input, which cannot be read again")
    reader = Reader(expand(identity["inputs"], identity["plan"]["input"]["format"]))
    lines = _lines(reader)
    aligned = _compare(run, lines, problems)
    if aligned and identity["limit"] is None:
        for n, ((_, file, line), _) in enumerate(lines):
            if n == 0:
                problems.add(f"{file}:{line}", "is a line the run did not read")
        _compare_hashes(reader, facts, problems)


def _compare(run: Path, lines: Iterator[tuple[Place, bytes]], problems: Problems) -> bool:
    """Hold lines against entries; return False where they stopped to be the same lines."""
    for entry in ledger.entries(run):
        place, line = next(lines, ((-1, "", 0), b""))
        wanted = (entry.index, entry.file, entry.line)
        if place != wanted:
            problems.add(
                f"{entry.file}:{entry.line}", "is no longer there; nothing after it was checked"
            )
            return False
        if not has_digest(line, entry.digest):
            problems.add(f"{entry.file}:{entry.line}", f"is not the line that {LEDGER} speaks of")
    return True


def _compare_hashes(reader: Reader, facts: Mapping[str, Any], problems: Problems) -> None:
    for told, now in zip(facts["inputs"], reader.files, strict=True):
        if told["sha256"] != now.sha256:
            problems.add(now.name, f"has sha256 {now.sha256}, run.json says {told['sha256']}")


def _lines(reader: Reader) -> Iterator[tuple[Place, bytes]]:
    """Yield the lines of all inputs that are not blank."""
    for segment in reader.segments():
        for n, line in enumerate(segment.read().split(b"\n")):
            if line.strip(BLANK):
                yield (segment.index + n, segment.file, segment.line + n), line
