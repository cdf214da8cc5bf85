"""The probe finds kept rows that read like dropped ones, and nothing where there is nothing."""

import random

import pytest

from curate.api import Context, Message
from curate.audits.residue.probe import LEAST, Probe, probe
from curate.audits.rows import Material, Row

WORDS = [f"word{n}" for n in range(400)]
SIGNS = ["alas", "woe", "gloom", "dread", "tears", "sorrow", "grief", "doom"]


def _row(number: int, rng: random.Random, signs: int, *, dropped: bool, prompt: str = "") -> Row:
    words = rng.sample(WORDS, 30) + rng.sample(SIGNS, signs)
    rng.shuffle(words)
    said = (Message("user", prompt or f"prompt {number}"), Message("assistant", " ".join(words)))
    hits = frozenset({"step"} if dropped else ())
    return Row(str(number), said, None if dropped else said, hits)


def _planted(seed: int, signs: int = 4, missed: int = 30) -> tuple[Material, set[str]]:
    """90 dropped rows with signs, `missed` kept ones with signs, 400 without."""
    rng = random.Random(seed)
    rows = [_row(n, rng, signs, dropped=True) for n in range(90)]
    kept = [_row(100 + n, rng, signs, dropped=False) for n in range(missed)]
    plain = [_row(1000 + n, rng, 0, dropped=False) for n in range(400)]
    return Material((*rows, *kept, *plain), ("step",), {}), {row.key for row in kept}


def _found(material: Material, seed: int = 0, **more: int) -> Probe:
    found = probe(material, Context(seed=seed), **more)
    assert isinstance(found, Probe)
    return found


def test_planted_rows_come_first() -> None:
    material, planted = _planted(0)
    found = _found(material)
    assert found.auroc.low > 0.85
    assert set(list(found.likeness)[:30]) == planted
    assert list(found.likeness.values()) == sorted(found.likeness.values(), reverse=True)
    assert found.grade.graded


def test_mild_rows_with_fewer_signs_still_come_before_plain_ones() -> None:
    rng = random.Random(1)
    material, _ = _planted(1, missed=0)
    mild = [_row(5000 + n, rng, 2, dropped=False) for n in range(30)]
    found = _found(Material((*material.rows, *mild), ("step",), {}))
    keys = {row.key for row in mild}
    assert len(keys & set(list(found.likeness)[:30])) >= 24


def test_the_share_of_planted_rows_is_in_its_interval() -> None:
    """Which rows with signs were dropped is chance here, as the method assumes."""
    inside = 0
    for seed in range(4):
        found = _found(_planted(seed)[0], seed)
        assert found.positives is not None
        assert found.found is not None
        inside += found.positives.low <= 30 / 430 <= found.positives.high
        assert found.found.value == pytest.approx(0.75, abs=0.12)
    assert inside >= 3


def test_rows_dropped_by_chance_are_not_told_from_kept_ones() -> None:
    told = []
    for seed in range(6):
        rng = random.Random(seed)
        rows = [_row(n, rng, 0, dropped=n < 90) for n in range(400)]
        found = _found(Material(tuple(rows), ("step",), {}), seed)
        told.append(found.tells)
        assert found.tells or found.positives is found.found is None
        assert found.tells or not found.grade.strengths
        assert abs(found.auroc.value - 0.5) < 0.12
    assert sum(told) <= 1


def test_no_row_is_scored_by_a_model_that_saw_its_prompt() -> None:
    """Words that only answers to one prompt share must not tell: they say who, not what."""
    rng = random.Random(3)
    rows = []
    for prompt in range(60):
        own = [f"own{prompt}x{n}" for n in range(20)]
        for twin in range(4):
            said = (
                Message("user", f"Prompt  {prompt}"),
                Message("assistant", " ".join(rng.sample(own, 15))),
            )
            dropped = prompt < 25
            name, hits = f"{prompt}/{twin}", frozenset({"step"} if dropped else ())
            rows.append(Row(name, said, None if dropped else said, hits))
    assert _found(Material(tuple(rows), ("step",), {})).auroc.value < 0.65


def test_too_few_rows_are_said_to_be() -> None:
    rng = random.Random(0)
    rows = [_row(n, rng, 0, dropped=n < LEAST - 1) for n in range(100)]
    assert probe(Material(tuple(rows), ("step",), {}), Context()) == (
        "19 prompts have rows that were hits; a probe needs 20"
    )


def test_of_many_rows_some_are_drawn() -> None:
    found = _found(_planted(0)[0], most=60)
    assert (found.dropped, found.kept) == (60, 60)
    assert len(found.likeness) == 60
