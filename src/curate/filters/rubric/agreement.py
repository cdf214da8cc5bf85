"""How well a judge agrees with people, on texts both have scored."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from curate.errors import InputError
from curate.traits.intervals import wilson


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text and what a person said: is it a hit."""

    text: str
    label: bool


@dataclass(frozen=True, slots=True)
class Agreement:
    """Counts of (judge hit, person hit) and what was not answered."""

    both: int
    judge_only: int
    person_only: int
    neither: int
    unread: int

    @property
    def answered(self) -> int:
        """How many texts the judge gave a score."""
        return self.both + self.judge_only + self.person_only + self.neither

    @property
    def share(self) -> float:
        """Share of all texts on which they agree; an unread answer is no agreement."""
        total = self.answered + self.unread
        return (self.both + self.neither) / total if total else 0.0

    @property
    def kappa(self) -> float:
        """Cohen's kappa (1960) over the answered texts: agreement beyond chance, or NaN."""
        n = self.answered
        if not n:
            return math.nan
        judge, person = (self.both + self.judge_only) / n, (self.both + self.person_only) / n
        chance = judge * person + (1 - judge) * (1 - person)
        observed = (self.both + self.neither) / n
        return (observed - chance) / (1 - chance) if chance < 1 else math.nan

    def __str__(self) -> str:
        """Say it in one line, with a 95 % Wilson interval."""
        _, low, high = wilson(self.both + self.neither, self.answered + self.unread)
        unread = f", {self.unread} answers unreadable" if self.unread else ""
        kappa = "undefined" if math.isnan(self.kappa) else f"{self.kappa:.2f}"
        return (
            f"agrees with people on {self.share:.0%} [{low:.0%}, {high:.0%}] of "
            f"{self.answered + self.unread} texts, kappa {kappa}; hits only for the judge "
            f"{self.judge_only}, only for people {self.person_only}{unread}"
        )


def count(hits: Sequence[bool | None], labels: Sequence[bool]) -> Agreement:
    """Compare the judge's hits (None: unread) with people's labels."""
    pairs = list(zip(hits, labels, strict=True))
    return Agreement(
        both=pairs.count((True, True)),
        judge_only=pairs.count((True, False)),
        person_only=pairs.count((False, True)),
        neither=pairs.count((False, False)),
        unread=sum(hit is None for hit in hits),
    )


def load(path: Path) -> list[Labelled]:
    """Read `{"text": …, "label": true|false|1|0}` rows.

    Raises:
        InputError: the file is missing, empty, or a row is not of this form; names the line.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: the calibration set cannot be read: {error}") from None
    rows = [_row(line, f"{path}:{n}") for n, line in enumerate(lines, 1) if line.strip()]
    if not rows:
        raise InputError(f"{path}: the calibration set is empty")
    return rows


def _row(line: str, place: str) -> Labelled:
    try:
        row = json.loads(line)
        text, label = row["text"], row["label"]
    except (ValueError, KeyError, TypeError):
        raise InputError(f'{place}: a row must be {{"text": …, "label": true or false}}') from None
    if not isinstance(text, str) or label not in (True, False):
        raise InputError(f"{place}: text must be a text and label true or false")
    return Labelled(text, bool(label))
