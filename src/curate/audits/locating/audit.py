"""The audit: rank the rows, prove the ranking by switching, search, prove what was found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from curate import __version__, canonical
from curate.api import Context, Student
from curate.audits.asking import Asking, Questions
from curate.audits.locating import listing
from curate.audits.locating import report as told
from curate.audits.locating.groups import By, Group, grouped
from curate.audits.locating.probes import Probes, Spent
from curate.audits.locating.report import Bounds, PutBack, Report
from curate.audits.locating.scale import Scale
from curate.audits.locating.search import Located, search, units
from curate.audits.locating.validation import DRAWS, correlation, halves
from curate.audits.memory import memory
from curate.audits.rows import Material, Row
from curate.audits.trial import Progress
from curate.errors import UsageError
from curate.traits.intervals import Interval

LEAST = 0.02
"""The least gap between untouched and clean that is a scale, of the range of a score."""

Rank = Callable[[Sequence[Row], Questions, Context], Mapping[str, float]]
"""Gives each row that has a clean answer a score: what its own answer adds to the trait."""


@dataclass(frozen=True)
class Settings:
    """What an audit may be told."""

    seeds: int = 8
    """Fresh ones, by which the set is proved."""
    searched: int = 4
    """Those of each probe of the search."""
    groups: int = 48
    by: By = "prompts"
    pairs: int = 48
    """Of students with one half of the groups switched, and with the other."""
    margin: float = 0.15
    """Below it, on the scale clean = 0, untouched = 1, the trait is removed."""
    units: int = 200
    """Parts the ranking is cut into."""
    budget: int = 1000
    """Students that may be trained."""


def locate(
    material: Material,
    student: Student,
    asking: Asking,
    ctx: Context,
    rank: Rank,
    settings: Settings,
    progress: Progress = lambda _: None,
) -> Report:
    """Find the rows whose switch to a clean teacher's answers removes the trait.

    What the run hit is not used to find them; it is compared with them afterwards.

    Raises:
        UsageError: no row has a clean answer, there are too few prompts for the groups, rows cannot
            be ranked, or the budget is too small to begin.
        OutageError: a student or the scorer does not answer.
    """
    if settings.budget < 2 * settings.searched:
        raise UsageError(f"a budget of {settings.budget} students is too small to begin with")
    rows = [row for row in material.rows if row.clean is not None]
    if not rows:
        reasons = ", ".join(f"{name} {count:,}" for name, count in material.lacking.items())
        reasons = f" ({reasons})" if reasons else ""
        raise UsageError(
            f"no row has a clean teacher's answer{reasons}; name rollouts with --index"
        )
    groups = grouped(rows, settings.groups, settings.by, ctx)
    progress("ranking the rows")
    scores = rank(rows, asking.questions, ctx)
    with memory(student, asking.questions, ctx) as known:
        probes = Probes(material.rows, student, asking, ctx, known, settings.budget, progress)
        audit = _Audit(
            material, rows, groups, scores, student, asking.questions, probes, ctx, settings
        )
        return audit.run()


@dataclass(frozen=True)
class _Audit:
    material: Material
    rows: Sequence[Row]
    """Those with a clean answer."""
    groups: Sequence[Group]
    scores: Mapping[str, float]
    student: Student
    questions: Questions
    probes: Probes
    ctx: Context
    settings: Settings

    def run(self) -> Report:
        """Return the last report that the budget reaches."""
        scale = Scale(self.probes, self._everything, self._seeds("search", self.settings.searched))
        report = self._begun(scale.gap())
        try:
            for further in self._reports(report, scale):
                report = further
        except Spent:
            report = _ended(report, f"the budget of {self.probes.budget} students is spent")
        return report.model_copy(update={"students": self.probes.trained})

    def _reports(self, report: Report, scale: Scale) -> Iterator[Report]:
        """Yield reports, each of which knows more than the one before."""
        settings = self.settings
        low, high = self.questions.bounds
        if report.gap.low <= LEAST * (high - low):
            yield _ended(report, "switching everything does not lower the trait: nothing to locate")
            return
        report = report.model_copy(update={"validation": self._validation()})
        if not report.validation or not report.validation.holds:
            yield _ended(report, "the ranking is not shown to be better than chance")
            return
        yield report
        located = search(units(self.rows, self.scores, settings.units), scale, settings.margin)
        if located is None:
            yield _ended(report, "no set of rows was found whose switch removes the trait")
            return
        found = self._found(located)
        report = report.model_copy(update={"found": found})
        if not found.minimal:
            report = _ended(report, "a part of the set can be put back")
        elif found.fresh.value >= settings.margin:
            report = _ended(report, "fresh seeds do not confirm the set; search with more seeds")
        yield report

    def _begun(self, gap: Interval) -> Report:
        return Report(
            curate=__version__,
            seed=self.ctx.seed,
            card=self.questions.card.name,
            prompts=len(self.questions.prompts),
            student=canonical.plain(self.student),
            margin=self.settings.margin,
            rows=len(self.material.rows),
            switchable=len(self.rows),
            hits=len(self.material.hits & self._everything),
            lacking=dict(self.material.lacking),
            searched=self.settings.searched,
            judged=self.settings.seeds,
            gap=_bounds(gap),
            students=self.probes.trained,
            budget=self.probes.budget,
        )

    def _validation(self) -> told.Validation:
        predicted = [sum(self.scores[key] for key in group.keys) for group in self.groups]
        measured = halves(self.groups, self.settings.pairs, self.probes, self.ctx)
        found = correlation(predicted, measured, self.ctx)
        by_group = zip(self.groups, predicted, measured.effects(), strict=True)
        groups = [
            told.Group(example=group.name, rows=len(group.keys), predicted=one, measured=other)
            for group, one, other in by_group
        ]
        return told.Validation(
            groups=tuple(sorted(groups, key=lambda group: -group.predicted)),
            noise=measured.noise,
            students=len(measured.scores),
            correlation=found.value,
            p=found.p,
            low=found.low,
            high=found.high,
            draws=DRAWS,
        )

    def _found(self, located: Located) -> told.Found:
        keys, margin = located.keys, self.settings.margin
        fresh = Scale(self.probes, self._everything, self._seeds("fresh", self.settings.seeds))
        drawn = self.ctx.rng("locating", "as many").sample(sorted(self._everything), len(keys))
        hits = self.material.hits & self._everything
        return told.Found(
            ids=tuple(listing.ids(self.material.rows, keys)),
            named_too=listing.named_too(self.material.rows, keys),
            rows=len(keys),
            units=len(located.units),
            position=_bounds(located.position),
            checks=tuple(
                PutBack(unit=unit.number, rows=len(unit.keys), position=_bounds(position))
                for unit, position in zip(located.units, located.put_back, strict=True)
            ),
            minimal=all(position.high >= margin for position in located.put_back),
            fresh=_bounds(fresh.position(keys)),
            chance=_bounds(fresh.position(drawn)),
            precision=len(keys & hits) / len(keys) if keys else 0.0,
            recall=len(keys & hits) / len(hits) if hits else 0.0,
        )

    @property
    def _everything(self) -> frozenset[str]:
        return frozenset(row.key for row in self.rows)

    def _seeds(self, name: str, count: int) -> tuple[int, ...]:
        """Return seeds of their own for each part, so that none judges what it helped to find."""
        first = self.ctx.rng("locating", "seeds", name).getrandbits(31)
        return tuple(range(first, first + count))


def _ended(report: Report, why: str) -> Report:
    return report.model_copy(update={"why": why})


def _bounds(interval: Interval) -> Bounds:
    return Bounds(value=interval.value, low=interval.low, high=interval.high)
