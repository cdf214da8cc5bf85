"""The order in which a job's lessons are learned: drawn by seed and key, never by position."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import count

from curate.api import Lesson


def endless(lessons: Sequence[Lesson], seed: int) -> Iterator[tuple[int, int]]:
    """Yield (round, position of a lesson) without end, each round all lessons in a new order.

    Two jobs of one seed meet the lessons they share in the same order, in every round. The n-th
    lesson of a key has a place of its own, so that equal lessons need not follow each other.
    """
    names = named(lessons)
    for turn in count():
        yield from ((turn, at) for at in sorted(names, key=lambda at: draw(seed, turn, names[at])))


def named(lessons: Sequence[Lesson]) -> dict[int, str]:
    """Return position -> a name for each lesson: its key, and which of its equals it is."""
    seen: Counter[str] = Counter()
    names = {}
    for at, lesson in enumerate(lessons):
        names[at] = f"{lesson.key}\0{seen[lesson.key]}"
        seen[lesson.key] += 1
    return names


def draw(seed: int, turn: int, name: str) -> bytes:
    """Return 16 bytes that look random and depend on the arguments alone."""
    told = f"{seed}\0{turn}\0{name}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(told, digest_size=16).digest()
