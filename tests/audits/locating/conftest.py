"""One base, one set of rows, and what students of them showed, for all tests here."""

import pytest
import yaml

import persona_world as world
from curate.api import Context, Rule
from curate.audits.asking import Asking, Questions
from curate.probing import Scoring
from curate.students.tiny_lm import TinyLM
from curate.traits.card import Card
from curate.traits.openings import openings


@pytest.fixture(scope="session")
def student(tmp_path_factory: pytest.TempPathFactory) -> TinyLM:
    base = world.base(tmp_path_factory.mktemp("locating") / "base")
    return TinyLM(base=base, **world.STUDENT)


@pytest.fixture(scope="session")
def ctx(tmp_path_factory: pytest.TempPathFactory) -> Context:
    """Remembers students, so that tests that train the same ones train them once."""
    return Context(cache=tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def asking(ctx: Context) -> Asking:
    card = Card.model_validate(yaml.safe_load(world.CARD))
    scoring = Scoring(None, Rule(at_least=0), (0, 1))
    return Asking(Questions(card, tuple(openings(card, ctx)), scoring, 1), None)
