"""What students showed, remembered: an audit that was cut off trains nobody twice.

A student is known by everything that decides what it shows: its options and the hashes of its
files, its rows, its seed, and what it is asked. Its answers are kept in the cache beside those of
other models, scores alone, no texts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from curate import __version__, canonical
from curate.answers.cache import Cache, key
from curate.api import Context, Job, Lesson, Student
from curate.audits.asking import Asked, Questions

FOLDER = "students"


class Shown(NamedTuple):
    """What one student showed, and a trace of it."""

    asked: Asked
    trace: tuple[float, ...]
    """Likelihoods of a few rows: equal only for students that are the same to the last bit."""
    notes: Mapping[str, Any] = MappingProxyType({})
    """What its kind says of it: see `Student.notes`."""


class Memory:
    """Remembers students of one kind that are asked the same questions.

    Args:
        cache: Where; None remembers nothing.
        told: What all of them have in common, as JSON.
    """

    def __init__(self, cache: Cache | None, told: Mapping[str, Any]) -> None:
        self._cache, self._told = cache, told

    def key(self, job: Job) -> str:
        """Return what a student is known by."""
        return key({**self._told, "seed": job.seed, "rows": _hash(job.lessons)})

    def recall(self, keys: Sequence[str]) -> dict[str, Shown]:
        """Return the students that are known."""
        found = {} if self._cache is None else self._cache.get(keys)
        return {
            name: Shown(
                Asked(tuple(each["scores"]), each["fates"]), tuple(each["trace"]), each["notes"]
            )
            for name, each in found.items()
        }

    def keep(self, name: str, shown: Shown) -> None:
        """Remember a student."""
        if self._cache is not None:
            asked, trace, notes = shown
            told = {"scores": list(asked.scores), "fates": dict(asked.fates)}
            self._cache.put(name, {**told, "trace": list(trace), "notes": dict(notes)})


@contextmanager
def memory(student: Student, questions: Questions, ctx: Context) -> Iterator[Memory]:
    """Open the memory of a student's kind in the run's cache.

    Raises:
        UsageError: the folder cannot be written.
    """
    told = {
        "curate": __version__,
        "student": canonical.plain(student),
        "files": dict(student.fingerprint()),
        "draws": ctx.seed,
        "asked": questions.identity,
    }
    if ctx.cache is None:
        yield Memory(None, told)
        return
    with Cache(Path(ctx.cache) / FOLDER) as cache:
        yield Memory(cache, told)


def _hash(lessons: Sequence[Lesson]) -> str:
    """Return the SHA-256 (hex) of what is learned, in order."""
    told = json.dumps([[lesson.key, lesson.messages] for lesson in lessons])
    return hashlib.sha256(told.encode("ascii")).hexdigest()
