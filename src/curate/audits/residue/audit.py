"""An audit of the residue: grade the kept rows, probe them, train students without mild ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from curate import __version__, canonical
from curate.api import Context, Student
from curate.audits.asking import Asking, Questions
from curate.audits.residue.bands import mass
from curate.audits.residue.doses import Doses, doses
from curate.audits.residue.grading import MILD, Grade, best, kept, of_card, of_steps
from curate.audits.residue.likeliest import likeliest
from curate.audits.residue.probe import MOST, Probe, probe
from curate.audits.residue.report import Probed, Report, Trained
from curate.audits.residue.response import response
from curate.audits.rows import Material
from curate.audits.statistics.bootstrap import Bootstrap
from curate.audits.transfer.arms import CLEAN
from curate.audits.trial import BASE, outcomes, train, untrained
from curate.audits.verdict import EXPLORATORY
from curate.errors import UsageError
from curate.probing import Scoring

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Settings:
    """How an audit is done."""

    least: float = MILD
    """How far on the way to a hit a row is mild, at least; the probe takes the likest fifth."""
    show: int = 5
    """Kept rows that are shown."""
    unmask: bool = False
    """Show what steps marked as sensitive."""
    most: int = MOST
    """Rows of a side that the probe reads at most."""


@dataclass(frozen=True)
class Students:
    """Who is trained and what they are asked."""

    student: Student
    questions: Questions
    seeds: Sequence[int]
    asking: Asking


def audit(
    run: Path,
    material: Material,
    ctx: Context,
    *,
    card: tuple[str, Scoring] | None = None,
    students: Students | None = None,
    settings: Settings = Settings(),
    progress: Progress = lambda _: None,
) -> Report:
    """Return what is left among the kept rows of a run.

    Args:
        run: The run directory.
        material: Its rows.
        ctx: Decides every draw.
        card: A card's name and its scorer of rows, which then grades the kept rows too.
        students: None: nobody is trained.
        settings: How it is done.
        progress: Told what is being done.

    Raises:
        OutageError: a scorer or a student does not answer.
        UsageError: numpy is missing, a scorer cannot be opened, or students cannot be trained.
    """
    progress("reading scores")
    grades = [*of_steps(run, material)]
    if card is not None:
        progress("scoring kept rows")
        grades.insert(0, of_card(card[0], material, card[1], ctx))
    found = probe(material, ctx, settings.most, progress)
    known = grades if isinstance(found, str) else [*grades, found.grade]
    grade = best(known, settings.least)
    trained, missing = None, {} if students else dict(_UNTRAINED)
    if students is not None:
        plan = doses(material, grade, ctx, settings.least)
        trained = _trained(plan, grade, students, ctx, settings, progress)
        missing = _missing(plan, trained, settings.least)
    if isinstance(found, str):
        missing["probe"] = found
    rows = kept(material)
    unchanged = [row for row in material.rows if row.now == row.original]
    return Report(
        curate=__version__,
        run=str(run),
        seed=ctx.seed,
        steps=material.steps,
        rows=len(material.rows),
        hits=len(material.hits),
        kept=len(rows),
        open_hits=sum(row.key in material.hits for row in unchanged),
        left_out=material.left_out,
        masses=tuple(map(mass, grades)),
        probe=None if isinstance(found, str) else _probed(found, run, material, settings),
        trained=trained,
        not_tested=missing,
    )


def _probed(found: Probe, run: Path, material: Material, settings: Settings) -> Probed:
    shown = likeliest(run, material, found.likeness, settings.show, unmask=settings.unmask)
    return Probed(
        dropped=found.dropped,
        kept=found.kept,
        auroc=found.auroc,
        by_length=found.by_length,
        tells=found.tells,
        found=found.found,
        positives=found.positives,
        likeliest=shown if found.tells else (),
    )


def _trained(
    plan: Doses,
    grade: Grade | None,
    students: Students,
    ctx: Context,
    settings: Settings,
    progress: Progress,
) -> Trained:
    student, asked, asking = students.student, students.questions, students.asking
    base = untrained(student, asking, ctx)
    if base is None and plan.zero == BASE:
        raise UsageError(
            f"nothing can be 0 on the scale: {plan.missing[CLEAN]} (--index), and the student has "
            "no model to begin with (--base)"
        )
    trial = train(plan.arms, students.seeds, student, asking, ctx, progress)
    found = outcomes(replace(trial, base=base), asking)
    return Trained(
        card=asked.card.name,
        card_version=asked.card.version,
        prompts=len(asked.prompts),
        score=asked.told,
        student=canonical.plain(student),
        seeds=tuple(students.seeds),
        exploratory=len(students.seeds) < EXPLORATORY,
        grade=grade and grade.name,
        mild=len(plan.doses[-1].rows) if plan.doses else 0,
        least=settings.least,
        scores={name: found.mean({name: 1.0}) for name in found.arms},
        arms={arm.name: arm.told for arm in plan.arms},
        response=response(Bootstrap(found, ctx.seed), plan),
    )


_UNTRAINED = {
    "dose-response": "--card CARD --student NAME trains students with fewer and fewer mild rows",
    "unexplained share": "the same students test it",
}


def _missing(plan: Doses, trained: Trained, least: float) -> dict[str, str]:
    """Return what these students do not test, and why."""
    missing = dict(plan.missing)
    if not plan.known:
        missing["dose-response"] = missing["unexplained share"] = (
            "no scorer tells mild rows from others; a judge (--judge) or a graded filter "
            "(--scorer) would"
        )
    elif not plan.doses:
        missing["dose-response"] = (
            f"by {trained.grade}, no kept row is {least:.0%} or more of the way to a hit; "
            "--mild moves that line"
        )
    return missing
