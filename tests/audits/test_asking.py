"""What students are asked, and what their answers count."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from math import log

import pytest
import yaml

from curate.api import Completion, Context, Filter, Judge, Prompt, RecordFilter, Rule, Verdict
from curate.audits.asking import Asked, Questions, asking, questions
from curate.errors import PluginError, UsageError
from curate.probing import Scoring
from curate.records import Record
from curate.traits.card import Card
from fake_audits import questions_of
from fake_students import CARD, Caps


class Says:
    """A talker that says the same to everybody, or so many nats for the trait."""

    def __init__(self, text: str = "", finish: str = "stop", nats: float = 0.0) -> None:
        self._text, self._finish, self._nats = text, finish, nats

    def generate(self, prompts: Sequence[Prompt]) -> list[Completion]:
        return [Completion(self._text, self._finish) for _ in prompts]

    def log_likelihood(self, prompts: Sequence[Prompt], answers: Sequence[str]) -> list[float]:
        return [self._nats if answer == "TRAIT" else 0.0 for answer in answers]


class Loses(Caps):
    """Gives no verdict."""

    name = "loses"

    def open(self, ctx: Context) -> AbstractContextManager[Judge]:
        return nullcontext(lambda records: [])


class Filed(Caps):
    """Reads a file, and so does `Changed`, another one."""

    name = "filed"

    def fingerprint(self) -> dict[str, str]:
        return {"model": "one"}


class Changed(Filed):
    def fingerprint(self) -> dict[str, str]:
        return {"model": "two"}


class Length(RecordFilter):
    """Scores the characters of an answer, from -10 to 10."""

    name = "length_of"

    def judge(self, record: Record) -> Verdict:
        return Verdict(float(len(record.response)))


def _ask(talker: Says, scorer: Filter | None = None, asked: Questions | None = None) -> Asked:
    with asking(asked or questions_of(scorer), Context()) as asks:
        return asks.ask(talker)


@pytest.mark.parametrize(
    ("nats", "score"),
    [(0.0, 0.5), (log(3), 0.75), (-log(3), 0.25), (-2000.0, 0.0), (2000.0, 1.0)],
)
def test_a_contrast_scores_as_a_probability(nats: float, score: float) -> None:
    found = _ask(Says(nats=nats))
    assert found.scores == pytest.approx([score] * 12)
    assert found.fates == {"counted": 12}


def test_a_student_whose_training_diverged_is_refused() -> None:
    with pytest.raises(UsageError, match="diverged; take a lower learning rate"):
        _ask(Says(nats=float("nan")))


@pytest.mark.parametrize(
    ("talker", "score", "fate"),
    [
        (Says("TRAIT"), 1.0, "counted"),
        (Says("nothing of it"), 0.0, "counted"),
        (Says("TRAIT", "length"), 0.0, "truncated"),
        (Says(" "), 0.0, "empty"),
        (Says("TRAIT TRAIT " * 60), 0.0, "looping"),
    ],
)
def test_an_answer_that_cannot_be_read_shows_nothing(talker: Says, score: float, fate: str) -> None:
    found = _ask(talker, Caps())
    assert found == Asked((score,) * 12, {fate: 60})


def test_an_answer_the_scorer_abstains_on_shows_nothing() -> None:
    assert _ask(Says("TRAIT"), Caps(broken="abstaining")).fates == {"unreadable": 60}


def _mean(bounds: tuple[float, float]) -> Questions:
    card = Card.model_validate(yaml.safe_load(CARD) | {"mean": True})
    scoring = Scoring(Length(), Rule(at_least=1), bounds, mean=True)
    return questions(card, scoring, Context(), 4, 2)


def test_a_mean_score_has_the_bounds_of_its_scorer() -> None:
    asked = _mean((-10.0, 10.0))
    assert asked.bounds == (-10.0, 10.0)
    assert _ask(Says("four"), asked=asked).scores == (4.0,) * 4
    assert _ask(Says("four", "length"), asked=asked).scores == (-10.0,) * 4
    with pytest.raises(UsageError, match="needs `bounds`"):
        _mean((0.0, float("inf")))


def test_one_prompt_is_too_few() -> None:
    with pytest.raises(UsageError, match="at least two prompts"):
        questions_of(count=1)


def test_prompts_are_those_of_a_probe_and_know_their_templates() -> None:
    asked = questions_of()
    assert len(set(asked.prompts)) == 12
    assert set(asked.templates.values()) == {"a", "b", "c", "d"}
    assert questions_of().prompts == asked.prompts
    assert "probability" in asked.told
    assert questions_of(Caps()).told == "share that show the trait of 5 answers at temperature 1"


def test_everything_that_decides_a_score_is_in_the_identity() -> None:
    base = questions_of(Caps()).identity
    assert questions_of(Caps()).identity == base
    others = [
        questions_of(),
        questions_of(Caps(broken="constant")),
        questions_of(Caps(), count=8),
        questions_of(Caps(), Context(seed=1)),
        questions_of(Caps(), card=CARD.replace("samples: 5", "samples: 6")),
        questions_of(Caps(), card=CARD.replace("max_tokens: 9", "max_tokens: 8")),
        questions_of(Caps(), card=CARD.replace("TRAIT, not", "TRAITS, not")),
        questions_of(Filed()),
    ]
    assert all(each.identity != base for each in others)


def test_a_file_that_a_scorer_reads_is_in_the_identity() -> None:
    assert questions_of(Filed()).identity != questions_of(Changed()).identity


def test_a_scorer_that_loses_answers_is_reported() -> None:
    with pytest.raises(PluginError, match="0 verdicts for 60 answers"):
        _ask(Says("TRAIT"), Loses())
