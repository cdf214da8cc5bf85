"""A part of a report, for a terminal."""

from collections.abc import Sequence
from typing import NamedTuple


class Section(NamedTuple):
    """Sentences, a table (its first row is the head), sentences."""

    title: str
    before: Sequence[str] = ()
    table: Sequence[Sequence[str]] = ()
    after: Sequence[str] = ()
