"""The controls of an audit that come from its students: order, answers, a planted trait."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from curate.api import Context, Lesson, Student
from curate.audits.asking import Asking
from curate.audits.statistics.bootstrap import Bootstrap
from curate.audits.statistics.controls import Control, State, planted_control
from curate.audits.statistics.outcomes import Contrast, Outcomes, minus
from curate.audits.statistics.power import detectable, planned
from curate.audits.statistics.precision import components, precision
from curate.audits.transfer import planting
from curate.audits.transfer.arms import AGAIN, UNTOUCHED
from curate.audits.transfer.planting import PLANTED
from curate.audits.trial import Arm, Progress, Trial, outcomes, train
from curate.errors import UsageError
from curate.traits.findings import TRUNCATED

PILOT = 2
"""Seeds that every dose of a planted trait is tried with."""
UNCOUNTED = 0.5
"""Above this share of answers that show nothing readable, an arm's score means nothing."""


def check_randomness(trial: Trial) -> None:
    """Refuse students whose seed changes nothing: then the null control compares one with itself.

    Raises:
        UsageError: says so.
    """
    for seed in trial.seeds:
        if trial.shown[UNTOUCHED, seed].trace == trial.shown[AGAIN, seed].trace:
            raise UsageError(
                "students of another order and initialisation are the same to the last bit: the "
                "null control is void, so nothing can be said; train for more steps, or on more "
                "rows than one step takes"
            )


def answers_control(trial: Trial, arms: Sequence[str]) -> Control:
    """Return whether enough of what students said could be read, in each of these arms."""
    wrong = [f"{arm}: {why}" for arm in arms if (why := unreadable(trial, arm)) is not None]
    told = "; ".join(wrong) or "the answers of all arms can be counted"
    return Control("answers", State.FAILED if wrong else State.PASSED, told)


def unreadable(trial: Trial, arm: str) -> str | None:
    """Return why the score of an arm means nothing; None where it means something.

    What was cut off is unknown, so there may be 5 % of it; and most answers must neither be empty,
    nor go round in circles, nor be beyond the scorer.
    """
    fates = trial.fates(arm)
    total = max(1, fates.total())
    cut, counted = fates["truncated"] / total, fates["counted"] / total
    if cut > TRUNCATED:
        return f"{cut:.0%} cut off"
    return f"only {counted:.0%} can be counted" if counted < UNCOUNTED else None


@dataclass(frozen=True)
class Planted:
    """A planted positive that was trained."""

    trial: Trial
    arm: Arm
    dose: float
    told: str
    """How the dose was chosen."""


def plant(
    into: Arm,
    trial: Trial,
    student: Student,
    asking: Asking,
    ctx: Context,
    lessons: Sequence[Lesson],
    progress: Progress,
) -> Planted | None:
    """Train students on an arm with a trait planted in it, in a dose that is just seen.

    Every dose is tried with two seeds, and then the one between that chosen and the next lower
    one: effects may rise steeply.

    Returns:
        The trial with the planted arm; None where no dose is seen without saturating.
    """
    progress("planting a trait")
    rows = len(into.lessons(trial.seeds[0]))
    known = outcomes(trial, asking)
    room = known.bounds[1] - known.mean({into.name: 1.0})
    effects: dict[float, float] = {}
    least: dict[float, float] = {}

    def choose(doses: Iterable[float]) -> float | None:
        arms = {
            each: planting.arm(into, lessons, each, ctx, f"{PLANTED} {each:g}") for each in doses
        }
        tried = train(list(arms.values()), trial.seeds[:PILOT], student, asking, ctx, progress)
        pilot = outcomes(_pilot(trial, into.name).with_(tried), asking)
        for each, tried_arm in arms.items():
            contrast = minus(tried_arm.name, into.name)
            effects[each] = pilot.mean(contrast)
            least[each] = _least(known, pilot, contrast, len(trial.seeds))
        return planting.choose(effects, least, room)

    dose = choose(planting.doses(rows))
    if dose is not None and (middle := planting.between(effects, dose, rows)) is not None:
        dose = choose([middle])
    if dose is None:
        return None
    arm = planting.arm(into, lessons, dose, ctx)
    whole = train([arm], trial.seeds, student, asking, ctx, progress)
    told = (
        f"{dose:.2%} of the rows, chosen with {PILOT} seeds for an effect of {effects[dose]:.2g}, "
        f"{effects[dose] / least[dose]:.1f} times the least that can be found"
    )
    return Planted(trial.with_(whole), arm, dose, told)


def _least(known: Outcomes, pilot: Outcomes, contrast: Contrast, seeds: int) -> float:
    """Return the least effect that can be found.

    That of two arms of the same rows, or what the pilot's own spread foresees for all seeds,
    whichever is more.
    """
    again = AGAIN if AGAIN in known.arms else UNTOUCHED
    templates = len(pilot.by_template(pilot.table({}))[1])
    foreseen = planned(components(pilot, contrast), seeds, templates)
    return max(detectable(precision(known, minus(again, UNTOUCHED))), foreseen)


def _pilot(trial: Trial, arm: str) -> Trial:
    seeds = trial.seeds[:PILOT]
    return Trial(seeds, {(arm, seed): trial.shown[arm, seed] for seed in seeds})


def planted(bootstrap: Bootstrap, found: Planted | None, into: str) -> Control:
    """Return whether the planted trait was found."""
    if found is None:
        return Control(
            "planted positive",
            State.FAILED,
            f"no dose of planted rows, up to {max(planting.DOSES):.0%}, moves the score of "
            f"{into!r} by enough to be found, or all saturate it: this audit cannot see the trait",
        )
    control = planted_control(bootstrap, PLANTED, into)
    return Control(control.name, control.state, f"{control.words}; {found.told}")
