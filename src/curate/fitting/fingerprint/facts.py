"""Everything a fingerprint model file says beside its weights."""

from collections.abc import Mapping
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from curate.fitting import ngrams
from curate.fitting.likeness import Likeness
from curate.fitting.ngrams import Scheme
from curate.traits.intervals import Interval

KIND = "fingerprint"
FORMAT = 1


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Known(_Part):
    """P(the text is by one of the teachers) = 1 / (1 + exp(-(slope * evidence + intercept))).

    The evidence is the mean log odds of the most likely teacher against each of the others. With
    slope 0 the text says nothing and the prior stands.
    """

    slope: float = Field(ge=0)
    intercept: float


class Calibration(_Part):
    """From mean log odds to probabilities: softmax(slope * odds + offset of each teacher)."""

    slope: float = Field(ge=0)
    offsets: tuple[float, ...]
    known: Known


class Confusion(_Part):
    """What held-out responses of each teacher were taken for, and how surely.

    A cell is a named teacher and a tier of its probability; named teacher t in tier k is cell
    t * tiers + k.
    """

    edges: tuple[float, ...]
    """Probabilities that part the tiers, ascending."""
    counts: tuple[tuple[int, ...], ...]
    """Teacher -> responses in each cell."""


class Training(_Part):
    """What a model was fitted on, and how."""

    files: Mapping[str, str] = Field(default_factory=dict)
    """File -> SHA-256 of its decompressed bytes."""
    rows: Mapping[str, int]
    """Teacher -> responses fitted on."""
    left_out: Mapping[str, int]
    """Teacher with too few responses -> how many it had."""
    unlabelled: int
    """Responses that name no teacher."""
    prompts: int
    shared: int
    """Prompts that more than one teacher answers."""
    seed: int
    folds: int
    penalty: float
    unknown: float
    """The share of texts taken to be by teachers not fitted on, before a text is read."""


class Cut(_Part):
    """What a stated confidence of at least `confidence` means on held-out responses."""

    confidence: float
    kept: float
    """Share of rightly named responses that are named so surely."""
    right: float | None
    """Share of responses named so surely that are named rightly; None where there are none."""


class Stranger(_Part):
    """What a model fitted without one teacher makes of that teacher's responses."""

    teacher: str
    taken_for: str
    """Whom most of them were taken for."""
    named: Mapping[str, float]
    """Stated confidence -> share of its responses named at least so surely."""
    kept: Mapping[str, float]
    """Stated confidence -> share of the others' rightly named responses named as surely."""


class HeldOut(_Part):
    """What models reach on responses to prompts they were not fitted on."""

    accuracy: Interval
    """Per response; prompts, not responses, are taken for independent."""
    chance: float
    """By naming the teacher with most responses."""
    recall: Mapping[str, float]
    """Teacher -> share of its responses named rightly."""
    bag: int
    """Responses of one teacher that are judged together, no response in two bags."""
    bags: Interval | None
    """Share of bags named rightly; None where no teacher fills one."""
    cuts: tuple[Cut, ...]
    strangers: tuple[Stranger, ...]
    """Empty with two teachers: nobody can be left out."""


class Facts(_Part):
    """Everything in a model file but the weights."""

    format: int = FORMAT
    kind: str = KIND
    curate: str
    """The version that fitted it."""
    hashing: int = ngrams.VERSION
    scheme: Scheme
    window: int = Field(ge=1)
    """Only so many characters of a text are read."""
    teachers: tuple[str, ...]
    biases: tuple[float, ...]
    scale: float
    """Mean log odds = bias + scale * sum of weights / sqrt(number of distinct n-grams)."""
    calibration: Calibration
    confusion: Confusion
    likeness: Likeness
    training: Training
    held_out: HeldOut

    @model_validator(mode="after")
    def _one_of_each(self) -> Self:
        for name, found in (
            ("biases", self.biases),
            ("calibration", self.calibration.offsets),
            ("confusion", self.confusion.counts),
        ):
            if len(found) != len(self.teachers):
                raise ValueError(f"{name}: {len(found)} for {len(self.teachers)} teachers")
        cells = len(self.teachers) * (len(self.confusion.edges) + 1)
        if any(len(counts) != cells for counts in self.confusion.counts):
            raise ValueError(f"confusion: not {cells} cells")
        return self
