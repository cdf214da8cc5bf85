"""Gradients of texts, projected: what a small step on one does to another."""

from dataclasses import replace

import numpy as np
import pytest

import persona_world as world
from curate.api import Context, Prompt
from curate.students.tiny.checkpoint import Checkpoint, load
from curate.students.tiny.fresh import stacked
from curate.students.tiny.gradients import gradients, projected
from curate.students.tiny.talker import Seen, TinyTalker
from curate.students.tiny.tokens import Text
from curate.students.tiny.updates import Reach
from curate.students.tiny_lm import TinyLM

FULL = Reach("full", 1.0)
ROWS = world.rows(12)


@pytest.fixture(scope="module")
def base(student: TinyLM) -> Checkpoint:
    assert student.base is not None
    return load(student.base)


@pytest.fixture(scope="module")
def texts(base: Checkpoint) -> list[Text]:
    return [base.tokens.conversation(row.original) for row in ROWS]


def likelihoods(base: Checkpoint) -> np.ndarray:
    whole = Checkpoint(base.shape, stacked([base.weights]), base.tokens)
    talker = TinyTalker("nudged", whole, 0, Context(), Seen(0, 0, 0))
    said = talker.log_likelihood([Prompt(row.prompt) for row in ROWS], [row.answer for row in ROWS])
    return np.array(said)


def test_a_product_is_what_a_small_step_on_one_text_adds_to_another(base: Checkpoint) -> None:
    texts = []  # without the end of the answer, which a likelihood leaves out
    for row in ROWS:
        start, said = base.tokens.opening(row.prompt), base.tokens.encode(row.answer)
        texts.append(Text(start + said, [False] * len(start) + [True] * len(said)))
    leaves = gradients(base, FULL, texts[:1], seed=0)
    step = 1e-4
    nudged = {
        name: value + step * leaf[0]
        for (name, value), (leaf, _) in zip(base.weights.items(), leaves, strict=True)
    }
    added = (likelihoods(replace(base, weights=nudged)) - likelihoods(base)) / step
    found = projected(base, FULL, texts, seed=0, dims=2**15)
    norms = np.linalg.norm(found, axis=1) * np.linalg.norm(found[0])
    assert np.abs(found @ found[0] - added).max() < 0.04 * norms.max()
    assert np.corrcoef(found @ found[0], added)[0, 1] > 0.95


def test_what_is_frozen_teaches_nothing_and_what_is_quick_teaches_more(
    base: Checkpoint, texts: list[Text]
) -> None:
    slow = projected(base, Reach("bias", 1.0), texts, seed=0)
    quick = projected(base, Reach("bias", 4.0), texts, seed=0)
    assert np.allclose(quick, 2 * slow, atol=1e-5)
    frozen = Reach("bias", 1.0, {"norms": 0.0})
    less = np.linalg.norm(projected(base, frozen, texts, seed=0), axis=1)
    assert (less < np.linalg.norm(slow, axis=1)).all()


def test_a_text_has_the_same_gradient_whatever_is_read_beside_it(
    base: Checkpoint, texts: list[Text]
) -> None:
    together = projected(base, FULL, texts, seed=3)
    alone = projected(base, FULL, texts[4:5], seed=3)
    assert np.allclose(together[4], alone[0], atol=1e-4)


def test_a_text_in_which_nothing_is_said_teaches_nothing(
    base: Checkpoint, texts: list[Text]
) -> None:
    silent = texts[0]._replace(said=[False] * len(texts[0].ids))
    found = projected(base, FULL, [silent, texts[1]], seed=0)
    assert not found[0].any()
    assert found[1].any()
