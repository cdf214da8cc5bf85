"""What a probe reaches on a source it was not trained on: each source is left out in turn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict

from curate.audits.fingerprint.estimates import (
    DIGITS,
    Estimate,
    Outcome,
    difference,
    share,
)
from curate.audits.fingerprint.material import LEAST, Material
from curate.audits.fingerprint.probes import FEWER_FOLDS, Answer, Job
from curate.audits.fingerprint.separation import Split, tested
from curate.fitting.fingerprint.samples import Sample

MOST = 10
"""Sources that are left out in turn: the largest."""


class Source(BaseModel):
    """One source left out of training."""

    model_config = ConfigDict(frozen=True)

    source: str
    rows: int
    stated: float
    """The accuracy the probe expects, from its confidence in these texts, without their labels."""
    accuracy: Estimate
    """What it reaches."""
    at_home: Estimate | None
    """What probes that were trained on other prompts of the same source reach there."""
    change: Estimate | None
    """`accuracy` minus `at_home`."""

    shifted: bool
    """Being left out costs accuracy, beyond chance."""


def jobs(material: Material) -> dict[str, Job]:
    """Return a probe without each source; none where there is one source."""
    return {_name(source): _without(material, source) for source in sources(material)}


def sources(material: Material) -> list[str]:
    """Return the sources that can be left out, the largest first."""
    counts = Counter(sample.source for sample in material.samples if sample.source is not None)
    if len({sample.source for sample in material.samples}) < 2:
        return []
    fitting = [
        source
        for source, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        if count >= LEAST and _teachable(material, source)
    ]
    return fitting[:MOST]


def read(
    material: Material, drawn: Sequence[Split], answers: Mapping[str, Answer]
) -> tuple[Source, ...]:
    """Return what the probes reach on the source they did not see."""
    home = [tested(material, split, answers[split.name]) for split in drawn]
    return tuple(
        _source(material, source, home, answers[_name(source)]) for source in sources(material)
    )


def _teachable(material: Material, source: str) -> bool:
    """Say whether every teacher keeps enough prompts when the source is left out."""
    asked = {(sample.teacher, sample.prompt) for sample in _train(material, source)}
    left = Counter(teacher for teacher, _ in asked)
    return all(left[teacher] >= LEAST for teacher in material.teachers)


def _train(material: Material, source: str) -> list[Sample]:
    """Return the rows of other sources, without those that share a prompt with this one."""
    own = {sample.prompt for sample in material.samples if sample.source == source}
    return [sample for sample in material.samples if sample.prompt not in own]


def _without(material: Material, source: str) -> Job:
    texts = [sample.text for sample in material.samples if sample.source == source]
    return Job(train=_train(material, source), ask={"left out": texts}, folds=FEWER_FOLDS)


def _source(material: Material, source: str, home: Sequence[Outcome], answer: Answer) -> Source:
    import numpy as np

    own = np.array([sample.source == source for sample in material.samples], bool)
    rows = np.flatnonzero(own)
    right = answer.named("left out", material.teachers) == material.truth[rows]
    result = Outcome(rows, material.prompts[rows], right.astype(np.float64))
    accuracy = share([result])
    assert accuracy is not None  # noqa: S101  (a source has rows)
    at_home = [
        Outcome(each.rows[own[each.rows]], each.prompts[own[each.rows]], each.hits[own[each.rows]])
        for each in home
    ]
    change = difference([result], at_home)
    return Source(
        source=source,
        rows=len(rows),
        stated=round(float(answer.guesses["left out"].probabilities.max(axis=1).mean()), DIGITS),
        accuracy=accuracy,
        at_home=share(at_home),
        change=change,
        shifted=change is not None and change.high < 0,
    )


def _name(source: str) -> str:
    return f"without source {source}"
