"""Another teacher's response to the same conversation: `reroll`."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from curate.api import (
    Completion,
    Context,
    GaveUp,
    Generator,
    Hit,
    Inner,
    Message,
    Prompt,
    Record,
    Replacement,
    Rewrite,
    Rewriter,
)
from curate.dialogue import Flow, drive
from curate.index.unspoken import follows, unspoken
from curate.rewriters.families import related

_TALK = ("system", "user", "assistant", "rejected")
"""Roles a conversation has where no tool is used; `rejected` is not part of it."""


class Reroll(Rewriter):
    """Asks another teacher to answer the same conversation, and takes what it says.

    It sees the turns before the response, and never the response: a paraphrase carries the traits
    of what it paraphrases. With `turns: all` every assistant turn is written anew, each after the
    new ones before it; with `last`, earlier turns stay with who wrote them. A teacher of the
    record's own family is refused, by the name in the plan, the one that `input.aliases` gives it
    and the one the endpoint reports, since it would bring back the same traits. Each attempt is
    another sample.

    Why there is no answer is in the ledger: `no_response`, `has_tools`, `has_parts` (pictures, or
    tools to choose from), `goes_on` (something is said to the old answer), `no_prompt` (the turn
    does not answer a user), `same_family`, and `same_answer` for a second attempt at temperature 0.

    steps:
      - use: trait
        with: {card: date-confusion}
        do:
          rewrite:
            use: reroll
            with:
              generator: {use: openai, with: {model: some-model}}
              turns: all
          tries: 3
    """

    name: ClassVar[str] = "reroll"
    concurrent: ClassVar[bool] = True
    timeout: ClassVar[float] = 24 * 3600.0
    """The generator has its own timeouts; this only ends what is truly stuck."""

    generator: Inner[Generator] = Field(description="the model that answers: {use, with}")
    teacher: str | None = Field(
        None,
        min_length=1,
        description="what the rows shall call it; default: the generator's model",
    )
    turns: Literal["last", "all"] = Field(
        "last", description="the last assistant turn, or every one in its turn"
    )
    max_tokens: int = Field(2048, gt=0, description="of one answer; a longer one counts as cut off")
    temperature: float = Field(
        0.7, ge=0, description="of the answering model; at 0 there is no second attempt"
    )
    same_family: bool = Field(
        False, description="whether it may be of the family of the record's teacher"
    )
    families: dict[str, str] = Field(
        default_factory=dict, description="teacher -> family, where the name does not tell it"
    )

    @model_validator(mode="after")
    def _has_a_name(self) -> Self:
        if not self.writer:
            raise ValueError(
                f"say `teacher`, the name rows shall give: generator {self.generator.name!r} has "
                "no model to take it from"
            )
        return self

    @property
    def writer(self) -> str:
        """The new teacher's name, as rows and lineage have it."""
        if self.teacher is not None:
            return self.teacher
        return self.generator.label() if self._model else ""

    @contextmanager
    def open(self, ctx: Context) -> Iterator[Rewrite]:
        """Open the model and yield the function that asks it."""
        with self.generator.open(ctx) as talker:
            yield lambda hits: drive([self.flow(hit) for hit in hits], talker.generate)

    def flow(self, hit: Hit) -> Flow[Replacement | GaveUp]:
        """Rewrite one record, a turn at a time."""
        wanted = self._wanted(hit.record)
        if refusal := self._refuses(hit, wanted):
            return refusal
        said: list[Message] = []
        given: dict[int, Completion] = {}
        for position, turn in enumerate(hit.record.turns[: wanted[-1] + 1]):
            text = turn.text
            if position in wanted:
                prompt = Prompt(tuple(said), self.max_tokens, self.temperature, hit.attempt)
                given[position] = answer = yield prompt
                if self._is_kin(hit.record, answer.model):
                    return _same_family(hit.record, answer.model)
                if answer.finish != "stop" or not answer.text.strip():
                    break  # it will be refused: what comes after it need not be paid for
                text = answer.text
            if turn.role != "rejected":
                said.append(Message(turn.role, text))
        return self._replacement(given, hit)

    def _wanted(self, record: Record) -> list[int]:
        """Return the positions of the turns to be written anew."""
        assistant = [n for n, turn in enumerate(record.turns) if turn.role == "assistant"]
        return assistant if self.turns == "all" else assistant[-1:]

    def _refuses(self, hit: Hit, wanted: Sequence[int]) -> GaveUp | None:
        """Return why this record is not asked about at all, or None."""
        record = hit.record
        if reason := _unfit(record, wanted):
            return GaveUp(reason)
        for name in (self.writer, self._model):
            if self._is_kin(record, name):
                return _same_family(record, name)
        if hit.attempt and not self.temperature:
            return GaveUp("same_answer")
        return None

    @property
    def _model(self) -> str:
        model = getattr(self.generator, "model", None)
        return model if isinstance(model, str) else ""

    def _is_kin(self, record: Record, name: str) -> bool:
        """Say whether the family of a name, or of what the plan calls it, is the record's own."""
        if self.same_family or not name:
            return False
        names = {name, _in_plan(name, record)}
        return any(related(record.teacher, each, self.families) for each in names)

    def _replacement(self, given: Mapping[int, Completion], hit: Hit) -> Replacement:
        answers = list(given.values())
        last = answers[-1]
        evidence: dict[str, Any] = {
            "generator": self.generator.name,
            "model": last.model,
            "max_tokens": self.max_tokens,
            "temperature": self.temperature,
            "sample": hit.attempt,
            "finish": last.finish,
            "tokens_in": sum(answer.tokens_in for answer in answers),
            "tokens_out": sum(answer.tokens_out for answer in answers),
        }
        if not last.text.strip():
            evidence["blank"] = True
        return Replacement(
            {position: answer.text for position, answer in given.items()},
            _in_plan(self.writer, hit.record),
            "stop" if last.finish == "stop" else "length",
            evidence,
        )


def _in_plan(teacher: str, record: Record) -> str:
    """Return the teacher's name after the plan's `input.aliases`."""
    return record.view.canonical(teacher)


def _same_family(record: Record, name: str) -> GaveUp:
    return GaveUp("same_family", {"from": record.teacher, "to": name})


def _unfit(record: Record, wanted: Sequence[int]) -> str:
    """Return what makes it wrong to have these turns written by somebody else, or nothing."""
    if not wanted:
        return "no_response"
    if any(turn.role not in _TALK for turn in record.turns):
        return "has_tools"
    if unspoken(record):
        return "has_parts"
    if follows(record, wanted):
        return "goes_on"
    answers = all(_answers_a_user(record, position) for position in wanted)
    return "" if answers else "no_prompt"


def _answers_a_user(record: Record, position: int) -> bool:
    """Say whether what stands before a turn is a user who said something."""
    before = [turn for turn in record.turns[:position] if turn.role != "rejected"]
    return bool(before) and before[-1].role == "user" and bool(before[-1].text.strip())
