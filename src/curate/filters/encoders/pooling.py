"""From the windows of a text back to the text."""

from collections.abc import Sequence
from math import fsum
from typing import Literal

Pool = Literal["max", "mean"]


def pool(rows: Sequence[Sequence[float]], how: Pool) -> list[float]:
    """Return one probability for each label: the highest of all windows, or their plain mean.

    Args:
        rows: For each window its probabilities; at least one window.
        how: Which of the two.
    """
    columns = zip(*rows, strict=True)
    if how == "max":
        return [max(column) for column in columns]
    return [fsum(column) / len(rows) for column in columns]
