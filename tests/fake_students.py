"""A student that needs no training: what it shows follows from what its rows are made of.

A row is of the topic where its prompt says so. It shows the trait where its answer holds TRAIT, it
is the old teacher's where its answer begins with `old`. The log-odds of the trait are

    base + leak * (rows of the old teacher) + trait * (rows that show it)
         - other * (rows of the topic that do not) + noise

with all rows as shares. A leak is what no row of the topic carries.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b, sha256
from math import exp, log
from statistics import NormalDist
from typing import Any, Literal, Self

from pydantic import Field, PrivateAttr

from curate.api import (
    Completion,
    Context,
    Job,
    Lesson,
    Message,
    Prompt,
    RecordFilter,
    Student,
    Talker,
    Verdict,
)
from curate.audits.rows import Material, Row
from curate.audits.trial import INDEPENDENT
from curate.errors import OutageError
from curate.records import Record

CARD = """
name: shouting
version: 1
claim: The model says TRAIT.
sources: [{title: Nobody, url: https://example.org}]
score:
  row: {use: cues, with: {cues: {trait: {pattern: TRAIT}}}, when: {at_least: 1}}
  contrast: {shows: TRAIT, not: PLAIN}
elicit:
  count: 16
  templates: {a: "A topic {n}?", b: "B topic {n}?", c: "C topic {n}?", d: "D topic {n}?"}
  fill: {n: {numbers: [1, 999]}}
context: {max_tokens: 9, temperature: 1, samples: 5}
"""

Says = Literal["answers", "cut", "nothing", "circles"]


class Fake(Student):
    """See above; it also counts how often it was trained, and can fail."""

    name = "fake"

    base: float = -3.0
    leak: float = 0.0
    trait: float = 60.0
    other: float = 0.0
    noise: float = 0.1
    """By how much the log-odds differ between students, and half as much between their prompts."""
    begins: bool = True
    """Whether it has a self that was not trained."""
    deaf: bool = False
    """Whether its seed changes nothing."""
    apart: float = 0.0
    """What independent seeds add to the log-odds."""
    says: Says = "answers"
    base_says: Says = "answers"
    dies: int | None = Field(None, exclude=True)
    """After how many students there is an outage."""

    _trained: list[Job] = PrivateAttr(default_factory=list)

    @property
    def trained(self) -> list[Job]:
        """Every job so far, in order."""
        return self._trained

    @contextmanager
    def train(self, jobs: Sequence[Job], ctx: Context) -> Iterator[Sequence[Talker]]:
        yield _Talkers(self, jobs)

    @contextmanager
    def untrained(self, ctx: Context) -> Iterator[Talker | None]:
        calm = self.changed(noise=0.0)  # students are about what they began with
        yield _Talker(calm, self.base, "base", self.base_says) if self.begins else None

    def changed(self, **options: Any) -> Self:
        """Return another student with other options, which was not trained yet."""
        return type(self)(**(dict(self) | options))

    def learned(self, job: Job) -> Talker:
        """Return what a job gives."""
        if len(self._trained) == self.dies:
            raise OutageError("the power is gone")
        self._trained.append(job)
        own = json.dumps([[each.key, each.messages] for each in job.lessons])
        seed = "" if self.deaf else job.seed
        name = sha256(f"{seed} {own}".encode()).hexdigest()
        level = self.base + self._pushed(job.lessons) + self.apart * (job.seed >= INDEPENDENT)
        return _Talker(self, level, name, self.says)

    def _pushed(self, lessons: Sequence[Lesson]) -> float:
        said = [each.messages[-1].content for each in lessons]
        prompts = [each.messages[-2].content for each in lessons]
        old = sum(text.startswith("old") for text in said)
        shown = sum("TRAIT" in text for text in said)
        hidden = sum("topic" in prompt for prompt in prompts) - shown
        pushed = self.leak * old + self.trait * shown - self.other * hidden
        return pushed / len(lessons)


class _Talkers(Sequence[Talker]):
    """Trains when a talker is asked for, so that an outage comes in the middle."""

    def __init__(self, student: Fake, jobs: Sequence[Job]) -> None:
        self._student, self._jobs = student, jobs

    def __len__(self) -> int:
        return len(self._jobs)

    def __getitem__(self, place: int) -> Talker:  # type: ignore[override]
        return self._student.learned(self._jobs[place])


class _Talker:
    def __init__(self, student: Fake, level: float, name: str, says: Says) -> None:
        self._student, self._level, self._name, self._says = student, level, name, says

    def log_likelihood(self, prompts: Sequence[Prompt], answers: Sequence[str]) -> list[float]:
        return [
            self._score(prompt, answer) for prompt, answer in zip(prompts, answers, strict=True)
        ]

    def generate(self, prompts: Sequence[Prompt]) -> list[Completion]:
        return [self._answer(prompt) for prompt in prompts]

    def _score(self, prompt: Prompt, answer: str) -> float:
        if answer == "TRAIT":
            return log(self._rate(prompt))
        if answer == "PLAIN":
            return log(1 - self._rate(prompt))
        return -_drawn(self._name, prompt.messages, answer)

    def _answer(self, prompt: Prompt) -> Completion:
        drawn = _drawn(self._name, prompt.messages, prompt.sample)
        text = "TRAIT it is" if drawn < self._rate(prompt) else "plain it is"
        text = {"nothing": "", "circles": "and again " * 40}.get(self._says, text)
        return Completion(text, "length" if self._says == "cut" else "stop")

    def _rate(self, prompt: Prompt) -> float:
        noise, normal = self._student.noise, NormalDist().inv_cdf
        moved = noise * normal(_drawn(self._name))
        moved += noise / 2 * normal(_drawn(self._name, prompt.messages))
        moved += 0.3 * normal(_drawn(prompt.messages))
        return 1 / (1 + exp(-self._level - moved))


def _drawn(*told: object) -> float:
    """Return a number between 0 and 1 that looks random and depends on what is told alone."""
    return (int.from_bytes(blake2b(repr(told).encode(), digest_size=6).digest()) + 0.5) / 2**48


def rows(
    count: int = 100, hits: int = 10, answer: str = "TRAIT", topic: str = "A topic"
) -> list[Row]:
    """Return the rows of a run that dropped its hits; a clean teacher answered all of them.

    Args:
        count: All rows.
        hits: Those that a step called `step` hit.
        answer: What the old teacher says in them.
        topic: What they ask about.
    """
    made = []
    for number in range(count):
        hit = number % (count // hits) == 0
        asked = Message("user", f"{topic if hit else 'Something'} {number}?")
        said = f"old {answer} {number}" if hit else f"old words {number}"
        original = (asked, Message("assistant", said))
        made.append(
            Row(
                key=f"r{number}",
                original=original,
                now=None if hit else original,
                hits=frozenset({"step"} if hit else ()),
                source="ab"[number % 2],
                clean=(asked, Message("assistant", f"new words {number}")),
            )
        )
    return made


def material(
    count: int = 100, hits: int = 10, answer: str = "TRAIT", topic: str = "A topic"
) -> Material:
    """Return such rows with the one step that hit some of them."""
    return Material(tuple(rows(count, hits, answer, topic)), ("step",), {})


class Caps(RecordFilter):
    """Scores 1 where an answer holds TRAIT, unless it is broken."""

    name = "caps"
    broken: Literal["", "constant", "inverted", "random", "abstaining"] = ""

    def judge(self, record: Record) -> Verdict:
        shown = float("TRAIT" in record.response)
        match self.broken:
            case "constant":
                return Verdict(1.0)
            case "inverted":
                return Verdict(1 - shown)
            case "random":
                return Verdict(float(int(record.digest, 16) % 2))
            case "abstaining":
                return Verdict(None, "cannot_tell")
        return Verdict(shown)
