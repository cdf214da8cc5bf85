"""How many bands of how many rows: which pairs become candidates (Leskovec et al., MMDS 3.4)."""

from typing import NamedTuple

RECALL = 0.99
"""The least probability with which a pair exactly at the threshold becomes a candidate."""
PERMUTATIONS = 128
"""At most so many are computed for a text."""


class Banding(NamedTuple):
    """A cut of `bands * rows` permutations into bands."""

    bands: int
    rows: int

    def finds(self, similarity: float) -> float:
        """Return the probability that a pair agrees on at least one band: 1 - (1 - s^r)^b."""
        return float(1.0 - (1.0 - similarity**self.rows) ** self.bands)


def banding(threshold: float) -> Banding:
    """Return the banding with most rows that finds pairs at the threshold with `RECALL`.

    The more rows, the fewer pairs below the threshold become candidates; the fewest bands that
    suffice are taken. 0.8 gives 16 bands of 6 rows, 0.5 gives 35 bands of 3.

    Raises:
        ValueError: the threshold is so low that no cut of `PERMUTATIONS` suffices.
    """
    for rows in range(PERMUTATIONS, 0, -1):
        for bands in range(1, PERMUTATIONS // rows + 1):
            found = Banding(bands, rows)
            if found.finds(threshold) >= RECALL:
                return found
    raise ValueError(f"no banding finds pairs of similarity {threshold:g}")
