"""Everything an audit of fingerprints found; its JSON is `curate audit fingerprint --json`."""

from pydantic import BaseModel, ConfigDict

from curate.audits.fingerprint.arms import Arm
from curate.audits.fingerprint.cautions import Caution
from curate.audits.fingerprint.changes import Changes
from curate.audits.fingerprint.estimates import Estimate
from curate.audits.fingerprint.mixtures import Mixture
from curate.audits.fingerprint.separation import Bags
from curate.audits.fingerprint.shift import Source
from curate.audits.fingerprint.strangers import Strangers
from curate.audits.fingerprint.telltales import Telltale

VERSION = 1


class Rows(BaseModel):
    """What was read."""

    model_config = ConfigDict(frozen=True)

    files: dict[str, str]
    """File, as the user named it -> SHA-256 of its decompressed bytes."""
    rows: int
    """Lines that are not blank."""
    unusable: int
    """Rows that are no JSON, have no turns in their shape, or have no response."""
    unlabelled: int
    """Responses that name no teacher."""
    teachers: dict[str, int]
    """Teacher -> responses."""
    used: int
    """Responses the numbers are about: of teachers with enough, at most `most` of each."""
    prompts: int
    """Different prompts among them."""


class Report(BaseModel):
    """The outcome of an audit; None and empty where nothing can be said (see `cautions`).

    Every estimate is `{value, low, high, count}`: a share, its 95 % interval over prompts, and the
    rows (or bags) it was measured on. Shares of mixtures have 90 % intervals.
    """

    model_config = ConfigDict(frozen=True)

    version: int = VERSION
    """Of this format."""
    curate: str
    seed: int
    splits: int
    """Prompt-disjoint splits; 70 % of the prompts train, 30 % are held out."""
    most: int
    """Rows of one teacher that are used at most."""
    corpora: Rows
    accuracy: float | None = None
    """Share of held-out responses whose teacher is named, mean over splits."""
    accuracy_interval: Estimate | None = None
    """The same with its interval."""
    accuracy_splits: tuple[float, ...] = ()
    """The same for each split."""
    chance: float | None = None
    """One over the number of teachers."""
    commonest: float | None = None
    """What always naming the teacher with most rows reaches."""
    bags: tuple[Bags, ...] = ()
    """Accuracy when 5, or 10, responses by one teacher are judged together; bags are disjoint."""
    recall: dict[str, Estimate | None] = {}
    """Teacher -> share of its responses that are named as its."""
    confusion: dict[str, dict[str, int]] = {}
    """True teacher -> named teacher -> responses, over all splits."""
    telltales: tuple[Telltale, ...] = ()
    """Signs that are more common in one teacher's responses."""
    carriers: tuple[Arm, ...] = ()
    """How much one kind of sign tells alone."""
    robustness: tuple[Arm, ...] = ()
    """What is left when texts are changed."""
    strangers: Strangers | None = None
    """Each teacher left out in turn."""
    sources: tuple[Source, ...] = ()
    """Each source left out in turn."""
    mixtures: tuple[Mixture, ...] = ()
    """Who wrote rows that do not say."""
    changes: Changes | None = None
    """What a filter or a rewrite changed."""
    cautions: tuple[Caution, ...] = ()
    """What cannot be said, and what the numbers may not be read as."""
