"""Where subsets come from: a scorer, a run's steps, sources, clusters of prompts, lists of ids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import fmean

from curate.api import Context, Filter, Rule
from curate.audits.diffing.subset import Role, Subset
from curate.audits.rows import Row
from curate.errors import InputError, UsageError
from curate.filters.selecting.clusters import Gathering
from curate.filters.selecting.sketches import noter
from curate.probing import Reader, on_last_answer
from curate.records import Record
from curate.traits.cases import conversation

TRAIT, MILD = "trait hits", "mild"
SOURCES = 8
"""The most sources that are subsets: the largest."""


def trait_hits(rows: Sequence[Row], scorer: Filter, rule: Rule, ctx: Context) -> Subset:
    """Return the rows whose last answer shows the trait.

    Raises:
        OutageError: the scorer does not answer.
        PluginError: the scorer breaks its contract.
    """
    with on_last_answer(scorer).open(ctx) as judge:
        reader = Reader(judge, rule)
        verdicts = reader.verdicts([_record(row) for row in rows])
        hit = [reader.hit(verdict) for verdict in verdicts]
    keys = frozenset(row.key for row, shows in zip(rows, hit, strict=True) if shows)
    return Subset(TRAIT, "hits", "rows that show the trait by the card's scorer", keys)


def step_hits(rows: Sequence[Row], steps: Sequence[str]) -> Iterator[Subset]:
    """Yield the hits of each step of a run."""
    for step in steps:
        keys = frozenset(row.key for row in rows if step in row.hits)
        yield Subset(step, "hits", f"hits of the step {step!r}", keys)


def by_source(rows: Sequence[Row]) -> Iterator[Subset]:
    """Yield the rows of each source, of many the largest."""
    sizes = Counter(row.source for row in rows if row.source is not None)
    for source, _ in sizes.most_common(SOURCES):
        keys = frozenset(row.key for row in rows if row.source == source)
        yield Subset(f"source {source}", "group", f"rows of the source {source!r}", keys)


def by_cluster(rows: Sequence[Row], count: int, ctx: Context) -> Iterator[Subset]:
    """Yield the rows of each cluster of prompts, as the filter `select` makes them.

    Raises:
        UsageError: numpy is missing, or too few prompts have words in common.
    """
    records = [_record(row) for row in rows]
    gathering = Gathering(count, (), ctx)
    with noter() as note:
        for found in note(records):
            if isinstance(found, bytes):
                gathering.add(found)
    with gathering.learn(None).open(ctx) as judge:
        reasons = [verdict.reason for verdict in judge(records)]
    for number in range(count):
        told = f"cluster_{number}"
        keys = frozenset(row.key for row, why in zip(rows, reasons, strict=True) if why == told)
        yield Subset(f"cluster {number}", "group", f"prompts of cluster {number}", keys)


def listed(rows: Sequence[Row], name: str, file: Path, role: Role) -> Subset:
    """Return the rows that a list names, one id a line, or digest for rows without one.

    Raises:
        InputError: the list cannot be read, or names no row.
    """
    try:
        wanted = {line.strip() for line in file.read_text("utf-8-sig").splitlines()} - {""}
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file}: no list of ids that can be read ({error})") from None
    # an id that several rows have was told apart by a number
    keys = frozenset(row.key for row in rows if {row.key, row.key.rpartition("#")[0]} & wanted)
    if not keys:
        raise InputError(
            f"{file}: none of its {len(wanted):,} ids is one of the {len(rows):,} original rows "
            f"that have a switched answer, whose ids are like {rows[0].key!r}"
        )
    return Subset(name, role, f"rows that {file.name} lists", keys)


def scored_mild(rows: Sequence[Row], step: str) -> Subset:
    """Return what a step did not hit but scored nearest to its hits: as many rows as it hit.

    Raises:
        UsageError: the step scored no row that it did not hit, or scored them all the same.
    """
    hits = [row.scores[step] for row in rows if step in row.hits and step in row.scores]
    left = [row for row in rows if step not in row.hits and step in row.scores]
    scores = [row.scores[step] for row in left]
    if not hits or len(set(scores)) < 2:
        raise UsageError(
            f"--mild {step}: that step gives no graded scores to rows it did not hit; give a file "
            "of ids of mild rows instead"
        )
    sign = 1 if fmean(hits) > fmean(scores) else -1
    least = min(sign * score for score in scores)
    nearest = sorted(left, key=lambda row: (-sign * row.scores[step], row.key))[: len(hits)]
    keys = frozenset(row.key for row in nearest if sign * row.scores[step] > least)
    return Subset(MILD, "mild", f"scored next to the hits of {step!r} by it", keys)


def usable(
    rows: Sequence[Row], found: Sequence[Subset]
) -> tuple[tuple[Subset, ...], dict[str, str]]:
    """Return the subsets that arms can be made of, and why others have none.

    Raises:
        UsageError: two have one name.
    """
    used: dict[str, Subset] = {}
    why: dict[str, str] = {}
    for each in found:
        if each.name in used or each.name in why:
            raise UsageError(f"two subsets are called {each.name!r}; give one another name")
        if not each.keys:
            why[each.name] = "no original row is in it"
        elif len(each.keys) == len(rows):
            why[each.name] = "all original rows are in it"
        else:
            used[each.name] = each
    return tuple(used.values()), why


def _record(row: Row) -> Record:
    return conversation(row.original, row.key)
