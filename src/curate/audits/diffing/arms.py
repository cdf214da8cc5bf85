"""The arms of post-training diffing: which rows, and which teacher's answers to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set

from curate.api import Context, Lesson
from curate.audits.diffing.inputs import Inputs
from curate.audits.diffing.names import (
    CELLS,
    ORIGINAL,
    OTHER,
    OTHER_ORIGINAL,
    SWITCHED,
    WITHOUT_MILD,
    WITHOUT_RANDOM,
    drop,
    drop_switched,
    keep,
    mixed,
    swap,
)
from curate.audits.diffing.subset import Subset
from curate.audits.rows import Row
from curate.audits.trial import Arm

Keys = Set[str]


def cells(inputs: Inputs) -> Iterator[Arm]:
    """Yield the table of prompts and teachers, as far as it was given."""
    given = {
        ORIGINAL: _original(inputs.rows),
        SWITCHED: _clean(inputs.rows) if inputs.switched else (),
        OTHER_ORIGINAL: inputs.other_original,
        OTHER: inputs.other,
    }
    for name, lessons in given.items():
        prompts, teacher = CELLS[name]
        if lessons:
            yield _fixed(name, f"{prompts} prompts, {teacher} teacher", lessons)


def fractions(
    asked: Sequence[float], subsets: Sequence[Subset], rows: Sequence[Row]
) -> tuple[float, ...]:
    """Return the shares at which random rows are mixed: as asked, and as subsets need them.

    A subset is compared with as many random rows, kept or swapped: between two other shares the
    line may be bent.
    """
    sizes = {len(each.keys) for each in subsets}
    own = [part / len(rows) for size in sizes for part in (size, len(rows) - size)]
    named = {mixed(share): share for share in (*own, *asked) if 0 < share < 1}
    return tuple(sorted(named.values()))


def line(rows: Sequence[Row], fractions: Sequence[float], ctx: Context) -> Iterator[Arm]:
    """Yield random mixing of the two teachers at several shares, drawn anew for each seed."""
    for share in fractions:
        count = round(share * len(rows))

        def lessons(seed: int, share: float = share, count: int = count) -> list[Lesson]:
            drawn = ctx.rng("diffing", mixed(share), seed).sample(rows, count)
            return list(_mixed(rows, {row.key for row in drawn}))

        yield Arm(mixed(share), f"{count:,} rows at random by the original teacher", lessons)


def of_subset(rows: Sequence[Row], subset: Subset) -> Iterator[Arm]:
    """Yield the four arms that say what a subset of the rows does."""
    name, mine = subset.name, subset.keys
    others = {row.key for row in rows} - mine
    without = [row for row in rows if row.key in others]
    yield _fixed(keep(name), "the original teacher on these alone", tuple(_mixed(rows, mine)))
    yield _fixed(swap(name), "the clean teacher on these alone", tuple(_mixed(rows, others)))
    yield _fixed(drop(name), "the original teacher without these", _original(without))
    yield _fixed(drop_switched(name), "the clean teacher without these", _clean(without))


def without_mild(rows: Sequence[Row], hits: Keys, mild: Keys, ctx: Context) -> Iterator[Arm]:
    """Yield the original rows without hits and mild rows, and without as many other rows."""
    left = [row for row in rows if row.key not in hits]
    spared = [row for row in left if row.key not in mild]
    count = min(len(left) - len(spared), len(spared))

    def lessons(seed: int) -> list[Lesson]:
        drawn = ctx.rng("diffing", WITHOUT_RANDOM, seed).sample(spared, count)
        gone = {row.key for row in drawn}
        return list(_original([row for row in left if row.key not in gone]))

    yield _fixed(WITHOUT_MILD, "the original teacher without hits and mild", _original(spared))
    yield Arm(WITHOUT_RANDOM, f"the original teacher without hits and {count:,} others", lessons)


def _fixed(name: str, told: str, lessons: tuple[Lesson, ...]) -> Arm:
    """Return an arm that has the same rows for every seed."""
    return Arm(name, told, _always(lessons))


def _always(lessons: tuple[Lesson, ...]) -> Callable[[int], Sequence[Lesson]]:
    return lambda _: lessons


def _original(rows: Sequence[Row]) -> tuple[Lesson, ...]:
    return tuple(Lesson(row.key, row.original) for row in rows)


def _clean(rows: Sequence[Row]) -> tuple[Lesson, ...]:
    return tuple(_mixed(rows, frozenset()))


def _mixed(rows: Sequence[Row], original: Keys) -> Iterator[Lesson]:
    """Yield every row with the original teacher's answer where named, else the clean one's."""
    for row in rows:
        said = row.original if row.key in original else row.clean
        if said is not None:
            yield Lesson(row.key, said)
