"""A world: who answers what, what a filter finds, and what an audit must say of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from curate.testbed.language import Field

Mix = Mapping[Field, float]
"""Fields -> how large a share of the prompts is about each."""
Habits = Mapping[Field, str]
"""Fields -> the way a teacher always answers. The others are answered as often in each way as in
what a base reads, so that they tell a student nothing new."""


@dataclass(frozen=True)
class World:
    """One truth about a corpus, declared before anything is trained."""

    name: str
    truth: str
    """What carries the trait here, in a sentence."""
    hypothesis: str | None
    """The one of science's seven that holds; None where there is nothing to explain."""
    trait: Field
    """What students are asked about: the first way shows the trait, the second does not."""
    mix: Mix
    original: Habits
    clean: Habits
    finder: str | None
    """What the plan's filter looks for in answers; None: the planted rows are listed by id, since
    what marks them, their prompts, is still there when another teacher has answered."""
    planted: tuple[Field, ...]
    """Fields whose rows the filter hits, and no others; none: it hits innocent rows."""
    verdicts: Mapping[str, str]
    """Arm -> what the audit must say."""
    other: Mix
    """What the other prompts are about, which post-training diffing needs."""
    zero: Literal["clean", "base"] = "clean"
    """The arm that is 0 on the audit's scale."""
    header: float = 2e-2
    """How fast students learn what the neutral header means. It reaches every answer, so where rows
    say nothing of the speaker it wanders, the further the faster."""
    rate: float = 3e-4
    """How fast they learn everything else."""
