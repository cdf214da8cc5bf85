"""The exact sign-flip test of paired seeds, and Holm's correction for a declared family."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from curate.errors import UsageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

EXACT = 16
"""Up to so many pairs all flips are counted; above, as many as 16 pairs have are drawn."""


def sign_flip(differences: Floats, seed: int = 0) -> float:
    """Return the two-sided p of paired differences: the share of sign flips with as far a mean.

    If arms do not differ, each seed's difference might as well have had the other sign. Exact for
    up to 16 pairs, never below 2 / 2^n; above, a Monte Carlo p that is never too small (Phipson &
    Smyth 2010). It speaks of other seeds on these prompts; an interval of `bootstrap` speaks of
    other templates too, so it may hold 0 where p is small.

    Args:
        differences: One for each seed.
        seed: Decides the draws above 16 pairs.

    Raises:
        UsageError: there is no difference.
    """
    import numpy as np

    count = len(differences)
    if not count:
        raise UsageError("no paired seeds to test")
    exact = count <= EXACT
    if exact:
        bits = np.arange(2**count)[:, None] >> np.arange(count) & 1
    else:
        bits = np.random.default_rng(seed).integers(0, 2, (2**EXACT, count))
    sums = np.abs((2 * bits - 1) @ differences)
    # equal sums of other order differ in their last bits
    reached = float(np.abs(np.sum(differences)) - 1e-9 * np.abs(differences).sum())
    extreme = int((sums >= reached).sum())
    return extreme / len(sums) if exact else (extreme + 1) / (len(sums) + 1)


def holm(found: Mapping[str, float], family: Sequence[str]) -> dict[str, float]:
    """Return the p values of a family, corrected so that one false alarm in it is rare.

    Holm (1979). A comparison that was declared and could not be made counts as p = 1: a family
    does not shrink by what failed.

    Args:
        found: The p values by comparison.
        family: The comparisons declared before anything was trained.

    Raises:
        UsageError: a comparison was not declared, or was declared twice.
    """
    undeclared = sorted(set(found) - set(family))
    if undeclared or len(set(family)) < len(family):
        raise UsageError(
            f"comparisons that were not declared before training: {', '.join(undeclared)}"
            if undeclared
            else "a comparison is declared twice"
        )
    corrected, last = {}, 0.0
    ordered = sorted(family, key=lambda name: (found.get(name, 1.0), name))
    for place, name in enumerate(ordered):
        last = max(last, min(1.0, found.get(name, 1.0) * (len(family) - place)))
        corrected[name] = last
    return {name: corrected[name] for name in family}
