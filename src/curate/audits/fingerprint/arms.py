"""What is left of the fingerprint when texts are changed, and what one kind of sign tells alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict

from curate.audits.fingerprint.estimates import Estimate, Outcome, difference, share
from curate.audits.fingerprint.material import Material
from curate.audits.fingerprint.probes import FEWEST_FOLDS, Answer, Job
from curate.audits.fingerprint.separation import Split, tested
from curate.audits.fingerprint.texts import ROBUSTNESS, Change


class Arm(BaseModel):
    """How often the teacher is named when all texts, of training and of testing, are changed."""

    model_config = ConfigDict(frozen=True)

    name: str
    told: str
    """What is left of a text."""
    accuracy: Estimate
    """Measured on the first split."""
    change: Estimate
    """Against the texts as they are, on the same rows."""
    transfer: Estimate | None
    """Of a probe trained on the texts as they are; None where that was not asked."""


def jobs(material: Material, split: Split, changes: Sequence[Change]) -> dict[str, Job]:
    """Return one probe for each change."""
    return {_name(each): _changed(material, split, each) for each in changes}


def ask(material: Material, split: Split) -> dict[str, list[str]]:
    """Return the changed texts that a probe of the texts as they are is asked about."""
    held = [material.samples[place].text for place in split.held]
    return {each.name: list(map(each.change, held)) for each in ROBUSTNESS}


def read(
    material: Material, split: Split, answers: Mapping[str, Answer], changes: Sequence[Change]
) -> tuple[Arm, ...]:
    """Return the arms."""
    whole = tested(material, split, answers[split.name])
    return tuple(_arm(material, split, answers, change, whole) for change in changes)


def _changed(material: Material, split: Split, change: Change) -> Job:
    train = [material.samples[place] for place in split.train]
    held = [material.samples[place].text for place in split.held]
    return Job(
        train=[sample._replace(text=change.change(sample.text)) for sample in train],
        ask={"held": list(map(change.change, held))},
        folds=FEWEST_FOLDS,
    )


def _arm(
    material: Material,
    split: Split,
    answers: Mapping[str, Answer],
    change: Change,
    whole: Outcome,
) -> Arm:
    import numpy as np

    result = tested(material, split, answers[_name(change)])
    accuracy, moved = share([result]), difference([result], [whole])
    assert accuracy is not None and moved is not None  # noqa: S101, PT018  (a split holds rows out)
    transfer = None
    if change in ROBUSTNESS:
        named = answers[split.name].named(change.name, material.teachers)
        right = named == material.truth[split.held]
        transfer = share([result._replace(hits=right.astype(np.float64))])
    return Arm(
        name=change.name, told=change.told, accuracy=accuracy, change=moved, transfer=transfer
    )


def _name(change: Change) -> str:
    return f"arm {change.name}"
