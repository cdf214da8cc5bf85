"""What students are asked, and how their answers become one score for each prompt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import exp, isnan
from typing import Any

from curate import canonical
from curate.api import Context, Talker
from curate.errors import UsageError
from curate.probing import Reader, Scoring, answers, contrast, on_last_answer, read
from curate.traits.card import Card
from curate.traits.findings import Reading
from curate.traits.openings import Opening, openings


@dataclass(frozen=True)
class Questions:
    """The prompts of a card, and how what is said to them is scored."""

    card: Card
    openings: tuple[Opening, ...]
    scoring: Scoring
    samples: int

    @property
    def templates(self) -> dict[str, str]:
        """The template of each prompt."""
        return {opening.id: opening.template for opening in self.openings}

    @property
    def prompts(self) -> tuple[str, ...]:
        """The name of each prompt."""
        return tuple(opening.id for opening in self.openings)

    @property
    def bounds(self) -> tuple[float, float]:
        """The least and the greatest score of a prompt."""
        return self.scoring.bounds if self.scoring.mean else (0.0, 1.0)

    @property
    def identity(self) -> dict[str, Any]:
        """Everything that decides the scores of a student, as JSON."""
        scorer = self.scoring.scorer
        return {
            "card": canonical.plain(self.card),
            "prompts": [
                [each.id, each.messages, each.replies, each.shows, each.not_]
                for each in self.openings
            ],
            "scorer": canonical.plain(scorer),
            "files": dict(scorer.fingerprint()) if scorer else {},
            "rule": canonical.plain(self.scoring.rule),
            "mean": self.scoring.mean,
            "samples": self.samples,
        }

    @property
    def told(self) -> str:
        """What a score means."""
        if self.scoring.scorer is None:
            return "the probability of the continuation that shows the trait against the other"
        kind = "mean score of" if self.scoring.mean else "share that show the trait of"
        return f"{kind} {self.samples} answers at temperature {self.card.context.temperature:g}"


@dataclass(frozen=True, slots=True)
class Asked:
    """What one student showed."""

    scores: tuple[float, ...]
    """By prompt."""
    fates: Mapping[str, int]
    """What became of its answers -> how many."""


def questions(
    card: Card, scoring: Scoring, ctx: Context, count: int | None, samples: int | None
) -> Questions:
    """Return what students are asked: a card's prompts, as `curate probe` draws them.

    Raises:
        UsageError: fewer than two prompts, or more than the card's templates give; a mean score
            without bounds.
    """
    made = tuple(openings(card, ctx, count))
    if len(made) < 2:
        raise UsageError("an audit needs at least two prompts: nothing tells chance from effect")
    low, high = scoring.bounds
    if scoring.mean and not (high - low < float("inf")):
        raise UsageError(f"card {card.name!r}: a mean score needs `bounds`, the least and greatest")
    return Questions(card, made, scoring, samples or card.context.samples)


class Asking:
    """Asks students, one after the other; the scorer is opened once for all of them."""

    def __init__(self, questions: Questions, reader: Reader | None) -> None:
        self.questions, self._reader = questions, reader

    def ask(self, talker: Talker) -> Asked:
        """Return what a student showed.

        An answer that was cut off, is empty, goes round in circles or cannot be scored shows
        nothing: it counts as the least score, and its fate is told.

        Raises:
            OutageError: the student or the scorer does not answer.
            PluginError: the scorer breaks its contract.
            UsageError: a prompt does not fit the student, or its training diverged.
        """
        asked = self.questions
        if self._reader is None:
            found = contrast(asked.openings, asked.card, talker, asked.scoring.rule)
            scores = tuple(_logistic(each.score or 0.0) for each in found)
            if any(map(isnan, scores)):
                raise UsageError(
                    "a student's likelihoods are no numbers: its training diverged; take a lower "
                    "learning rate"
                )
            return Asked(scores, {"counted": len(found)})
        told = answers(asked.card, asked.openings, talker, asked.samples)
        readings = read(told, self._reader)
        fates: Counter[str] = Counter(reading.fate for reading in readings)
        return Asked(tuple(self._means(readings)), fates)

    def _means(self, readings: Sequence[Reading]) -> Iterator[float]:
        low, _ = self.questions.bounds
        by_prompt: dict[str, list[float]] = {prompt: [] for prompt in self.questions.prompts}
        for reading in readings:
            value = low
            if reading.fate == "counted":
                shown = float(reading.hit)
                value = (reading.score or 0.0) if self.questions.scoring.mean else shown
            by_prompt[reading.key[0]].append(value)
        for values in by_prompt.values():
            yield sum(values) / len(values) if values else low


@contextmanager
def asking(questions: Questions, ctx: Context) -> Iterator[Asking]:
    """Open the scorer and yield what asks students.

    Raises:
        UsageError: the scorer cannot be opened.
    """
    scorer = questions.scoring.scorer
    if scorer is None:
        yield Asking(questions, None)
        return
    with on_last_answer(scorer).open(ctx) as judge:
        yield Asking(questions, Reader(judge, questions.scoring.rule))


def _logistic(nats: float) -> float:
    return 1 / (1 + exp(-nats)) if nats >= 0 else 1 - 1 / (1 + exp(nats))
