"""How much of a corpus, or of what a step hit, an index could answer."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Any

from curate import corpora
from curate.index.keys import Keys, keys_or_reason
from curate.index.lookup import Index
from curate.index.rollout import Rollout
from curate.plan import Input
from curate.records import Record

_BATCH = 2000
"""Records looked up at once."""


@dataclass(slots=True)
class Covered:
    """Counts of some records."""

    rows: int = 0
    exact: int = 0
    """Somebody answered the very same words."""
    normalised: int = 0
    """Somebody answered the same words in other case, blanks or Unicode forms, nobody the same."""
    none: int = 0
    """Nobody answered this prompt, or nothing is asked."""
    same_teacher: int = 0
    """Of those answered: only the record's own teacher did, so nobody could stand in."""

    @property
    def share(self) -> float | None:
        """Of the records: those that another teacher answered; None where there are none."""
        others = self.exact + self.normalised - self.same_teacher
        return others / self.rows if self.rows else None

    def dump(self) -> dict[str, Any]:
        """Return the counts and the share as JSON."""
        return asdict(self) | {"share": self.share}


@dataclass(slots=True)
class Coverage:
    """Counts of all records, and by teacher and source as the records name them."""

    total: Covered = field(default_factory=Covered)
    teachers: dict[str | None, Covered] = field(default_factory=dict)
    sources: dict[str | None, Covered] = field(default_factory=dict)
    unusable: Counter[str] = field(default_factory=Counter)
    """Reason -> rows that are no records, and in none of the counts."""

    def dump(self) -> dict[str, Any]:
        """Return the counts as JSON."""
        return self.total.dump() | {
            "by_teacher": [
                {"teacher": name, **each.dump()} for name, each in by_rows(self.teachers)
            ],
            "by_source": [{"source": name, **each.dump()} for name, each in by_rows(self.sources)],
            "unusable": dict(self.unusable),
        }

    def add(self, record: Record, rollouts: Sequence[Rollout], exact: bytes) -> None:
        """Count a record by the rollouts of its prompt."""
        teacher = record.teacher
        own = bool(rollouts) and all(each.teacher_in(record.view) == teacher for each in rollouts)
        same = any(each.exact == exact for each in rollouts)
        for counts in (
            self.total,
            self.teachers.setdefault(teacher, Covered()),
            self.sources.setdefault(record.source, Covered()),
        ):
            counts.rows += 1
            counts.exact += same
            counts.normalised += bool(rollouts) and not same
            counts.none += not rollouts
            counts.same_teacher += own


def of_corpora(index: Index, arguments: Sequence[str], settings: Input) -> dict[str, Coverage]:
    """Return what an index has for the rows of each file.

    Args:
        index: What could answer.
        arguments: Paths or globs of the corpora.
        settings: How rows are read.

    Raises:
        InputError: a corpus cannot be read.
    """
    reader = corpora.reader(arguments, settings)
    told = ((record, [record.file]) for record in corpora.records(reader, settings))
    return coverage(index, told, [file.name for file in reader.sources])


def coverage(
    index: Index, told: Iterable[tuple[Record, Sequence[str]]], groups: Iterable[str]
) -> dict[str, Coverage]:
    """Count records by what the index has for them.

    Args:
        index: What could answer.
        told: Records, each with the groups it belongs to, for instance the steps that hit it.
        groups: Every group, so that an empty one is told too.
    """
    found = {group: Coverage() for group in groups}
    rest = iter(told)
    while batch := list(islice(rest, _BATCH)):
        _add(index, batch, found)
    return found


def _add(
    index: Index, batch: Sequence[tuple[Record, Sequence[str]]], found: Mapping[str, Coverage]
) -> None:
    prompts = [keys_or_reason(record) for record, _ in batch]
    known = index.find(each.normalised for each in prompts if isinstance(each, Keys))
    for (record, groups), prompt in zip(batch, prompts, strict=True):
        for group in groups:
            if isinstance(prompt, Keys):
                found[group].add(record, known.get(prompt.normalised, ()), prompt.exact)
            elif prompt is None:
                found[group].add(record, (), b"")
            else:
                found[group].unusable[prompt] += 1


def by_rows(counts: Mapping[str | None, Covered]) -> Iterator[tuple[str | None, Covered]]:
    """Yield names with their counts, the most rows first."""
    yield from sorted(counts.items(), key=lambda item: (-item[1].rows, item[0] or ""))
