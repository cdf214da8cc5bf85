"""The controls of an audit that come from its students: order, answers, a planted trait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from curate.api import Context, Lesson, Student
from curate.audits.asking import Asking
from curate.audits.statistics.bootstrap import Bootstrap
from curate.audits.statistics.controls import Control, State, planted_control
from curate.audits.statistics.outcomes import Outcomes, minus
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
    """Return whether enough of what students said could be read.

    What was cut off is unknown, so more than 5 % of it in an arm fails the control; so does an arm
    in which most answers are empty, go round in circles or cannot be scored.
    """
    wrong = []
    for arm in arms:
        fates = trial.fates(arm)
        total = fates.total()
        cut, counted = fates["truncated"] / total, fates["counted"] / total
        if cut > TRUNCATED:
            wrong.append(f"{arm}: {cut:.0%} cut off")
        elif counted < UNCOUNTED:
            wrong.append(f"{arm}: only {counted:.0%} can be counted")
    told = "; ".join(wrong) or "the answers of all arms can be counted"
    return Control("answers", State.FAILED if wrong else State.PASSED, told)


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

    Every dose is tried with two seeds. The least effect that can be found is that of two arms of
    the same rows, or what the pilot's own spread foresees for all seeds, whichever is more.

    Returns:
        The trial with the planted arm; None where no dose is seen without saturating.
    """
    progress("planting a trait")
    few = trial.seeds[:PILOT]
    arms = {
        dose: planting.arm(into, lessons, dose, ctx, f"{PLANTED} {dose:g}")
        for dose in planting.DOSES
    }
    tried = train(list(arms.values()), few, student, asking, ctx, progress)
    known = outcomes(trial, asking)
    again = AGAIN if AGAIN in known.arms else UNTOUCHED
    noise = detectable(precision(known, minus(again, UNTOUCHED)))
    pilot = outcomes(_some(trial, few, into.name).with_(tried), asking)
    effects, least = {}, {}
    for tried_dose, tried_arm in arms.items():
        contrast = minus(tried_arm.name, into.name)
        foreseen = planned(components(pilot, contrast), len(trial.seeds), _templates(pilot))
        effects[tried_dose], least[tried_dose] = pilot.mean(contrast), max(noise, foreseen)
    room = known.bounds[1] - known.mean({into.name: 1.0})
    dose = planting.choose(effects, least, room)
    if dose is None:
        return None
    arm = planting.arm(into, lessons, dose, ctx)
    whole = train([arm], trial.seeds, student, asking, ctx, progress)
    told = (
        f"{dose:.2%} of the rows, chosen with {PILOT} seeds for an effect of {effects[dose]:.2g}, "
        f"{effects[dose] / least[dose]:.1f} times the least that can be found"
    )
    return Planted(trial.with_(whole), arm, dose, told)


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


def _some(trial: Trial, seeds: Sequence[int], arm: str) -> Trial:
    return Trial(tuple(seeds), {(arm, seed): trial.shown[arm, seed] for seed in seeds})


def _templates(found: Outcomes) -> int:
    return len(found.by_template(found.table({}))[1])
