"""What an audit will do, decided before anything is trained: arms, seeds, scale, lines, family."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from curate.api import Context
from curate.audits.rows import Material
from curate.audits.statistics.effects import Scale
from curate.audits.statistics.power import needed, reachable, smallest_p
from curate.audits.transfer.arms import (
    AS_RUN,
    CLEAN,
    DROP,
    SWITCH,
    UNTOUCHED,
    Composed,
    compose,
)
from curate.audits.trial import BASE
from curate.audits.verdict import Rules
from curate.errors import UsageError, suggest

JUDGED = (AS_RUN, DROP, SWITCH)
"""The arms that get a verdict: the primary family."""


@dataclass(frozen=True)
class Design:
    """An audit that has not begun."""

    material: Material
    arms: Mapping[str, Composed]
    """Those that will be trained, by name, in order."""
    left_out: Mapping[str, str]
    """Arms that will not -> why."""
    seeds: tuple[int, ...]
    scale: Scale
    rules: Rules = field(default_factory=Rules)
    planted: bool = True
    """Whether a planted positive will be trained: without one nothing is ever called absent."""

    @property
    def family(self) -> tuple[str, ...]:
        """The comparisons whose p values are corrected together."""
        return tuple(name for name in JUDGED if name in self.arms)


def design(
    material: Material,
    ctx: Context,
    seeds: Sequence[int],
    *,
    has_base: bool,
    zero: str | None = None,
    only: Sequence[str] = (),
    rules: Rules | None = None,
    planted: bool = True,
) -> Design:
    """Return the design of an audit.

    Args:
        material: The rows of a run.
        ctx: Decides every draw.
        seeds: One paired student of every arm for each.
        has_base: Whether students begin with a model that can be asked itself.
        zero: The arm that is 0 on the scale, `clean` or `base`; by default clean, where there is
            one.
        only: The arms to train beside those the scale needs; by default all.
        rules: Where the lines are.
        planted: Whether a planted positive is trained.

    Raises:
        UsageError: there is no such arm, the run left nothing, or nothing could be 0.
    """
    made = compose(material, ctx)
    for name in only:
        if name not in made:
            raise UsageError(f"no arm is called {name!r}{suggest(name, made)}")
    left_out = {name: why for name, each in made.items() if (why := each.missing) is not None}
    if AS_RUN in left_out:
        raise UsageError("the run kept no record that a student could learn: nothing to audit")
    zero = zero or (BASE if CLEAN in left_out else CLEAN)
    if zero == CLEAN and CLEAN in left_out:
        raise UsageError(f"clean cannot be 0 on the scale: {left_out[CLEAN]}; see --index")
    if zero == BASE and not has_base:
        raise UsageError(
            "nothing can be 0 on the scale: there are no clean rollouts (--index) and the student "
            "has no model to begin with (--base)"
        )
    wanted = {UNTOUCHED, AS_RUN, zero, *only} if only else set(made)
    arms = {name: each for name, each in made.items() if name in wanted and name not in left_out}
    left_out |= {name: "not asked for (--arms)" for name in made if name not in wanted}
    return Design(
        material, arms, left_out, tuple(seeds), Scale(zero=zero), rules or Rules(), planted
    )


def check_reach(plan: Design, *, exploratory: bool) -> None:
    """Refuse a design in which no comparison could reach significance.

    Args:
        plan: The design.
        exploratory: The user knows, and wants to look all the same.

    Raises:
        UsageError: says how many seeds it would take.
    """
    pairs, tests = len(plan.seeds), len(plan.family)
    if exploratory or reachable(pairs, tests):
        return
    raise UsageError(
        f"{pairs} paired seeds cannot give p below {smallest_p(pairs):.2g}, and {tests} "
        f"comparisons are declared: none of them could be significant; take --seeds "
        f"{needed(tests)} or more, fewer --arms, or --exploratory to look all the same"
    )
