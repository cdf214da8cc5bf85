"""Audits with a known truth: scores that vary by seed, template and prompt, as students' do."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from curate.audits.statistics.outcomes import Outcomes, Table


@dataclass(frozen=True)
class Mix:
    """How far a share can be moved, as parts of its distance to 0 or 1; they sum to at most 1.

    `own` parts differ between arms; the others move all arms together.
    """

    seed: float = 0.1
    own_seed: float = 0.15
    template: float = 0.15
    own_template: float = 0.2
    prompt: float = 0.2
    own_prompt: float = 0.2


@dataclass(frozen=True)
class Design:
    """How many of each."""

    seeds: int = 8
    templates: int = 6
    prompts: int = 10
    """Of each template."""
    samples: int = 5
    """Answers to each prompt."""


def study(
    rng: np.random.Generator,
    levels: Mapping[str, float],
    mix: Mix | None = None,
    design: Design | None = None,
) -> Outcomes:
    """Return the outcomes of one audit whose arms truly have these levels.

    What moves a share is symmetric about 0 and never moves it out of 0 to 1, so that the levels
    are exactly the expected scores. `base` has no seeds of its own, and `NAME again` was trained on
    the rows of NAME with other seeds, so that nothing but its seeds is its own.
    """
    mix, design = mix or Mix(), design or Design()
    seeds, templates, each = design.seeds, design.templates, design.prompts
    count = templates * each
    of = np.repeat(np.arange(templates), each)

    def draw(*shape: int) -> np.ndarray:
        return rng.uniform(-1, 1, shape)

    by_seed = mix.seed * draw(seeds, 1)
    by_prompt = mix.template * draw(1, templates)[:, of] + mix.prompt * draw(1, count)
    prompts = tuple(f"{of[number]}/{number}" for number in range(count))
    tables, by_arm = {}, {}
    for arm, level in levels.items():
        rows = arm.removesuffix(" again")
        if rows not in by_arm:
            of_template = mix.own_template * draw(1, templates)[:, of]
            by_arm[rows] = of_template + mix.own_prompt * draw(1, count)
        moved = by_prompt + by_arm[rows]
        if arm != "base":
            moved = moved + by_seed + mix.own_seed * draw(seeds, 1)
        shares = level + min(level, 1 - level) * moved
        scores = rng.binomial(design.samples, shares) / design.samples
        names = () if arm == "base" else tuple(range(seeds))
        tables[arm] = Table(names, prompts, scores)
    return Outcomes.paired(tables, {prompt: prompt.split("/")[0] for prompt in prompts})
