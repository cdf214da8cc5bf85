"""Shapes by name, and the shape of a file by its first rows.

A row of UltraFeedback has `messages` beside `chosen`, a row of UltraChat `prompt` beside
`messages`: where several shapes read a row, the first in `SHAPES` is its shape.
"""

from collections import Counter
from collections.abc import Iterable
from itertools import islice
from typing import Any

from curate.errors import NotARecord, UsageError, suggest
from curate.io.shapes.alpaca import Alpaca
from curate.io.shapes.lens import Lens
from curate.io.shapes.messages import MESSAGES, SHAREGPT
from curate.io.shapes.pairs import PROMPT_COMPLETION, PROMPT_RESPONSE
from curate.io.shapes.preference import Preference
from curate.io.shapes.raw import Raw
from curate.io.shapes.text import Text

SHAPES: dict[str, Lens] = {
    shape.name: shape
    for shape in (
        Preference(),
        MESSAGES,
        SHAREGPT,
        Alpaca(),
        PROMPT_COMPLETION,
        PROMPT_RESPONSE,
        Text(),
    )
}
"""Every shape that has a name, the most telling first."""

SAMPLE = 100
"""How many rows are looked at to name a file's shape."""


def get(name: str) -> Lens:
    """Return the shape called `name`.

    Raises:
        UsageError: there is none; the message names the closest.
    """
    if name in SHAPES:
        return SHAPES[name]
    raise UsageError(
        f"no shape is called {name!r}{suggest(name, SHAPES)}"
        " (rows of no known shape: shape: {prompt: PATH, response: PATH})"
    )


def detect(rows: Iterable[Any]) -> Lens | None:
    """Return the shape that most of the first `SAMPLE` decoded rows have.

    None where no shape has at least half of them: benchmark questions without answers,
    answers of several models side by side, JSON that is not a corpus.
    """
    sample = list(islice(rows, SAMPLE))
    names = [shape.name for shape in map(_shape, sample) if shape is not None]
    best = max(SHAPES, key=Counter(names).__getitem__)
    return SHAPES[best] if sample and 2 * names.count(best) >= len(sample) else None


def _shape(row: Any) -> Lens | None:
    if not isinstance(row, dict):
        return None
    for shape in SHAPES.values():
        try:
            shape.turns(row)
        except NotARecord:
            continue
        return shape
    return None


__all__ = ["SAMPLE", "SHAPES", "Lens", "Raw", "detect", "get"]
