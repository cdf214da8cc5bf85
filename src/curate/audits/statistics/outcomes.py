"""What came of an audit: the score of every arm, seed and prompt, paired."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from curate.errors import UsageError, suggest

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Contrast = Mapping[str, float]
"""A weighted sum of arms: `{"drop": 1, "clean": -1}` is drop minus clean."""


def minus(one: str, other: str) -> Contrast:
    """Return one arm minus another, which may be the same."""
    return {one: 1.0, other: -1.0} if one != other else {one: 0.0}


@dataclass(frozen=True, eq=False)
class Table:
    """The scores of one arm: a row for each seed, a column for each prompt.

    `seeds` is empty for a model no seed was spent on, such as the base: it has one row, which
    stands beside every seed of the other arms.
    """

    seeds: tuple[int, ...]
    prompts: tuple[str, ...]
    scores: Floats


@dataclass(frozen=True, eq=False)
class Outcomes:
    """The scores of all arms, `[seed, prompt]`, with the same seeds and prompts in each."""

    arms: Mapping[str, Floats]
    seeds: tuple[int, ...]
    templates: tuple[str, ...]
    """The template each prompt was made from, in the order of the columns."""
    bounds: tuple[float, float]
    """The least and the greatest score there can be."""

    @classmethod
    def paired(
        cls,
        tables: Mapping[str, Table],
        templates: Mapping[str, str],
        bounds: tuple[float, float] = (0.0, 1.0),
    ) -> Outcomes:
        """Return the tables side by side, seeds and prompts in the order of the first.

        Args:
            tables: The scores by arm.
            templates: The template of each prompt.
            bounds: The least and the greatest score there can be.

        Raises:
            UsageError: arms differ in seeds or prompts, there are fewer than two of either, a
                prompt has no template, a score is missing or out of bounds, or the bounds are not
                two numbers in order.
        """
        seeds = next((table.seeds for table in tables.values() if table.seeds), ())
        prompts = next((table.prompts for table in tables.values()), ())
        if min(len(seeds), len(prompts)) < 2:
            raise UsageError(
                f"{len(seeds)} seeds and {len(prompts)} prompts: an audit needs two of each at "
                "least, or nothing tells chance from effect"
            )
        if not -inf < bounds[0] < bounds[1] < inf:
            raise UsageError(
                f"scores between {bounds[0]:g} and {bounds[1]:g}: an audit needs a range, to say "
                "what is little of it"
            )
        _check(prompts, templates, "prompts without a template")
        arms = {
            name: _aligned(name, table, seeds, prompts, bounds) for name, table in tables.items()
        }
        return cls(arms, seeds, tuple(templates[prompt] for prompt in prompts), bounds)

    def table(self, contrast: Contrast) -> Floats:
        """Return the weighted sum of arms for each seed and prompt.

        Raises:
            UsageError: there is no such arm.
        """
        import numpy as np

        for arm in contrast:
            if arm not in self.arms:
                raise UsageError(f"no arm {arm!r} was trained{suggest(arm, self.arms)}")
        shape = (len(self.seeds), len(self.templates))
        return sum((w * self.arms[arm] for arm, w in contrast.items()), np.zeros(shape))

    def by_seed(self, contrast: Contrast) -> Floats:
        """Return the weighted sum of arms for each seed: the mean over its prompts."""
        means: Floats = self.table(contrast).mean(axis=1)
        return means

    def mean(self, contrast: Contrast) -> float:
        """Return the weighted sum of arms, over all seeds and prompts."""
        return float(self.table(contrast).mean())

    def by_template(self, table: Floats) -> tuple[Floats, Floats]:
        """Return the sums `[seed, template]` of a table `[seed, prompt]`, and the prompts in each.

        Where all prompts are of one template, every prompt counts as its own: what the audit then
        says holds for that template only.
        """
        import numpy as np

        names, places = np.unique(np.array(self.templates), return_inverse=True)
        if len(names) == 1:
            places = np.arange(len(self.templates))
        member = np.eye(int(places.max()) + 1)[places]
        return table @ member, member.sum(axis=0)


def _aligned(
    name: str,
    table: Table,
    seeds: tuple[int, ...],
    prompts: tuple[str, ...],
    bounds: tuple[float, float],
) -> Floats:
    """Return the scores with rows and columns in the order of `seeds` and `prompts`."""
    import numpy as np

    scores = np.asarray(table.scores, dtype=np.float64)
    wanted = (len(table.seeds) or 1, len(table.prompts))
    if scores.shape != wanted:
        raise UsageError(f"arm {name!r}: scores of shape {scores.shape}, but it names {wanted}")
    _check(prompts, table.prompts, f"arm {name!r}: prompts that are not the other arms'")
    if not table.seeds:
        scores = np.repeat(scores, len(seeds), axis=0)
    else:
        _check(seeds, table.seeds, f"arm {name!r}: seeds that are not the other arms'")
        scores = scores[[table.seeds.index(seed) for seed in seeds]]
    place = {prompt: number for number, prompt in enumerate(table.prompts)}
    scores = scores[:, [place[prompt] for prompt in prompts]]
    low, high = bounds
    wrong = np.argwhere(~((scores >= low) & (scores <= high)))  # so that NaN is wrong
    if len(wrong):
        row, column = wrong[0]
        raise UsageError(
            f"arm {name!r}, seed {seeds[row]}, prompt {prompts[column]!r}: score "
            f"{scores[row, column]:g} is not between {low:g} and {high:g}; leave a prompt that "
            "could not be scored out of every arm"
        )
    return scores


def _check(wanted: Iterable[object], there: Iterable[object], what: str) -> None:
    """Raise if one side names what the other does not, or names it twice; mappings may hold more.

    Raises:
        UsageError: they differ.
    """
    wanted, found = list(wanted), list(there)
    surplus = set() if isinstance(there, Mapping) else set(found) - set(wanted)
    odd = sorted((set(wanted) - set(found)) | surplus, key=str)
    if odd:
        raise UsageError(f"{what}: {', '.join(map(repr, odd[:3]))} ({len(odd)} in all)")
    if len(set(wanted)) < len(wanted) or len(set(found)) < len(found):
        raise UsageError(f"{what}: one is named twice")
