"""A trained student talks, in the context it was trained in."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from curate.answers.failures import Refused
from curate.answers.recall import Recall
from curate.api import Completion, Context, Prompt
from curate.errors import UsageError
from curate.local_models.talker import LocalTalker
from curate.students.causal.pupil import Pupil, State


@dataclass(frozen=True, slots=True)
class Seen:
    """How a student reads, when it learns and when it answers, and what it could learn from."""

    template: str
    """The chat template."""
    length: int
    """Tokens it sees at once: a prompt and its answer too."""
    dtype: str
    lessons: int = 0
    cut: int = 0
    """Longer than a row, so their end was not learned."""
    left_out: int = 0
    """Of these the assistant says nothing within a row."""

    @property
    def template_sha256(self) -> str:
        """The name of the template."""
        return hashlib.sha256(self.template.encode("utf-8", "surrogatepass")).hexdigest()


class CausalTalker:
    """One student of many that share a model.

    Sampling is keyed by the run's seed, the job's seed and the prompt: the arms of one seed draw
    the same numbers, so that what differs between them is what they learned.

    Args:
        name: The job's, for messages.
        pupil: The model.
        state: The student's own weights.
        seed: The job's.
        ctx: The run's context.
        batch: Prompts answered at once.
        seen: What it learned from.
    """

    def __init__(
        self,
        name: str,
        pupil: Pupil,
        state: State,
        seed: int,
        ctx: Context,
        batch: int,
        seen: Seen,
    ) -> None:
        self.name, self.seen = name, seen
        self._pupil, self._state = pupil, state
        alone = replace(ctx, cache=None, replay=False)  # a student is never the same again
        identity = {"student": "hf", "job": seed}
        self._talker = LocalTalker(pupil.loaded, identity, Recall(alone), alone, batch)

    def generate(self, prompts: Sequence[Prompt]) -> list[Completion]:
        """Return one completion per prompt, in order.

        Raises:
            UsageError: a prompt is longer than what the student sees.
        """
        with self._talking():
            return self._talker.generate(prompts)

    def log_likelihood(self, prompts: Sequence[Prompt], answers: Sequence[str]) -> list[float]:
        """Return log P(answer | prompt) in nats for each pair.

        Raises:
            UsageError: a pair is longer than what the student sees.
        """
        with self._talking():
            return self._talker.log_likelihood(prompts, answers)

    @contextmanager
    def _talking(self) -> Iterator[None]:
        try:
            with self._pupil.wearing(self._state):
                yield
        except Refused as error:
            told = f"{self.name}: {error}; the student reads as it learned, with this `length`"
            raise UsageError(told) from None
