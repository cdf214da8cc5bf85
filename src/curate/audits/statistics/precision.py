"""How precisely a difference of arms is known, from what differs between seeds and templates.

Seeds and templates are crossed: every seed answers every template. What the mean of a table varies
by is what seeds differ by, what templates differ by, and the rest, each over its number. The three
are estimated by the analysis of variance of the table of seeds and templates; what comes out
negative is 0. Degrees of freedom are Satterthwaite's (1946) for the terms that are left.
"""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

from curate.audits.statistics.outcomes import Contrast, Outcomes


class Precision(NamedTuple):
    """A difference of arms, its standard error, and the degrees of freedom of that error."""

    value: float
    error: float
    freedom: float


class Components(NamedTuple):
    """The variance one seed, one template, and one template of one seed add, in squared scores."""

    seeds: float
    templates: float
    rest: float

    def at(self, seeds: int, templates: int) -> tuple[float, float]:
        """Return the standard error of a mean over so many of each, and its degrees of freedom."""
        rest = self.rest / (seeds * templates)
        by_seed, by_template = self.seeds / seeds + rest, self.templates / templates + rest
        terms = [(by_seed, seeds - 1)] if self.seeds else []
        terms += [(by_template, templates - 1)] if self.templates else []
        if len(terms) != 1:
            terms.append((rest, (seeds - 1) * (templates - 1)))
        variance = self.seeds / seeds + self.templates / templates + rest
        doubt = sum(term**2 / freedom for term, freedom in terms)
        freedom = variance**2 / doubt if doubt else min(seeds, templates) - 1
        return sqrt(variance), max(freedom, 1.0)


def precision(outcomes: Outcomes, contrast: Contrast) -> Precision:
    """Return a difference of arms over all seeds and prompts with its standard error.

    The error is never below what one other answer would change: where all seeds and prompts agree
    there is no variance to see, and still the next might differ.
    """
    table = outcomes.table(contrast)
    templates = len(outcomes.by_template(table)[1])
    error, freedom = components(outcomes, contrast).at(len(outcomes.seeds), templates)
    return Precision(float(table.mean()), max(error, least(outcomes, contrast)), freedom)


def least(outcomes: Outcomes, contrast: Contrast) -> float:
    """Return the least standard error there can be: what one other answer would change."""
    low, high = outcomes.bounds
    answers = len(outcomes.seeds) * len(outcomes.templates)
    return (high - low) * max(map(abs, contrast.values()), default=0.0) / answers


def components(outcomes: Outcomes, contrast: Contrast) -> Components:
    """Return what a difference of arms varies by.

    Templates with more prompts weigh more, as they do in the mean: what counts is by how much each
    moves it (the linearised mean, in units of a template of average size).
    """
    table = outcomes.table(contrast)
    sums, sizes = outcomes.by_template(table - table.mean())
    seeds, templates = sums.shape
    moves = sums * templates / sizes.sum()
    by_seed, by_template = moves.mean(axis=1), moves.mean(axis=0)
    left = moves - by_seed[:, None] * sizes / sizes.mean() - by_template
    rest = float((left**2).sum()) / ((seeds - 1) * (templates - 1))
    between_seeds = float((by_seed**2).sum()) / (seeds - 1)
    between_templates = float((by_template**2).sum()) / (templates - 1)
    return Components(
        max(between_seeds - rest / templates, 0.0),
        max(between_templates - rest / seeds, 0.0),
        rest,
    )
