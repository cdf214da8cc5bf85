"""The self-check: transfer with the teacher's initialisation is seen, and vanishes without it.

It passes only where every part of it is shown, so no part is corrected for the others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from curate import __version__
from curate.audits.statistics.bootstrap import Bootstrap
from curate.audits.statistics.effects import Effect, Scale, leak_through, subliminal_index
from curate.audits.statistics.outcomes import Outcomes, Table
from curate.audits.statistics.power import ALPHA, needed, reachable
from curate.audits.subliminal import digits, training
from curate.audits.subliminal.arms import ARMS, TEACHER, UNTRAINED, Arm
from curate.audits.subliminal.report import Comparison, Found, Report, Student, Word
from curate.audits.subliminal.training import Progress, Recipe
from curate.audits.verdict import Rules
from curate.errors import UsageError
from curate.traits.intervals import Interval

_RECIPE, _RULES = Recipe(), Rules()
_TOLD = {UNTRAINED: "before anything was learned", TEACHER: "learned digits"}


def run(
    seeds: int = 8,
    seed: int = 0,
    progress: Progress = lambda _: None,
    arms: Sequence[Arm] = ARMS,
    recipe: Recipe = _RECIPE,
) -> Report:
    """Return whether transfer without any sign of the trait is seen, and vanishes when it should.

    Args:
        seeds: Teachers, each with a student of every arm.
        seed: Decides every draw.
        progress: Told what is being done.
        arms: The students; the first shares its teacher's initialisation, the others do not.
        recipe: How long and how fast they learn.

    Raises:
        UsageError: no number of so few seeds could show anything, or a package is not installed.
    """
    if not reachable(seeds):
        raise UsageError(
            f"{seeds} seeds: no difference could be told from chance with fewer than {needed()}"
        )
    train, held = digits.load(seed)
    right = training.answers(train, held, arms, range(seeds), seed, recipe, progress)
    bootstrap = Bootstrap(_outcomes(right, len(held.labels), seeds), seed)
    same, *controls = (arm.name for arm in arms)
    scale = Scale(UNTRAINED, same)
    transfer = _compared(same, UNTRAINED, leak_through(bootstrap, scale, same))
    beyond = tuple(
        _compared(same, each, subliminal_index(bootstrap, scale, same, each)) for each in controls
    )
    left = tuple(
        _compared(each, UNTRAINED, leak_through(bootstrap, scale, each)) for each in controls
    )
    verdict, because = _judged(transfer, beyond, left)
    told = _TOLD | {arm.name: arm.told for arm in arms}
    return Report(
        curate=__version__,
        seed=seed,
        seeds=seeds,
        recipe=asdict(recipe),
        alpha=ALPHA,
        most_left=_RULES.leaks,
        students=tuple(_student(bootstrap, name, told[name]) for name in right),
        transfer=transfer,
        beyond=beyond,
        left=left,
        verdict=verdict,
        because=because,
    )


def _outcomes(right: Mapping[str, Any], count: int, seeds: int) -> Outcomes:
    """Return who named what rightly; every digit is there, so none of them is a draw."""
    images = tuple(map(str, range(count)))
    tables = {
        name: Table(tuple(range(seeds)), images, found.double().numpy())
        for name, found in right.items()
    }
    return Outcomes.paired(tables, {image: image for image in images})


def _student(bootstrap: Bootstrap, name: str, told: str) -> Student:
    by_seed = bootstrap.outcomes.by_seed({name: 1.0})
    accuracy = _found(bootstrap.difference({name: 1.0}))
    return Student(name=name, told=told, accuracy=accuracy, by_seed=tuple(map(float, by_seed)))


def _compared(one: str, other: str, effect: Effect) -> Comparison:
    return Comparison(
        one=one,
        other=other,
        difference=_found(effect.scores),
        position=None if effect.position is None else _found(effect.position),
        p=effect.p,
    )


def _found(interval: Interval) -> Found:
    return Found(value=interval.value, low=interval.low, high=interval.high)


def _judged(
    transfer: Comparison, beyond: Sequence[Comparison], left: Sequence[Comparison]
) -> tuple[Word, str]:
    if not _more(transfer):
        return Word.NOT_VISIBLE, (
            f"{transfer.one} is not shown to name digits better than an untrained network"
        )
    for each in beyond:
        if not _more(each):
            return Word.STAYS, f"{each.one} is not shown to name digits better than {each.other}"
    for each in left:
        if each.position is None or each.position.high >= _RULES.leaks:
            return Word.STAYS, f"with {each.one} {_RULES.leaks:.0%} of the transfer may be left"
    return Word.VISIBLE, "every comparison came out as it must"


def _more(found: Comparison) -> bool:
    return found.difference.low > 0 and found.p <= ALPHA
