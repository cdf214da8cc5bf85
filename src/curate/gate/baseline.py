"""A baseline: findings that were accepted, by fingerprint, one entry a line to be reviewed."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from curate.errors import UsageError
from curate.gate.findings import Sighting, fingerprint
from curate.gate.result import Stale
from curate.looking.masking import DOT

VERSION = 1
MOST = 10**9
"""Rows of the same bytes that can be accepted."""
_ALTERED = re.compile(rf"{DOT}|[\u2400-\u2421]|\\[uU]")
"""What `mask` and `inline` put where something else was."""


class Accepted(BaseModel):
    """A finding that was accepted, and for how many rows of the same bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    step: str = Field(description="the step that saw it")
    reason: str = Field(description="the reason it gave")
    digest: str = Field(description="of the row")
    fingerprint: str = Field(description="of digest, step and reason")
    file: str = Field(description="where it was when it was accepted")
    count: int = Field(ge=1, le=MOST, strict=True, description="rows of these bytes")

    @property
    def agrees(self) -> bool:
        """Whether the fingerprint is that of the rest, as far as the rest says it all.

        What was masked or made printable cannot be hashed again.
        """
        if _ALTERED.search(self.step + self.reason):
            return True
        sighting = Sighting("", None, self.step, self.reason)
        return self.fingerprint == fingerprint(self.digest, sighting)


@dataclass(frozen=True, slots=True)
class Baseline:
    """Accepted findings, by fingerprint."""

    accepted: Mapping[str, Accepted] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: Iterable[Accepted]) -> Self:
        """Return the baseline of these entries; of equal ones the larger count holds."""
        found: dict[str, Accepted] = {}
        for each in entries:
            known = found.get(each.fingerprint)
            if known is None or known.count < each.count:
                found[each.fingerprint] = each
        return cls(found)

    def allows(self, fingerprint: str) -> int:
        """Return how many rows of a fingerprint are accepted."""
        known = self.accepted.get(fingerprint)
        return known.count if known else 0

    def stale(self, seen: Mapping[str, int]) -> tuple[Stale, ...]:
        """Return the entries that were found less often than they were accepted."""
        return tuple(
            Stale(
                fingerprint=each.fingerprint,
                step=each.step,
                reason=each.reason,
                file=each.file,
                missing=each.count - seen.get(each.fingerprint, 0),
            )
            for each in self.entries()
            if seen.get(each.fingerprint, 0) < each.count
        )

    def added(self, old: "Baseline") -> list[Accepted]:
        """Return what this one accepts beyond an older one, with the rows beyond."""
        return [
            each.model_copy(update={"count": more})
            for each in self.entries()
            if (more := each.count - old.allows(each.fingerprint)) > 0
        ]

    def entries(self) -> list[Accepted]:
        """Return the entries in the order of the file."""
        return sorted(
            self.accepted.values(), key=lambda each: (each.step, each.reason, each.fingerprint)
        )

    def dump(self) -> str:
        """Return the text of the file: equal baselines give equal bytes."""
        entries = [json.dumps(each.model_dump()) for each in self.entries()]
        inside = ",\n".join(f"  {entry}" for entry in entries)
        return f'{{\n "version": {VERSION},\n "accepted": [\n{inside}\n ]\n}}\n'


def load(path: Path) -> Baseline:
    """Return the baseline in a file.

    Raises:
        UsageError: the file cannot be read, or is no baseline.
    """
    try:
        told: Any = json.loads(path.read_bytes(), object_pairs_hook=_once)
    except OSError as error:
        raise UsageError(f"{path}: the baseline cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path}: not a baseline: {error}") from None
    version = told.get("version") if isinstance(told, dict) else None
    if type(version) is not int or version != VERSION:
        raise UsageError(f"{path}: not a baseline of version {VERSION}; see `curate baseline`")
    if told.keys() != {"version", "accepted"} or not isinstance(told["accepted"], list):
        raise UsageError(f"{path}: not a baseline: it has `version` and a list `accepted`, no more")
    try:
        entries = [Accepted.model_validate(each) for each in told["accepted"]]
    except ValidationError as error:
        raise UsageError(f"{path}: not a baseline: {error}") from None
    _check(path, entries)
    return Baseline.of(entries)


def _check(path: Path, entries: Sequence[Accepted]) -> None:
    """Check that each entry says what it accepts, once.

    Raises:
        UsageError: one does not.
    """
    odd = next((each for each in entries if not each.agrees), None)
    if odd is not None:
        raise UsageError(
            f"{path}: {odd.fingerprint} is not the fingerprint of `{odd.step}: {odd.reason}` and "
            "its digest; an entry is made by `curate baseline`, and not edited"
        )
    repeated = [name for name, n in Counter(e.fingerprint for e in entries).items() if n > 1]
    if repeated:
        raise UsageError(f"{path}: {repeated[0]} stands there twice; a merge gone wrong?")


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """Return a JSON object none of whose keys stands there twice."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice in one entry")
    return found
