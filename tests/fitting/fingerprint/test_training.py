"""A fit on planted teachers: what is there is found, what is not there is not."""

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from curate.errors import InputError
from curate.fitting.fingerprint.model import Fingerprint
from curate.fitting.fingerprint.samples import Sample, read
from curate.fitting.fingerprint.training import Settings, fit
from planted_teachers import DISTINCT, STYLES, responses, shuffled

QUICK = Settings(folds=3, least=10)


@pytest.fixture(scope="module")
def planted() -> Fingerprint:
    return fit(responses(), 0, QUICK)


def test_planted_styles_are_told_apart(planted: Fingerprint) -> None:
    held = planted.facts.held_out
    assert planted.teachers == tuple(sorted(DISTINCT))
    assert held.accuracy.low > 0.8
    assert held.chance == 0.25
    assert held.bags is not None
    assert held.bags.value == 1.0


def test_fresh_responses_are_named_as_well_as_was_said(planted: Fingerprint) -> None:
    fresh = responses(prompts=200, seed=1)
    guesses = planted.predict([sample.text for sample in fresh])
    truth = np.array([planted.teachers.index(str(sample.teacher)) for sample in fresh])
    accuracy = (guesses.best == truth).mean()
    assert accuracy == pytest.approx(planted.facts.held_out.accuracy.value, abs=0.06)
    assert guesses.probabilities.max(axis=1).mean() == pytest.approx(accuracy, abs=0.06)


def test_shuffled_teachers_are_told_apart_by_chance_only() -> None:
    held = fit(shuffled(responses(prompts=100)), 0, QUICK).facts.held_out
    assert held.accuracy.low < 0.25 < held.accuracy.high
    assert all(cut.kept == 0 for cut in held.cuts if cut.confidence >= 0.7)


def test_what_was_asked_does_not_leak() -> None:
    """Each prompt has one teacher and words of its own: only rows of the same prompt help."""
    rng = random.Random(0)
    owners = {number: rng.choice(("a", "b")) for number in range(60)}
    samples = [
        Sample(f"word{number} again{number} {rng.random()}", owner, f"prompt {number}", None)
        for number, owner in owners.items()
        for _ in range(8)
    ]
    accuracy = fit(samples, 0, QUICK).facts.held_out.accuracy
    assert accuracy.low < 0.5 < accuracy.high
    leaky = [each._replace(prompt=str(n)) for n, each in enumerate(samples)]
    assert fit(leaky, 0, QUICK).facts.held_out.accuracy.value > 0.95


def test_the_same_seed_gives_the_same_model_whatever_the_order(planted: Fingerprint) -> None:
    samples = responses()
    random.Random(3).shuffle(samples)
    again = fit(samples, 0, QUICK)
    assert again.facts == planted.facts
    assert np.array_equal(again.weights, planted.weights)
    assert fit(samples, 1, QUICK).facts.held_out != planted.facts.held_out


def test_a_stranger_in_the_style_of_another_is_named_and_one_of_its_own_is_not() -> None:
    model = fit(responses(prompts=150), 0, QUICK)
    own = responses(("formal-mini",), prompts=150, seed=5)
    words = [f"zig{n} zag{n}" for n in range(9)]
    odd = [" ".join(random.Random(n).choices(words, k=10)) for n in range(150)]
    like, unlike = model.predict([sample.text for sample in own]), model.predict(odd)
    assert [model.teachers[best] for best in like.best].count("formal") > 120
    assert like.known.mean() > unlike.known.mean() + 0.2
    assert (unlike.confidence >= 0.7).mean() < 0.02


def test_every_teacher_is_left_out_and_its_twin_is_found() -> None:
    held = fit(responses(tuple(STYLES), prompts=80), 0, QUICK).facts.held_out
    by_name = {stranger.teacher: stranger for stranger in held.strangers}
    assert by_name.keys() == STYLES.keys()
    assert by_name["formal"].taken_for == "formal-mini"
    assert by_name["formal-mini"].taken_for == "formal"
    twins = by_name["formal"].named["0.5"]
    assert twins > max(by_name[name].named["0.5"] for name in ("chatty", "careful", "curt"))


def test_confidence_never_rises_with_the_share_of_strangers() -> None:
    texts = [sample.text for sample in responses(prompts=30, seed=1)]
    stated = [
        fit(responses(), 0, replace(QUICK, unknown=unknown)).predict(texts).confidence.mean()
        for unknown in (0.0, 0.2, 0.6)
    ]
    assert stated == sorted(stated, reverse=True)
    assert stated[0] > stated[2] + 0.05


def test_no_strangers_means_the_closed_set() -> None:
    model = fit(responses(prompts=20), 0, replace(QUICK, unknown=0.0))
    assert model.predict(["whatever this is", ""]).known.tolist() == [1.0, 1.0]


def test_of_two_teachers_none_can_be_left_out_so_confidence_is_capped() -> None:
    model = fit(responses(("formal", "chatty")), 0, QUICK)
    assert model.facts.held_out.accuracy.low > 0.9
    assert model.facts.held_out.strangers == ()
    guesses = model.predict([sample.text for sample in responses(("formal",))])
    assert guesses.confidence.max() <= 0.8
    assert guesses.confidence.max() > 0.75


def test_prompts_in_one_fold_only_are_said() -> None:
    few = [Sample(f"x {n}", "few", f"prompt {n % 10}", None) for n in range(30)]
    rest = responses(("formal",), prompts=10)
    fit([*few, *rest], 0, QUICK)  # ten prompts are enough
    with pytest.raises(InputError, match=r"by one teacher|it takes two"):
        fit([*few[:5], *rest], 0, QUICK)


@pytest.mark.slow
def test_eight_real_teachers(data_dir: Path) -> None:
    """The targets on one split; `benchmarks/fingerprint.py` measures five."""
    corpus = read([str(data_dir / "corpora" / "just_eval.*.jsonl")])
    prompts = sorted({sample.prompt for sample in corpus.samples})
    chosen = set(random.Random(0).sample(prompts, int(0.7 * len(prompts))))
    model = fit([sample for sample in corpus.samples if sample.prompt in chosen])
    test = [sample for sample in corpus.samples if sample.prompt not in chosen]
    guesses = model.predict([sample.text for sample in test])
    truth = np.array([model.teachers.index(str(sample.teacher)) for sample in test])
    accuracy = float((guesses.best == truth).mean())
    held = model.facts.held_out
    assert accuracy >= 0.57
    assert held.accuracy.value == pytest.approx(accuracy, abs=0.04)
    assert held.bags is not None
    assert held.bags.value >= 0.93
    named = [stranger.named["0.9"] for stranger in held.strangers]
    assert sum(named) / len(named) <= 0.05
