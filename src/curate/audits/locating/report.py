"""Everything `audit locate` found; its JSON is `curate audit locate --json`."""

from typing import Any

from pydantic import BaseModel, ConfigDict

VERSION = 1
ALPHA = 0.01
"""The ranking is validated at p up to this."""


class Part(BaseModel):
    """A part of the report."""

    model_config = ConfigDict(frozen=True)


class Bounds(Part):
    """An estimate and its 95 % interval over seeds."""

    value: float
    low: float
    high: float


class Group(Part):
    """Rows that were switched together to validate the ranking."""

    example: str
    """What its first row is asked."""
    rows: int
    predicted: float
    """The sum of its rows' scores: what switching it should take away, in no unit."""
    measured: float
    """By how much less students show on average when it is switched, in scores."""


class Validation(Part):
    """What the ranking predicts against what students show."""

    groups: tuple[Group, ...]
    """The highest prediction first."""
    noise: float
    """The standard error of a group's measured effect."""
    students: int
    correlation: float
    """Spearman's, over students with random halves of the groups switched."""
    p: float
    """One-sided, of `draws` deals of the scores to the groups."""
    low: float
    high: float
    """What 95 % of the deals reach."""
    draws: int

    @property
    def holds(self) -> bool:
        """Whether the ranking is better than chance."""
        return self.p <= ALPHA


class PutBack(Part):
    """One unit of the set, and where students stand when it alone is put back."""

    unit: int
    """Its place in the ranking."""
    rows: int
    position: Bounds


class Found(Part):
    """The set whose switch removes the trait."""

    ids: tuple[str, ...]
    named_too: int
    """Other rows that have one of these ids."""
    rows: int
    units: int
    """Of how many units it is; each was put back in turn."""
    position: Bounds
    """With all of them switched, for the seeds of the search."""
    checks: tuple[PutBack, ...]
    minimal: bool
    """Whether with each unit put back the trait is no longer shown to be removed."""
    fresh: Bounds
    """Its position for fresh seeds."""
    chance: Bounds
    """That of as many rows drawn at random, for fresh seeds."""
    precision: float
    """The share of it that the run hit."""
    recall: float
    """The share of the run's hits that can be switched which is in it."""


class Report(Part):
    """The outcome of an audit."""

    version: int = VERSION
    curate: str
    seed: int
    card: str
    prompts: int
    """Prompts of it that students are asked."""
    student: dict[str, Any]
    """Its options, as a plan would name it."""
    margin: float
    rows: int
    """Rows that students learn."""
    switchable: int
    """Of these, rows with a clean teacher's answer."""
    hits: int
    """Switchable rows that the run hit; they are not used to locate."""
    lacking: dict[str, int]
    """Reason -> rows without a clean answer."""
    searched: int
    """Seeds of each probe of the search."""
    judged: int
    """Fresh seeds that judge what was found."""
    gap: Bounds
    """Untouched minus clean, in scores."""
    validation: Validation | None = None
    found: Found | None = None
    students: int
    """How many were trained."""
    budget: int
    why: str | None = None
    """Why nothing can be relied on; None where a set was found and proved."""

    @property
    def exit_code(self) -> int:
        """0: found and validated; 4: not."""
        return 0 if self.why is None else 4
