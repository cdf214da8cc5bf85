"""Scores do not depend on numpy, on the batch, or on what stands before a text."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from curate.fitting.model import Model
from curate.fitting.scoring import Scorer
from planted_labels import ANGRY, CALM, COMMON, fitted

WORDS = st.sampled_from([*ANGRY, *CALM, *COMMON, "Zug", "日本", "\0", "!!", "  ", "\ud83d"])
TEXTS = st.lists(st.lists(WORDS, max_size=80).map(" ".join), max_size=6)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return fitted(tmp_path_factory.mktemp("labels"))


@pytest.fixture(scope="module")
def scorer(made: Model) -> Scorer:
    return Scorer(made)


@pytest.fixture(scope="module")
def plain(made: Model) -> Scorer:
    return Scorer(made, fast=False)


@given(TEXTS)
@example(["", "\0", "a", "hate " * 500, "İ hate it"])
def test_numpy_changes_no_digit(scorer: Scorer, plain: Scorer, texts: list[str]) -> None:
    found = list(scorer.score(texts))
    assert found == list(plain.score(texts))
    assert list(scorer.reasons(texts, found)) == list(plain.reasons(texts, found))


@given(TEXTS)
def test_every_text_is_scored_as_if_alone(scorer: Scorer, texts: list[str]) -> None:
    assert list(scorer.score(texts)) == [next(scorer.score([text])) for text in texts]


def test_what_was_planted_decides(scorer: Scorer) -> None:
    angry, calm = scorer.score(["we had a terrible furious day", "we had a walking garden day"])
    assert angry.score > 0.8 > 0.2 > calm.score


def test_a_long_text_is_as_bad_as_its_worst_window(scorer: Scorer) -> None:
    calm = "we saw the garden and the river again today with other people " * 12
    bad = "they had awful horrible people today "
    hidden, without = scorer.score([calm + bad + calm, calm + calm])
    assert hidden.windows > 5
    assert hidden.start <= len(calm) <= hidden.end
    assert hidden.score > without.score


def test_reasons_are_the_words_that_made_the_score(scorer: Scorer) -> None:
    text = "We saw a garden. DISGUSTING people, Terrible morning!"
    (reasons,) = scorer.reasons([text], list(scorer.score([text])))
    words = [text[reason.start : reason.end] for reason in reasons]
    assert set(words[:2]) == {"DISGUSTING", "Terrible"}
    assert all(reason.adds > 0 for reason in reasons)


def test_reasons_lie_in_the_highest_window(scorer: Scorer) -> None:
    text = "we had the other people again " * 30 + "the worst" + " today they saw some of the" * 30
    scored = list(scorer.score([text]))
    (reasons,) = scorer.reasons([text], scored)
    assert text[reasons[0].start : reasons[0].end] == "worst"


def test_another_language_is_unlike(scorer: Scorer) -> None:
    german = "Der Zug nach Köln fährt heute um acht Uhr von Gleis drei ab"
    foreign, own = scorer.score([german, "we saw the garden and other people today"])
    assert foreign.unlike == 1
    assert own.unlike < 1


def test_works_without_numpy(made: Model, scorer: Scorer, tmp_path: Path) -> None:
    made.save(tmp_path / "m.safetensors")
    text = "they had a horrible day and hate it"
    code = (
        "import sys; sys.modules['numpy'] = None\n"
        "from pathlib import Path\n"
        "from curate.fitting import model\n"
        "from curate.fitting.scoring import Scorer\n"
        f"scorer = Scorer(model.load(Path({str(tmp_path / 'm.safetensors')!r})))\n"
        f"print(next(scorer.score([{text!r}])))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(next(scorer.score([text])))
