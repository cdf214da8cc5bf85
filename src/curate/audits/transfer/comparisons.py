"""The comparisons of an audit, each a weighted sum of arms, on the scale of its ends.

leak-through        (drop - clean) / (untouched - clean)
switch efficacy     (untouched - switch) / (untouched - clean)
advantage           (as many other rows dropped - drop) / (untouched - clean)
sufficiency         (clean + hits - clean) / (untouched - clean)
subliminal index    what is left with one base beyond what is left with another
"""

from __future__ import annotations

from collections.abc import Mapping

from curate.audits.statistics.bootstrap import Bootstrap
from curate.audits.statistics.effects import Effect, Scale, measure
from curate.audits.statistics.outcomes import Contrast, minus
from curate.audits.transfer.arms import (
    CLEAN,
    DROP,
    MATCHED_DROP,
    RANDOM_DROP,
    RANDOM_SWITCH,
    SUFFICIENT,
    SWITCH,
)
from curate.audits.transfer.design import Design
from curate.audits.trial import BASE

OTHER = ", other base"
"""Ends the name of an arm whose students begin with another base."""


def comparisons(scale: Scale) -> dict[str, Contrast]:
    """Return every comparison by name, whether its arms were trained or not."""
    zero, one = scale.zero, scale.one
    return {
        f"leak-through of {DROP}": minus(DROP, zero),
        "switch efficacy": minus(one, SWITCH),
        f"advantage of {SWITCH} over {DROP}": minus(DROP, SWITCH),
        f"advantage of {DROP} over chance": minus(RANDOM_DROP, DROP),
        f"advantage of {DROP} over like rows": minus(MATCHED_DROP, DROP),
        f"advantage of {SWITCH} over chance": minus(RANDOM_SWITCH, SWITCH),
        "sufficiency": minus(SUFFICIENT, CLEAN),
        "position of the base": minus(BASE, zero),
        "subliminal index": {DROP: 1.0, CLEAN: -1.0, DROP + OTHER: -1.0, CLEAN + OTHER: 1.0},
    }


def compare(plan: Design, bootstrap: Bootstrap) -> tuple[tuple[Effect, ...], Mapping[str, str]]:
    """Return the comparisons that can be made, and for the others what is missing."""
    there = bootstrap.outcomes.arms
    made, missing = [], {}
    for name, contrast in comparisons(plan.scale).items():
        lacking = [arm for arm in contrast if arm not in there]
        if lacking:
            missing[name] = "; ".join(dict.fromkeys(_why(plan, arm) for arm in lacking))
        else:
            made.append(measure(bootstrap, plan.scale, name, contrast))
    return tuple(made), missing


def _why(plan: Design, arm: str) -> str:
    if arm == BASE:
        return "the student has no model to begin with"
    here = arm.removesuffix(OTHER)
    if here in plan.arms:
        return f"{arm}: --other-base was not given"
    return f"{here}: {plan.left_out[here]}"
