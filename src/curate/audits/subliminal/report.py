"""What the self-check found; its JSON is `curate audit subliminal --json`."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

VERSION = 1


class Word(StrEnum):
    """What the self-check can say."""

    VISIBLE = "visible, and vanishes without the teacher's initialisation"
    NOT_VISIBLE = "not visible"
    STAYS = "does not vanish"


class Found(BaseModel):
    """An estimate with its 95 % interval over seeds and images."""

    model_config = ConfigDict(frozen=True)

    value: float
    low: float
    high: float


class Student(BaseModel):
    """How often one kind of network names a held-out digit rightly."""

    model_config = ConfigDict(frozen=True)

    name: str
    told: str
    accuracy: Found
    by_seed: tuple[float, ...]


class Comparison(BaseModel):
    """One kind of network minus another, on the same seeds and images."""

    model_config = ConfigDict(frozen=True)

    one: str
    other: str
    difference: Found
    """In accuracy."""
    position: Found | None
    """In units of the transfer seen; None where that may be 0."""
    p: float
    """Of the sign-flip test that they do not differ."""


class Report(BaseModel):
    """The outcome of the self-check."""

    model_config = ConfigDict(frozen=True)

    version: int = VERSION
    """Of this format."""
    curate: str
    seed: int
    seeds: int
    recipe: dict[str, float]
    """Steps, learning rates and batch of teachers and students."""
    alpha: float
    """A transfer is seen below this p."""
    most_left: float
    """It has vanished where surely less than this share of it is left."""
    students: tuple[Student, ...]
    transfer: Comparison
    """Same initialisation minus untrained."""
    beyond: tuple[Comparison, ...]
    """Same initialisation minus each control."""
    left: tuple[Comparison, ...]
    """Each control minus untrained."""
    verdict: Word
    because: str

    @property
    def exit_code(self) -> int:
        """0 where the check passed; 4 where it did not, and an audit here shows nothing."""
        return 0 if self.verdict is Word.VISIBLE else 4
