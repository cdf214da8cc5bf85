"""Batches of rows of like length, so that little of what a model computes is padding."""

from collections.abc import Iterator, Sequence

WASTE = 0.05
"""Share of a batch that may be padding."""


def batches(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Yield the positions of the rows of each batch; the longest come first.

    A batch has at most `budget` tokens, padding included, unless one row alone has more, and at
    most a share `WASTE` of them is padding. Rows of equal length stay in order.
    """
    batch: list[int] = []
    filled = 0
    for row in sorted(range(len(lengths)), key=lambda row: -lengths[row]):
        size = lengths[batch[0]] * (len(batch) + 1) if batch else 0
        if size > budget or size - filled - lengths[row] > WASTE * size:
            yield batch
            batch, filled = [], 0
        batch.append(row)
        filled += lengths[row]
    if batch:
        yield batch
