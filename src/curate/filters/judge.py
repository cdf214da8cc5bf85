"""A language model as a filter: a rubric in, a score and a reason out."""

import sys
from collections.abc import Generator as Steps
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar, Self

from pydantic import Field, model_validator

from curate.api import (
    Completion,
    Context,
    Filter,
    Generator,
    Inner,
    Message,
    Prompt,
    Record,
    Rule,
    Scope,
    Talker,
    Verdict,
)
from curate.api import (
    Judge as Judging,
)
from curate.dialogue import Flow, drive
from curate.errors import PluginError
from curate.filters.rubric import agreement, asking
from curate.filters.rubric.asking import Example
from curate.filters.rubric.reading import Answer, read


class Judge(Filter):
    """Scores a text with a language model, by a rubric in plain words.

    The model answers on the rubric's `scale`; the score is that number brought to 0..1, where 1 is
    the scale's upper end. An answer that cannot be read, even when asked once more, is an
    abstention with the raw text in the evidence. A service that does not answer ends the run as
    incomplete; it is never a verdict.

        - use: judge
          with:
            rubric: The answer doubts that the present year can be 2026.
            generator: {use: openai, with: {model: some-model}}
          when: {at_least: 0.5}
          do: drop
    """

    name: ClassVar[str] = "judge"
    concurrent: ClassVar[bool] = True
    timeout: ClassVar[float] = 24 * 3600.0
    """The generator has its own timeouts; this only ends what is truly stuck."""

    generator: Inner[Generator] = Field(description="the model that judges: {use, with}")
    rubric: str = Field(description="what to look for, in plain words", min_length=1)
    scale: tuple[float, float] = Field((0.0, 10.0), description="lowest and highest number to give")
    examples: tuple[Example, ...] = Field((), description="texts with the score they should get")
    scope: Scope = Field("assistant", description="which text of a record is read")
    compare: bool = Field(False, description="preference pairs: chosen against rejected")
    both_orders: bool = Field(
        False, description="ask twice, examples (or the pair) in both orders, and take the mean"
    )
    think: bool = Field(False, description="a first round of thinking before the number")
    samples: int = Field(1, ge=1, description="how often each question is asked; the mean counts")
    temperature: float = Field(0.0, ge=0, description="of the judging model")
    max_tokens: int = Field(300, gt=0, description="of one answer")
    window: int = Field(
        20_000, gt=0, description="longer texts are judged in pieces of so many characters"
    )
    calibration: str | None = Field(
        None, description='JSONL of {"text", "label"}: agreement is printed before the run'
    )
    label_at: float = Field(
        0.5, ge=0, le=1, description="score from which the judge counts as saying yes, to calibrate"
    )
    min_agreement: float | None = Field(
        None, ge=0, le=1, description="share of the calibration set the judge must agree on"
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if not self.scale[0] < self.scale[1]:
            raise ValueError("scale: [low, high] needs low < high")
        if self.samples > 1 and not self.temperature:
            raise ValueError("samples above 1 need a temperature above 0: else all are the same")
        if self.min_agreement is not None and self.calibration is None:
            raise ValueError("min_agreement needs a calibration set")
        if outside := [e.score for e in self.examples if not self._in_scale(e.score)]:
            raise ValueError(f"an example's score {outside[0]:g} is outside the scale")
        return self

    @contextmanager
    def open(self, ctx: Context) -> Iterator[Judging]:
        """Open the model, calibrate, and yield the judge.

        Raises:
            PluginError: the judge agrees with people less than `min_agreement`.
        """
        with self.generator.open(ctx) as talker:
            if self.calibration is not None:
                self._calibrate(talker, self.calibration)
            yield lambda records: drive([self.flow(record) for record in records], talker.generate)

    def flow(self, record: Record) -> Flow[Verdict]:
        """Judge one record, a prompt at a time."""
        if self.compare:
            return self._pair(record)
        return self.text_flow(record.text(self.scope))

    def text_flow(self, text: str) -> Flow[Verdict]:
        """Judge one text, a prompt at a time; of several pieces the highest score counts."""
        if not text.strip():
            return Verdict(None, "empty")
        pieces = [text[at : at + self.window] for at in range(0, len(text), self.window)]
        best: Verdict | None = None
        for piece in pieces:
            asked = [asking.rate(self.rubric, self.scale, piece, self.examples)]
            if self.both_orders:
                asked.append(asking.rate(self.rubric, self.scale, piece, self.examples[::-1]))
            verdict = yield from self._verdict(asked, [False] * len(asked))
            if verdict.score is None:
                return verdict
            if best is None or best.score is None or verdict.score > best.score:
                best = verdict
        assert best is not None  # noqa: S101  (a text that is not blank has a piece)
        if len(pieces) == 1:
            return best
        return best._replace(evidence={**best.evidence, "pieces": len(pieces)})

    def _pair(self, record: Record) -> Flow[Verdict]:
        rejected = [turn.text for turn in record.turns if turn.role == "rejected"]
        if not rejected:
            return Verdict(None, "no_pair")
        prompt, chosen, other = record.prompt, record.response, rejected[-1]
        asked = [asking.compare(self.rubric, self.scale, prompt, chosen, other)]
        if self.both_orders:
            asked.append(asking.compare(self.rubric, self.scale, prompt, other, chosen))
        return (yield from self._verdict(asked, [False, True][: len(asked)]))

    def _verdict(
        self, asked: Sequence[tuple[Message, ...]], swapped: Sequence[bool]
    ) -> Flow[Verdict]:
        """Ask every question as often as wanted and take the mean; one unread answer abstains."""
        scores: list[float] = []
        last: Answer | None = None
        model = ""
        for messages, swap in zip(asked, swapped, strict=True):
            for sample in range(self.samples):
                answer, completion = yield from self._ask(messages, sample)
                model = completion.model
                if answer is None:
                    reason = "cut_off" if completion.finish == "length" else "unreadable"
                    return Verdict(None, reason, {"raw": completion.text, "model": model})
                last = answer
                scores.append(self._share(answer.score, swap=swap))
        assert last is not None  # noqa: S101  (at least one question was asked)
        evidence: dict[str, object] = {"why": last.reason, "model": model}
        if len(scores) > 1:
            evidence["scores"] = [round(score, 6) for score in scores]
        return Verdict(sum(scores) / len(scores), "", evidence)

    def _ask(
        self, messages: tuple[Message, ...], sample: int
    ) -> Steps[Prompt, Completion, tuple[Answer | None, Completion]]:
        """One question: think if wanted, answer, and once more if that could not be read."""
        if self.think:
            thought = yield self._prompt(asking.ending(messages, asking.THINK), sample)
            messages = asking.then(messages, thought.text, asking.FORM)
        else:
            messages = asking.ending(messages, asking.FORM)
        completion = yield self._prompt(messages, sample, formal=True)
        answer = read(completion.text, self.scale)
        if answer is None:
            again = asking.then(messages, completion.text, asking.AGAIN)
            second = yield self._prompt(again, sample, formal=True)
            answer = read(second.text, self.scale)
            completion = second if answer else completion
        return answer, completion

    def _prompt(
        self, messages: tuple[Message, ...], sample: int, *, formal: bool = False
    ) -> Prompt:
        form = asking.schema(*self.scale) if formal else None
        return Prompt(messages, self.max_tokens, self.temperature, sample, form)

    def _in_scale(self, score: float) -> bool:
        return self.scale[0] <= score <= self.scale[1]

    def _share(self, score: float, *, swap: bool) -> float:
        low, high = self.scale
        share = (score - low) / (high - low)
        return 1 - share if swap else share

    def _calibrate(self, talker: Talker, path: str) -> None:
        rows = agreement.load(Path(path))
        verdicts = drive([self.text_flow(row.text) for row in rows], talker.generate)
        rule = Rule(at_least=self.label_at)
        hits = [None if v.score is None else rule.hit(v.score) for v in verdicts]
        found = agreement.count(hits, [row.label for row in rows])
        sys.stderr.write(f"judge: {path}: {found}\n")
        if self.min_agreement is not None and found.share < self.min_agreement:
            raise PluginError(
                f"judge: agreement with {path} is {found.share:.0%}, below min_agreement "
                f"{self.min_agreement:.0%}: mend the rubric, its examples or the model"
            )
