"""Masking: secrets and personal data that a step found are not shown unless asked for.

What is masked is what steps marked as sensitive: their spans, and the same characters wherever
else the record or its evidence repeats them. A mask is as long as what it hides, so that spans
still fit. Where a step found more than it lists, nobody can say what to hide, and the whole text
is withheld.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from curate.ledger import Look
from curate.looking.marks import Mark, listed, marks, ranges, sensitive
from curate.records import Turn

DOT = "•"
ENDS = 8
"""A secret of at least this many characters keeps its first and last one, to tell two apart."""
REPEATS = 4
"""A secret of at least this many characters is hidden wherever else it stands."""


def mask(secret: str) -> str:
    """Return as many characters that do not tell."""
    if len(secret) < ENDS:
        return DOT * len(secret)
    return secret[0] + DOT * (len(secret) - 2) + secret[-1]


class Mask:
    """Hides what the looks at one record marked as sensitive.

    Args:
        trail: The looks.
        turns: The record's turns, as they are; none where the row has no turns.
    """

    def __init__(self, trail: Iterable[Look], turns: Sequence[Turn]) -> None:
        looks = [look for look in trail if sensitive(look)]
        found = [mark for look in looks for mark in marks(look.evidence)]
        self._hidden = [ranges(found, n, len(turn.text)) for n, turn in enumerate(turns)]
        secrets = {
            turn.text[start:end]
            for turn, hidden in zip(turns, self._hidden, strict=True)
            for start, end in hidden
            if end - start >= REPEATS
        }
        self._secrets = sorted(secrets, key=len, reverse=True)
        fits = all(_fits(mark, turns) for mark in found)
        self.withholds = not fits or not all(listed(look) for look in looks)
        """True where spans do not tell all there is to hide: show no text of the record."""

    def turn(self, number: int, text: str) -> str:
        """Return the text of turn `number` with the marked characters masked."""
        at, parts = 0, []
        for start, end in self._hidden[number]:
            parts += [text[at:start], mask(text[start:end])]
            at = end
        return self.text("".join([*parts, text[at:]]))

    def text(self, text: str) -> str:
        """Return any text with the repeats of what is masked in the turns masked too."""
        for secret in self._secrets:
            text = text.replace(secret, mask(secret))
        return text

    def value(self, value: Any) -> Any:
        """Return a JSON value with the repeats in its texts masked."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.value(item) for item in value]
        if isinstance(value, dict):
            return {key: self.value(item) for key, item in value.items()}
        return value


def _fits(mark: Mark, turns: Sequence[Turn]) -> bool:
    if not 0 <= mark.turn < len(turns):
        return False
    return 0 <= mark.start <= mark.end <= len(turns[mark.turn].text)
