"""Points a trait card at anything that can talk, and reads the answers.

The same scorer that reads training rows reads the answers, so a rate among rows and a rate among
answers mean the same thing.
"""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from curate.api import (
    Completion,
    Context,
    Filter,
    Generator,
    Judge,
    Message,
    Prompt,
    Rule,
    Talker,
    Verdict,
)
from curate.dialogue import Flow, drive
from curate.errors import PluginError
from curate.records import Record
from curate.traits.card import Card, Pinned
from curate.traits.cases import conversation
from curate.traits.findings import Fate, Reading
from curate.traits.loops import loops
from curate.traits.openings import Opening


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model said, once, and what had been said before."""

    opening: Opening
    sample: int
    round: int
    """0 for the first answer of a conversation."""
    before: tuple[Message, ...]
    completion: Completion

    def record(self) -> Record:
        """Return the conversation up to and with the answer, as a row of messages."""
        said = (*self.before, Message("assistant", self.completion.text))
        return conversation(said, self.opening.id)


@dataclass(frozen=True)
class Scoring:
    """How answers are scored: scorers that are not open yet, and when their scores count."""

    scorer: Filter | None
    """None: by the likelihood of the card's two continuations."""
    rule: Rule
    bounds: tuple[float, float]
    """The least and the greatest score."""
    mean: bool = False
    """Whether the mean score is the result; else the share of answers that show the trait."""
    also: Mapping[str, tuple[Filter, Rule]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reader:
    """An open scorer, and when its score shows what it looks for."""

    judge: Judge
    rule: Rule

    def verdicts(self, records: Sequence[Record]) -> Sequence[Verdict]:
        """Return one verdict per record.

        Raises:
            PluginError: the scorer gave another number of them.
        """
        verdicts = self.judge(records) if records else ()
        if len(verdicts) != len(records):
            raise PluginError(
                f"the scorer gave {len(verdicts)} verdicts for {len(records)} answers; "
                "it must give one per answer, in order"
            )
        return verdicts

    def hit(self, verdict: Verdict) -> bool:
        """Say whether a verdict shows what is looked for; an abstention does not."""
        return verdict.score is not None and self.rule.hit(verdict.score)


def probe(
    card: Card,
    openings: Sequence[Opening],
    model: Generator,
    scoring: Scoring,
    ctx: Context,
    samples: int | None = None,
) -> list[tuple[Answer | None, Reading]]:
    """Open a model, ask it the prompts of a card, and return its answers as they count, in order.

    There are no answers where the likelihood of two continuations is compared.

    Raises:
        OutageError: the model does not answer, or the budget is spent.
        UsageError: the model cannot be opened, or gives no log-likelihoods.
    """
    with model.open(ctx) as talker:
        if scoring.scorer is None:
            found = contrast(openings, card, talker, scoring.rule)
            return [(None, reading) for reading in found]
        told = answers(card, openings, talker, samples)
    with ExitStack() as stack:  # the scorers come after the model: both may need the memory
        reader = Reader(stack.enter_context(on_last_answer(scoring.scorer).open(ctx)), scoring.rule)
        also = {
            name: Reader(stack.enter_context(on_last_answer(scorer).open(ctx)), rule)
            for name, (scorer, rule) in scoring.also.items()
        }
        return list(zip(told, read(told, reader, also), strict=True))


def answers(
    card: Card, openings: Sequence[Opening], talker: Talker, samples: int | None = None
) -> list[Answer]:
    """Return what a model says to the prompts of a card: what the card scores of it, in order.

    A conversation ends early with an answer that was cut off or is empty: nothing could follow it.

    Raises:
        OutageError: the model does not answer, or the budget is spent.
    """
    many = card.context.samples if samples is None else samples
    flows = [
        _converse(opening, card.context, sample) for opening in openings for sample in range(many)
    ]
    first = 0 if card.elicit.every else -1
    return [answer for told in drive(flows, talker.generate) for answer in told[first:]]


def read(
    told: Sequence[Answer], reader: Reader, also: Mapping[str, Reader] | None = None
) -> list[Reading]:
    """Return how each answer is to be counted, in order.

    Args:
        told: The answers.
        reader: Says whether an answer shows the trait.
        also: Readers of what else is looked for, by name.

    Raises:
        PluginError: a scorer gave another number of verdicts than it got records.
    """
    fates = [_fate(answer) for answer in told]
    records = [
        answer.record() for answer, fate in zip(told, fates, strict=True) if fate == "counted"
    ]
    verdicts = iter(reader.verdicts(records))
    others = {
        name: iter([each.hit(verdict) for verdict in each.verdicts(records)])
        for name, each in (also or {}).items()
    }
    readings = []
    for answer, fate in zip(told, fates, strict=True):
        opening = answer.opening
        reading = Reading((opening.id, answer.sample, answer.round), opening.template, fate)
        if fate == "counted":
            verdict, seen = next(verdicts), {name: next(hits) for name, hits in others.items()}
            reading = reading._replace(score=verdict.score, hit=reader.hit(verdict), also=seen)
            if verdict.score is None:
                reading = reading._replace(fate="unreadable")
        readings.append(reading)
    return readings


def contrast(openings: Sequence[Opening], card: Card, talker: Talker, rule: Rule) -> list[Reading]:
    """Return for each prompt by how many nats the continuation that shows the trait is likelier.

    Raises:
        UsageError: the model gives no log-likelihoods.
    """
    prompts = [_prompt(opening.messages, card.context, 0) for opening in openings]
    shows = talker.log_likelihood(prompts, [opening.shows for opening in openings])
    shows_not = talker.log_likelihood(prompts, [opening.not_ for opening in openings])
    return [
        Reading((opening.id, 0, 0), opening.template, "counted", one - other, rule.hit(one - other))
        for opening, one, other in zip(openings, shows, shows_not, strict=True)
    ]


def on_last_answer(scorer: Filter) -> Filter:
    """Return the scorer reading the last answer only, where it has an option `scope`.

    The record of an answer holds the conversation before it, earlier answers included.
    """
    if "scope" not in type(scorer).model_fields:
        return scorer
    return scorer.model_copy(update={"scope": "response"})


def _converse(opening: Opening, context: Pinned, sample: int) -> Flow[list[Answer]]:
    said, told = opening.messages, list[Answer]()
    for round_, reply in enumerate((*opening.replies, "")):
        completion = yield _prompt(said, context, sample)
        told.append(Answer(opening, sample, round_, said, completion))
        if completion.finish == "length" or not completion.text.strip():
            break
        said = (*said, Message("assistant", completion.text), Message("user", reply))
    return told


def _prompt(messages: tuple[Message, ...], context: Pinned, sample: int) -> Prompt:
    return Prompt(messages, context.max_tokens, context.temperature, sample)


def _fate(answer: Answer) -> Fate:
    text = answer.completion.text
    if answer.completion.finish == "length":
        return "truncated"
    if not text.strip():
        return "empty"
    return "looping" if loops(text) else "counted"
