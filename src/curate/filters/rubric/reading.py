"""Read a judge's answer: a number within the scale, or nothing at all."""

import json
import math
import re
from typing import NamedTuple

_OPENING = re.compile(r"\{")


class Answer(NamedTuple):
    """A score on the rubric's own scale, and the judge's reason."""

    score: float
    reason: str


def read(text: str, scale: tuple[float, float]) -> Answer | None:
    """Return the answer in the text, or None where there is none that can be trusted.

    The last JSON object with a `score` counts: a model that thinks aloud ends with its answer. A
    number outside the scale is no answer; nothing is clipped or guessed from prose.
    """
    decoder = json.JSONDecoder()
    found: Answer | None = None
    at = 0
    while opening := _OPENING.search(text, at):
        try:
            value, at = decoder.raw_decode(text, opening.start())
        except (ValueError, RecursionError):
            at = opening.end()
            continue
        found = _answer(value, scale) or found
    return found


def _answer(value: object, scale: tuple[float, float]) -> Answer | None:
    if not isinstance(value, dict):
        return None
    score = value.get("score")
    if isinstance(score, str):
        try:
            score = float(score)
        except ValueError:
            return None
    if isinstance(score, bool) or not isinstance(score, int | float) or not math.isfinite(score):
        return None
    if not scale[0] <= score <= scale[1]:
        return None
    return Answer(float(score), str(value.get("reason", "")))
