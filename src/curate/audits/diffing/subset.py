"""Rows that have something in common and might be what carries a trait."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Role = Literal["hits", "mild", "group"]
"""hits: what a filter would drop. mild: what it would let pass, though it shows a little of the
trait. group: rows that are alike for another reason."""
IDENTITY = "identity"
"""The subset that is taken for rows in which the model is told who it is."""


@dataclass(frozen=True, slots=True)
class Subset:
    """Some of the original rows, by key."""

    name: str
    role: Role
    told: str
    """What they have in common, for a report."""
    keys: frozenset[str]


def first(subsets: Iterable[Subset], role: Role) -> Subset | None:
    """Return the first subset of a role; None where there is none."""
    return next((each for each in subsets if each.role == role), None)
