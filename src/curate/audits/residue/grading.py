"""How far a kept row goes towards a hit, from 0, no sign, to 1, the threshold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

from curate import ledger
from curate.api import Context, Rule
from curate.audits.rows import Material, Row
from curate.looking import thresholds
from curate.looking.rules import step_rules
from curate.probing import Reader, Scoring
from curate.traits.cases import conversation

PROBE = "probe"
MILD = 0.25
"""How far on the way to a hit a row is mild, at least."""
LIKEST = 0.8
"""The same by the probe, which only orders rows: the fifth that reads most like hits."""
_NEARLY = 1 - 1e-9
"""The strength of a score that is no hit, at most: a bound of `outside` is none."""
_BATCH = 256
"""Rows a scorer is asked for at once."""


@dataclass(frozen=True)
class Grade:
    """What one scorer says of the kept rows."""

    name: str
    """A step, a card, or `probe`."""
    rule: str
    """When a score is a hit."""
    scores: Mapping[str, float]
    """Row -> its score."""
    strengths: Mapping[str, float]
    """Row -> how far that is on the way from no sign to the threshold, 0 to 1."""
    unscored: int = 0
    """Kept rows that have no score, or none of their present text."""
    beyond: int = 0
    """Kept rows that are hits."""

    @property
    def mass(self) -> float:
        """The mean strength of a kept row."""
        return sum(self.strengths.values()) / len(self.strengths) if self.strengths else 0.0

    def mild(self, least: float) -> list[str]:
        """Return the rows at least so far on the way to a hit; of the probe, the likest fifth."""
        least = LIKEST if self.name == PROBE else least
        return sorted(key for key, strength in self.strengths.items() if strength >= least)

    @property
    def graded(self) -> bool:
        """Whether any score stands between no sign and the threshold."""
        return any(0 < strength < 1 for strength in self.strengths.values())


def kept(material: Material) -> tuple[Row, ...]:
    """Return the rows the run kept, without hits whose text is still as it was read."""
    hits = material.hits
    return tuple(
        row
        for row in material.rows
        if row.now is not None and (row.key not in hits or row.now != row.original)
    )


def of_steps(run: Path, material: Material) -> tuple[Grade, ...]:
    """Return what the audited steps scored the kept rows, as the ledger tells it.

    A row that was rewritten has another text now than the one that was scored.
    """
    rules = step_rules(ledger.summary(run))
    rows = kept(material)
    return tuple(
        grade(
            step,
            rules[step].rule,
            {row.key: row.scores[step] for row in rows if _same(row) and step in row.scores},
            len(rows),
        )
        for step in material.steps
    )


def of_card(name: str, material: Material, scoring: Scoring, ctx: Context) -> Grade:
    """Return what a card's scorer says of the kept rows, rewritten ones as they are now.

    Raises:
        OutageError: the scorer does not answer.
        PluginError: the scorer breaks its contract.
        UsageError: the scorer cannot be opened.
    """
    assert scoring.scorer is not None  # noqa: S101  (rows have no two continuations)
    rows = kept(material)
    scores: dict[str, float] = {}
    with scoring.scorer.open(ctx) as judge:
        reader = Reader(judge, scoring.rule)
        for at in range(0, len(rows), _BATCH):
            several = rows[at : at + _BATCH]
            records = [conversation(row.now or (), row.key) for row in several]
            for row, verdict in zip(several, reader.verdicts(records), strict=True):
                if verdict.score is not None:
                    scores[row.key] = verdict.score
    return grade(name, scoring.rule, scores, len(rows))


def grade(name: str, rule: Rule, scores: Mapping[str, float], rows: int) -> Grade:
    """Return the scores of `rows` kept rows with their strengths."""
    floor = _floor(rule, scores.values())
    return Grade(
        name=name,
        rule=str(rule),
        scores=scores,
        strengths={key: _strength(rule, floor, score) for key, score in scores.items()},
        unscored=rows - len(scores),
        beyond=sum(rule.hit(score) for score in scores.values()),
    )


def best(grades: Sequence[Grade], least: float = MILD) -> Grade | None:
    """Return the first grade by which some rows are mild, else the first one that has grades.

    None where no scorer is graded.
    """
    graded = [each for each in grades if each.graded]
    return next((each for each in graded if each.mild(least)), graded[0] if graded else None)


def _floor(rule: Rule, scores: Iterable[float]) -> float:
    """Return the score of no sign: what lies farthest from a hit.

    With two bounds that is their middle; else the score of a kept row that is farthest from the
    bound, as not every scorer has a least score.
    """
    bounds = thresholds.bounds(rule)
    if len(bounds) > 1:
        return sum(bounds) / len(bounds)
    finite = [score for score in scores if isfinite(score) and not rule.hit(score)]
    return max(finite, key=lambda score: abs(score - bounds[0]), default=bounds[0])


def _strength(rule: Rule, floor: float, score: float) -> float:
    if rule.hit(score):
        return 1.0
    bounds = thresholds.bounds(rule)
    bound = bounds[0] if score < floor else bounds[-1]
    if not isfinite(score) or bound == floor:
        return 0.0
    return min(max((score - floor) / (bound - floor), 0.0), _NEARLY)


def _same(row: Row) -> bool:
    return row.now == row.original
