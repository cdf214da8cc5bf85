"""Kept rows on the way from no sign to a hit."""

from dataclasses import replace

import pytest

import mild_world as world
from curate.api import Context, Rule
from curate.audits.residue.bands import mass
from curate.audits.residue.doses import mild
from curate.audits.residue.grading import best, grade, kept, of_card
from curate.filters.length import Length
from curate.probing import Scoring

KINDS = {"hit": 3, "mild": 4, "plain": 5}


@pytest.mark.parametrize(
    ("rule", "scores", "strengths"),
    [
        (Rule(at_least=4), [0, 1, 2, 3], [0, 0.25, 0.5, 0.75]),
        (Rule(at_least=4), [0, 2, 4, 9], [0, 0.5, 1, 1]),
        (Rule(at_least=0), [-8, -4, -2], [0, 0.5, 0.75]),
        (Rule(at_most=0.2), [1, 0.6, 0.2], [0, 0.5, 1]),
        (Rule(outside=(10, 30)), [20, 15, 25, 11, 31], [0, 0.5, 0.5, 0.9, 1]),
        (Rule(at_least=1), [0, 0, 0], [0, 0, 0]),
        (Rule(at_least=1), [1, 1], [1, 1]),
        (Rule(at_least=1), [float("-inf"), 0, 0.5], [0, 0, 0.5]),
    ],
)
def test_strength_is_the_share_of_the_way_to_the_bound(
    rule: Rule, scores: list[float], strengths: list[float]
) -> None:
    found = grade("step", rule, {str(n): score for n, score in enumerate(scores)}, len(scores))
    assert list(found.strengths.values()) == pytest.approx(strengths)
    assert found.beyond == strengths.count(1)


def test_hits_that_are_gone_or_stayed_as_they_were_are_not_among_the_kept() -> None:
    material = world.material(KINDS)
    assert {row.key.split()[0] for row in kept(material)} == {"mild", "plain"}
    first, second, *others = material.rows
    stayed = replace(first, now=first.original)
    rewritten = replace(second, now=world.said(0, "it is fine"))
    changed = replace(material, rows=(stayed, rewritten, *others))
    assert {row.key for row in kept(changed)} == {row.key for row in (second, *others[1:])}


def test_bands_count_the_mild_rows_and_their_mass() -> None:
    rows = kept(world.material(KINDS))
    scores = {row.key: row.scores[world.STEP] for row in rows}
    found = mass(grade("step", Rule(at_least=2), scores, len(rows) + 2))
    assert {band.name: band.rows for band in found.bands if band.rows} == {
        "no sign": 5,
        "25 to 50 %": 4,
    }
    assert found.mass == pytest.approx(4 * 0.5 / 9)
    assert found.worth == pytest.approx(2)
    assert (found.scored, found.unscored, found.graded) == (9, 2, True)


def test_a_scorer_that_says_yes_or_no_is_told_from_one_that_found_nothing_mild() -> None:
    yes_or_no = grade("flat", Rule(at_least=1), {"a": 0.0, "b": 1.0}, 2)
    graded = grade("graded", Rule(at_least=1), {"a": 0.0, "b": 0.4}, 2)
    assert not yes_or_no.graded
    assert best([yes_or_no, graded]) is graded
    assert best([yes_or_no]) is None


def test_mild_rows_come_strongest_first_and_from_the_line_on() -> None:
    found = grade("step", Rule(at_least=10), {"a": 0, "b": 2, "c": 8, "d": 5}, 4)
    assert mild(found, Context(), 0.25) == ["c", "d"]
    assert mild(found, Context(), 0.2) == ["c", "d", "b"]


def test_a_card_scores_rewritten_rows_as_they_are_now() -> None:
    material = world.material({"hit": 2, "plain": 2})
    rewritten = replace(material.rows[0], now=world.said(0, "x" * 40))
    scorer = Length(unit="characters", min=1)
    found = of_card(
        "long",
        replace(material, rows=(rewritten, *material.rows[1:])),
        Scoring(scorer, Rule(at_least=50), (0, 100)),
        Context(),
    )
    assert found.scores[rewritten.key] == 40
    assert len(found.scores) == 3
