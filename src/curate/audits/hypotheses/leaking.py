"""Whether rows that do not show the trait carry it: 2, 3a and 3b rest on that."""

from __future__ import annotations

from collections.abc import Callable

from curate.audits.diffing.measured import Measured
from curate.audits.diffing.names import BASE, ORIGINAL, SWITCHED, WITHOUT_MILD, drop
from curate.audits.hypotheses.finding import Evidence, more_than_margin
from curate.audits.statistics.outcomes import minus


def leak(found: Measured, of: Callable[[str], str] = str) -> list[Evidence]:
    """Return whether rows that do not show the trait give it.

    These are what is left without the hits, and without mild rows where they are known; where no
    row is a hit, all of them. They give it where there is more of it than the clean teacher gives,
    and more than the base has.

    Args:
        found: What was measured.
        of: Names an arm: by itself, or trained from the other base.
    """
    zero, one, base = of(SWITCHED), of(ORIGINAL), of(BASE)
    candidates = [WITHOUT_MILD]
    if not found.shown:
        candidates.append(ORIGINAL)
    elif found.hits is not None:
        candidates.append(drop(found.hits.name))
    arm = next(filter(found.has, map(of, candidates)), None)
    if arm is None or not found.has(zero, one):
        return []
    place = found.place(arm, zero, one)
    evidence = [Evidence("leaks", (arm,), place, more_than_margin(place, found.rules))]
    if found.has(base):
        above = found.on_scale(minus(arm, base), zero, one)
        said = more_than_margin(above, found.rules)
        evidence.append(Evidence("leaks above the base", (arm, base), above, said))
    return evidence
