"""Masking: secrets and personal data that a step found are not shown unless asked for.

What is masked is what steps marked as sensitive: their spans, and the same characters wherever
else the record or its evidence repeats them. A mask is as long as what it hides, so that spans
still fit. Where a step found more than it lists, nobody can say what to hide, and the whole text
is withheld.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from curate.ledger import Look
from curate.looking.marks import Mark, Range, listed, ranges, sensitive
from curate.looking.versions import seen
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
        before: The turns as they were read, where the record was rewritten.
    """

    def __init__(
        self, trail: Sequence[Look], turns: Sequence[Turn], before: Sequence[Turn] = ()
    ) -> None:
        looks = [each for each in seen(trail) if sensitive(each.look)]
        after = [mark for each in looks for mark in each.after]
        read = [mark for each in looks for mark in each.before] if before else []
        self._after, self._before = _ranges(after, turns), _ranges(read, before)
        secrets = {*_secrets(turns, self._after), *_secrets(before, self._before)}
        self._secrets = sorted(secrets, key=len, reverse=True)
        self.withholds = (
            not all(_fits(mark, turns) for mark in after)
            or not all(_fits(mark, before) for mark in read)
            or not all(listed(each.look) for each in looks)
            or any(each.nowhere for each in looks)
        )
        """True where spans do not tell all there is to hide: show no text of the record."""

    def turn(self, number: int, text: str) -> str:
        """Return the text of turn `number` as it is, the marked characters masked."""
        return self._hide(text, self._after[number])

    def before(self, number: int, text: str) -> str:
        """Return the text of turn `number` as it was read, the marked characters masked."""
        return self._hide(text, self._before[number])

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

    def _hide(self, text: str, hidden: Iterable[Range]) -> str:
        at, parts = 0, []
        for start, end in hidden:
            parts += [text[at:start], mask(text[start:end])]
            at = end
        return self.text("".join([*parts, text[at:]]))


def _ranges(found: Sequence[Mark], turns: Sequence[Turn]) -> list[list[Range]]:
    return [ranges(found, n, len(turn.text)) for n, turn in enumerate(turns)]


def _secrets(turns: Sequence[Turn], hidden: Sequence[Sequence[Range]]) -> Iterator[str]:
    """Yield what is hidden and long enough to be hidden wherever else it stands."""
    for turn, found in zip(turns, hidden, strict=True):
        yield from (turn.text[start:end] for start, end in found if end - start >= REPEATS)


def _fits(mark: Mark, turns: Sequence[Turn]) -> bool:
    if not 0 <= mark.turn < len(turns):
        return False
    return 0 <= mark.start <= mark.end <= len(turns[mark.turn].text)
