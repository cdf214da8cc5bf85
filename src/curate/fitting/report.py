"""The outcome of a fit as a text to read. It claims what was measured, on what, and no more."""

from collections.abc import Iterator, Mapping
from typing import Any

from curate.fitting.figures import MEASURES, Figures, changes
from curate.fitting.model import Facts, Other
from curate.traits.intervals import Interval

_NAMES = {"f1": "F1", "auc": "AUC"}


def lines(facts: Facts) -> Iterator[str]:
    """Yield the report, line by line."""
    training, held = facts.training, facts.held_out
    yield (
        f"{', '.join(training.files)}: {training.rows:,} rows, {training.texts:,} different texts, "
        f"{held.prevalence:.1%} {facts.positive}"
    )
    if training.contradictions:
        yield f"  texts that stand with both labels: {training.contradictions:,}"
    yield ""
    yield (
        f"held out: {training.folds} folds, each scored by a model of the others; "
        f"95 % intervals; threshold {facts.threshold:g}"
    )
    if training.group is not None:
        yield f"  intervals take texts of one {training.group} for independent: read them as wider"
    yield from _measures(held, {})
    if held.auc and held.auc.low <= 0.5:
        yield "  this may be chance: the interval of AUC holds 0.5"
    constant = 2 * held.prevalence / (1 + held.prevalence)
    yield f"  by calling every text {facts.positive}, F1 would be {constant:.3f}"
    for other in facts.also:
        yield ""
        yield from _other(other, facts)
    yield ""
    yield "These figures hold for texts like the rows they were measured on, and for no others."
    if not facts.also:
        yield "To see the drop on another kind of text, label some and name them: --also FILE"


def dump(facts: Facts) -> dict[str, Any]:
    """Return the report as plain JSON values: the facts, and the change on each other kind."""
    told: dict[str, Any] = facts.model_dump(mode="json", exclude={"likeness"})
    for other, fields in zip(facts.also, told["also"], strict=True):
        fields["change"] = changes(other.figures, facts.held_out)
    return told


def _other(other: Other, facts: Facts) -> Iterator[str]:
    figures = other.figures
    left_out = f"; {other.known:,} left out: it was fitted on them" if other.known else ""
    yield (
        f"also {', '.join(other.files)}: {figures.texts:,} texts, "
        f"{figures.prevalence:.1%} {facts.positive}{left_out}; change from held out"
    )
    moved = changes(figures, facts.held_out)
    yield from _measures(figures, moved)
    yield f"  half of them have more unseen n-grams than {other.unlike:.0%} of those held out"
    if not 3 / 4 < figures.prevalence / facts.held_out.prevalence < 4 / 3:
        yield "  precision and F1 move with the share of positives too, recall and AUC do not"
    if (change := moved.get("f1")) and change.high < 0:
        yield f"  F1 drops by {-change.value:.3f} ({-change.high:.3f} to {-change.low:.3f})"


def _measures(figures: Figures, moved: Mapping[str, Interval]) -> Iterator[str]:
    for name in MEASURES:
        found: Interval | None = getattr(figures, name)
        told = f"  {_NAMES.get(name, name):<10}"
        if found is None:
            yield f"{told} cannot be measured: a class is empty"
            continue
        told += f" {found.value:.3f}  {found.low:.3f} to {found.high:.3f}"
        if change := moved.get(name):
            told += f"   {change.value:+.3f}  {change.low:+.3f} to {change.high:+.3f}"
        yield told
    yield (
        f"  {figures.hits:,} hits ({figures.hits / figures.texts:.1%}); "
        f"calibration error {figures.calibration_error:.3f}"
    )
