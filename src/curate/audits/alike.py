"""As many other rows of like length and source: the control of a set of rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from curate.api import Context
from curate.audits.rows import Material, Row
from curate.audits.transfer.arms import MATCHED_DROP, compose

_CHOSEN = "chosen"


def alike(
    chosen: Sequence[Row], others: Sequence[Row], ctx: Context, name: str, seed: int
) -> tuple[Row, ...]:
    """Return for each chosen row another one of its source, about as long; drawn for each seed.

    They are the rows that the arm `matched drop` leaves out of an audit in which the chosen rows
    are the hits. Where there are fewer others than chosen rows, all of them are returned.
    """
    marked = [replace(row, hits=frozenset({_CHOSEN})) for row in chosen]
    bare = [replace(row, hits=frozenset()) for row in others]
    # only chosen rows are drawn for, so the seed of the draw may depend on what they are for
    apart = replace(ctx, seed=ctx.rng("alike", name, seed).getrandbits(32))
    arm = compose(Material((*marked, *bare), (_CHOSEN,), {}), apart)[MATCHED_DROP]
    left = {pick.row.key for pick in arm.picks(seed)}
    return tuple(row for row in others if row.key not in left)
