"""The books of a run: what was read, what became of it, what each step did.

`read = kept + dropped + quarantined` is checked here and nowhere else.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

from curate.engine.authors import NOBODY, Written
from curate.engine.parts import ALIVE, DROPPED, QUARANTINED, Part, Switched, Tally
from curate.errors import LedgerError

Shares = list[int]
"""Records and characters read, records and characters kept."""


class PerFile(NamedTuple):
    """What became of the records of one input, and how many blank lines it has."""

    read: int
    kept: int
    dropped: int
    quarantined: int
    blank: int


NOTHING = PerFile(0, 0, 0, 0, 0)


@dataclass(slots=True)
class Books:
    """Counts over all committed segments."""

    read: int = 0
    kept: int = 0
    dropped: int = 0
    quarantined: int = 0
    unreadable: int = 0
    """Of the quarantined: lines that are not UTF-8 JSON."""
    strangers: int = 0
    """Of the quarantined: JSON that is no record, where a step needed one."""
    blank: int = 0
    crlf: int = 0
    steps: list[Tally] = field(default_factory=list)
    masks: Counter[int] = field(default_factory=Counter)
    """Set of steps that hit (bit n = step n) -> records."""
    switched: dict[int, Switched] = field(default_factory=dict)
    """Step that rewrites -> what became of its hits."""
    teachers: dict[str | None, Shares] = field(default_factory=dict)
    """Who wrote how much, in a run that rewrites."""
    files: list[PerFile] | None = field(default_factory=list)
    """What became of each input, in order, as far as they were read; None where the run was begun
    by a version that did not count it."""

    def add(self, part: Part, file: int) -> None:
        """Enter one segment, of the input with this number, whose every record has its fate."""
        fates = part.fates
        self._enter_file(part, file)
        self.read += len(fates)
        self.kept += fates.count(ALIVE)
        self.dropped += fates.count(DROPPED)
        self.quarantined += fates.count(QUARANTINED)
        if part.notes:
            self.unreadable += sum(part.by[n] < 0 for n in part.notes)
            self.strangers += sum(_STRANGER in note for note in part.notes.values())
        self.blank += part.blank
        self.crlf += part.crlf
        self.masks.update(part.masks)
        for number, tally in part.tallies.items():
            self.steps[number].add(tally)
        for number, switched in part.switched.items():
            self.switched.setdefault(number, Switched()).add(switched)
        if part.written is not None:
            self._enter(part, part.written)

    def _enter_file(self, part: Part, file: int) -> None:
        if self.files is None:
            return
        while len(self.files) <= file:  # an input without a line has no segment
            self.files.append(NOTHING)
        fates = [part.fates.count(fate) for fate in (ALIVE, DROPPED, QUARANTINED)]
        found = (len(part.fates), *fates, part.blank)
        self.files[file] = PerFile(*map(sum, zip(self.files[file], found, strict=True)))

    def _enter(self, part: Part, written: Written) -> None:
        """Enter who wrote how much of what was read, and of what was kept as it is now."""
        sums = [[0, 0, 0, 0] for _ in written.names]
        for author, size, fate in zip(written.author, written.size, part.fates, strict=True):
            if author != NOBODY:
                shares = sums[author]
                shares[0] += 1
                shares[1] += size
                if fate == ALIVE:
                    shares[2] += 1
                    shares[3] += size
        for n, now in part.written_after.items():
            if part.fates[n] == ALIVE:
                shares = sums[written.author[n]]
                shares[2] -= 1
                shares[3] -= written.size[n]
                for teacher, size in now.items():
                    self._share(teacher, (0, 0, 1, size))
        for teacher, added in zip(written.names, sums, strict=True):
            self._share(teacher, added)

    def _share(self, teacher: str | None, added: Sequence[int]) -> None:
        known = teacher in self.teachers or len(self.teachers) < TEACHERS
        shares = self.teachers.setdefault(teacher if known else OTHERS, [0, 0, 0, 0])
        for n, count in enumerate(added):
            shares[n] += count

    def balance(self) -> None:
        """Check that every line read is accounted for.

        Raises:
            LedgerError: it is not; the message has the numbers.
        """
        if self.read != self.kept + self.dropped + self.quarantined:
            raise LedgerError(
                f"the books do not balance: read {self.read} but kept {self.kept} + dropped "
                f"{self.dropped} + quarantined {self.quarantined}; please report this"
            )
        if self.files is None:
            return
        for name in PerFile._fields:
            told, counted = getattr(self, name), sum(getattr(file, name) for file in self.files)
            if told != counted:
                raise LedgerError(
                    f"the books do not balance: {name} {told} but {counted} over all files; "
                    "please report this"
                )

    def together(self) -> list[list[int]]:
        """Return the matrix of hits that step i and step j share (the diagonal is step i's own)."""
        size = len(self.steps)
        matrix = [[0] * size for _ in range(size)]
        for mask, count in self.masks.items():
            hits = [n for n in range(size) if mask >> n & 1]
            for i in hits:
                for j in hits:
                    matrix[i][j] += count
        return matrix

    def alone(self) -> list[int]:
        """Return, for each step, how many records no other step hit."""
        return [self.masks[1 << n] for n in range(len(self.steps))]

    def counts(self) -> dict[str, int]:
        """Return the totals by name."""
        return {name: getattr(self, name) for name in self.__slots__ if name not in _TABLES}

    def dump(self) -> dict[str, Any]:
        """Return the books as JSON."""
        data = {name: getattr(self, name) for name in self.__slots__}
        return data | {
            "steps": [asdict(tally) for tally in self.steps],
            "masks": sorted(self.masks.items()),
            "switched": [(n, _dump(switched)) for n, switched in self.switched.items()],
            "teachers": list(self.teachers.items()),
            "files": None if self.files is None else tuple(self.files),
        }


TEACHERS = 1000
OTHERS = "(others)"
"""More names than that are no teachers: they are counted together."""
_TABLES = ("steps", "masks", "switched", "teachers", "files")
_STRANGER = b'"reason":"not_a_record"'
ERROR_BUDGET = 0.01
"""Share of records on which a step may break under `on_error: quarantine`, unless the plan says."""


def books(steps: int, saved: dict[str, Any] | None = None) -> Books:
    """Return empty books, or those that `dump` saved."""
    if saved is None:
        return Books(steps=[Tally() for _ in range(steps)])
    tallies = [Tally(**tally) for tally in saved["steps"]]
    masks = Counter({int(mask): int(count) for mask, count in saved["masks"]})
    switched = {int(n): _load(counts) for n, counts in saved["switched"]}
    teachers = {teacher: list(shares) for teacher, shares in saved["teachers"]}
    files = saved.get("files")
    tables = {
        "steps": tallies,
        "masks": masks,
        "switched": switched,
        "teachers": teachers,
        "files": None if files is None else [PerFile(*counts) for counts in files],
    }
    return Books(**{**saved, **tables})


def _dump(switched: Switched) -> dict[str, Any]:
    pairs = [[*pair, count] for pair, count in switched.teachers.items()]
    return {
        "seen": switched.seen,
        "unnamed": switched.unnamed,
        "outcomes": dict(switched.outcomes),
        "reasons": dict(switched.reasons),
        "refused": dict(switched.refused),
        "teachers": pairs,
    }


def _load(counts: Mapping[str, Any]) -> Switched:
    pairs = {(before, after): count for before, after, count in counts["teachers"]}
    return Switched(
        counts["seen"],
        Counter(counts["outcomes"]),
        Counter(counts["reasons"]),
        Counter(counts["refused"]),
        Counter(pairs),
        counts["unnamed"],
    )


def over_budget(errors: int, limit: float | None, read: int) -> bool:
    """Say whether `errors` exceed a limit: a whole number is a count, else a share of `read`."""
    if limit is None:
        return False
    return errors > (limit if isinstance(limit, int) else limit * read)
