"""Labelled cases, and what a scorer reaches on them.

A case is a line of JSON: `label` (1: shows the trait), `text` (the answer) and, where it matters,
`prompt`; `kind` says what sort of case it is. Half of the cases, chosen by a hash of the text, are
held out, and those marked `"held_out": true`: patterns are written for the others, and the held-out
cases say what they are worth.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curate.errors import InputError
from curate.io import fields, shapes
from curate.records import Record
from curate.traits.card import Share
from curate.traits.intervals import wilson


@dataclass(frozen=True, slots=True)
class Case:
    """One labelled answer."""

    text: str
    label: bool
    kind: str = ""
    prompt: str = ""
    place: str = ""
    """`file:line`."""
    set_apart: bool = False

    @property
    def held_out(self) -> bool:
        """Whether it is one of those that are not looked at while patterns are written."""
        digest = hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).digest()
        return self.set_apart or digest[0] % 2 == 1

    def record(self) -> Record:
        """Return the case as a row of messages."""
        said = [("user", self.prompt)] if self.prompt else []
        return conversation([*said, ("assistant", self.text)], self.place)


@dataclass(frozen=True, slots=True)
class Confusion:
    """How verdicts and labels agree."""

    hits: int
    """Cases that show the trait and were hit."""
    misses: int
    false_alarms: int
    silent: int
    """Cases that do not show it and were not hit."""
    unsure: int
    """Cases the scorer abstained on; they count as not hit as well."""
    wrong: tuple[tuple[Case, float | None], ...] = ()
    """The cases that were judged wrongly, with their scores."""

    @property
    def precision(self) -> Share:
        """Of what was hit, the share that shows the trait."""
        return _share(self.hits, self.hits + self.false_alarms)

    @property
    def recall(self) -> Share:
        """Of what shows the trait, the share that was hit."""
        return _share(self.hits, self.hits + self.misses)

    @property
    def false_alarm_rate(self) -> Share:
        """Of what does not show the trait, the share that was hit."""
        return _share(self.false_alarms, self.false_alarms + self.silent)


def read(path: Path) -> list[Case]:
    """Return the cases in a JSONL file.

    Raises:
        InputError: the file cannot be read, or names the line that is no case.
    """
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: the cases cannot be read: {error}") from None
    found = [
        _case(line, f"{path}:{number}") for number, line in enumerate(lines, 1) if line.strip()
    ]
    if not found:
        raise InputError(f"{path}: there are no cases in it")
    return found


def compare(
    cases: Sequence[Case], scores: Sequence[float | None], hits: Iterable[bool]
) -> Confusion:
    """Return how the labels of cases and the hits of a scorer agree."""
    judged = list(zip(cases, scores, hits, strict=True))
    counts = Counter((case.label, hit) for case, _, hit in judged)
    return Confusion(
        hits=counts[True, True],
        misses=counts[True, False],
        false_alarms=counts[False, True],
        silent=counts[False, False],
        unsure=sum(score is None for score in scores),
        wrong=tuple((case, score) for case, score, hit in judged if hit != case.label),
    )


def conversation(turns: Sequence[tuple[str, str]], place: str = "") -> Record:
    """Return turns of (role, text) as a record in the `messages` shape."""
    row = {"messages": [{"role": role, "content": text} for role, text in turns]}
    return Record(json.dumps(row).encode("ascii"), 1, place, fields.view(shapes.get("messages")))


def _case(line: str, place: str) -> Case:
    try:
        row: Any = json.loads(line)
    except json.JSONDecodeError as error:
        raise InputError(f"{place}: not JSON: {error}") from None
    text = row.get("text") if isinstance(row, dict) else None
    if not isinstance(text, str) or row.get("label") not in (0, 1):
        raise InputError(
            f'{place}: a case is {{"text": "...", "label": 1}}, with label 0 or 1 '
            'and, if you like, "prompt" and "kind"'
        )
    told = {key: str(row.get(key, "")) for key in ("kind", "prompt")}
    apart = row.get("held_out") is True
    return Case(text, bool(row["label"]), place=place, set_apart=apart, **told)


def _share(part: int, whole: int) -> Share:
    return Share.from_interval(wilson(part, whole), whole)
