"""Students: rows in, something that talks out."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, Self

from curate.api.generators import Message, Talker
from curate.api.plugins import Context, Plugin


@dataclass(frozen=True, slots=True)
class Lesson:
    """One row to learn from: a conversation that ends with what the assistant says.

    `key` decides the row's place in the order of training, and whether two jobs have the same row:
    arms stay paired because the order is drawn by seed and key, never by position.
    """

    key: str
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Job:
    """One student to train: its name in messages, its rows, its seed."""

    name: str
    lessons: tuple[Lesson, ...]
    seed: int


class Student(Plugin, ABC):
    """A model that is trained on rows, in order to see what it picks up.

    Every job gets the same number of optimiser steps and the same token budget, however many rows
    it has. Jobs of one seed start from the same weights and see the rows they share in the same
    order.
    """

    @abstractmethod
    def train(self, jobs: Sequence[Job], ctx: Context) -> AbstractContextManager[Sequence[Talker]]:
        """Train all jobs and yield one talker per job, in order; release them on leaving.

        Raises:
            UsageError: a job cannot be trained: no lessons, words the model has no token for.
        """

    def untrained(self, ctx: Context) -> AbstractContextManager[Talker | None]:  # noqa: ARG002
        """Yield the model before it learned anything; None where there is none to speak of."""
        return nullcontext()

    def notes(self, talker: Talker) -> Mapping[str, Any]:  # noqa: ARG002
        """Return what a report says of a trained student, as JSON.

        How its context was pinned, and how many of its lessons it could not learn whole.
        """
        return {}

    def rehearsal(self) -> tuple[Self, float]:
        """Return the same student with a small part of its budget, and which part that is.

        Timed, it says how long training will take. The default is the whole.
        """
        return self, 1.0
