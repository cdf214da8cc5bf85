"""Rows in groups of one size: those of similar prompts, of one source, or any."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from curate.api import Context
from curate.audits.rows import Conversation, Row
from curate.errors import UsageError
from curate.filters.selecting.kmeans import cluster
from curate.filters.selecting.sketches import CHARACTERS, GRAMS, SCHEME
from curate.filters.selecting.topics import topics
from curate.fitting import hashing
from curate.fitting.ngrams import fold

Thing = TypeVar("Thing")
By = Literal["prompts", "source", "random"]
FEWEST = 40
"""Groups: of fewer, chance alone ranks some well."""


@dataclass(frozen=True)
class Group:
    """Rows that are switched together; rows of one prompt always are."""

    name: str
    """What its first row is asked."""
    keys: frozenset[str]


def grouped(rows: Sequence[Row], count: int, by: By, ctx: Context) -> list[Group]:
    """Return so many groups of as equal size as prompts with several rows allow.

    Rows are laid out so that those that belong together are neighbours, and the line is cut into
    equal parts. Groups of one size cannot be told apart by their size, which would else predict
    much of what switching them does.

    Raises:
        UsageError: there are fewer prompts than groups.
    """
    together: dict[Conversation, list[Row]] = defaultdict(list)
    for row in rows:
        together[row.prompt].append(row)
    if len(together) < count:
        raise UsageError(
            f"{len(together):,} different prompts have another teacher's answer, too few for "
            f"{count} groups of them"
        )
    names = list(together)
    ctx.rng("locating", "groups").shuffle(names)
    if by == "prompts":
        places = dict(zip(names, _clusters(names, count // 2, ctx), strict=True))
        names.sort(key=places.__getitem__)
    elif by == "source":
        names.sort(key=lambda name: together[name][0].source or "")
    return [
        Group(part[0][-1].content, frozenset(row.key for name in part for row in together[name]))
        for part in equal_parts(names, [len(together[name]) for name in names], count)
    ]


def equal_parts(things: Sequence[Thing], sizes: Sequence[int], count: int) -> list[list[Thing]]:
    """Cut a line of things into so many parts of about equal size, none of them empty."""
    parts: list[list[Thing]] = []
    at, left = 0, float(sum(sizes))
    for more in range(count, 0, -1):
        begin, room = at, left / more
        last = len(things) - more  # so that every part gets one
        while at <= last and (at == begin or sizes[at] / 2 <= room):
            room -= sizes[at]
            left -= sizes[at]
            at += 1
        parts.append(list(things[begin:at]))
    return parts


def _clusters(prompts: Sequence[Conversation], count: int, ctx: Context) -> list[int]:
    """Return the cluster of each prompt, by k-means on the n-grams of what was asked last."""
    import numpy as np

    texts = [fold(prompt[-1].content[:CHARACTERS]) for prompt in prompts]
    buckets = [
        rows.buckets[low : min(high, low + GRAMS)].astype("<u2")
        for rows in hashing.rows(texts, SCHEME)
        for low, high in zip(rows.bounds[:-1].tolist(), rows.bounds[1:].tolist(), strict=True)
    ]
    rng = np.random.default_rng(ctx.rng("locating", "clusters").getrandbits(64))
    found = topics([each.tobytes() for each in buckets], rng)
    if len(found.points) < count:
        return [0] * len(prompts)
    directions = cluster(found.points, count, rng)
    places = [found.numbers[each] for each in buckets]
    points = np.array([found.basis[each[each >= 0]].sum(axis=0) for each in places])
    return [int(each) for each in (points @ directions.T).argmax(axis=1)]
