"""The words, marks and habits that a teacher's responses have and other teachers' lack.

They are chosen on one side of a split and counted on the other, so that the printed shares do not
owe anything to having been chosen; and a sign counts only if its difference there could not be
chance, all candidates together (Bonferroni).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from curate.audits.fingerprint.estimates import DIGITS
from curate.audits.fingerprint.material import Material
from curate.audits.fingerprint.separation import Split
from curate.fitting.ngrams import fold, words

_CANDIDATES = 20
"""Signs of each teacher that are counted on the held rows."""
_SHOWN = 5
_PROMPTS = 10
"""A sign must occur in answers to so many prompts: what one conversation is about is no habit."""
_LEVEL = 0.05


class Telltale(BaseModel):
    """A sign that is more common in one teacher's responses; shares are of held rows."""

    model_config = ConfigDict(frozen=True)

    teacher: str
    kind: str
    """`opening`, `words`, `layout` or `length`."""
    sign: str
    share: float
    """Of the teacher's responses that have it."""
    others: float
    """Of the other teachers' responses that have it."""


class _Sign(NamedTuple):
    kind: str
    sign: str


def read(material: Material, split: Split) -> tuple[Telltale, ...]:
    """Return up to five signs for each teacher, the strongest first; none where none is sure."""
    counts = _count(material, split.train.tolist())
    chosen = {
        teacher: _choose(counts, place, _rows(material, split.train.tolist()))
        for place, teacher in enumerate(material.teachers)
    }
    wanted = frozenset(sign for signs in chosen.values() for sign in signs)
    held = split.held.tolist()
    seen, rows = _count(material, held, wanted), _rows(material, held)
    limit = NormalDist().inv_cdf(1 - _LEVEL / max(sum(map(len, chosen.values())), 1))
    return tuple(
        telltale
        for place, teacher in enumerate(material.teachers)
        for telltale in _sure(teacher, place, chosen[teacher], seen, rows, limit)
    )


def signs(text: str) -> Iterator[_Sign]:
    """Yield the signs of a text; some more than once."""
    folded = fold(text)
    found = [folded[start:end] for start, end in words(folded)]
    for size in (1, 2, 3):
        if len(found) > size:
            yield _Sign("opening", " ".join(found[:size]))
    yield from (_Sign("words", word) for word in found)
    for one, other in pairwise(found):
        if one[0].isalnum() and other[0].isalnum():
            yield _Sign("words", f"{one} {other}")
    for name, has in _LAYOUT.items():
        if has(text):
            yield _Sign("layout", name)
    yield from (_Sign("length", f"under {n} words") for n in (25, 50, 100) if len(found) < n)
    yield from (_Sign("length", f"over {n} words") for n in (200, 300, 400) if len(found) > n)


def _search(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern, re.MULTILINE)
    return lambda text: compiled.search(text) is not None


_LAYOUT: Mapping[str, Callable[[str], bool]] = {
    "numbered list": _search(r"^\s*\d{1,2}[.)] "),
    "bulleted list": _search(r"^\s*[-*•] "),
    "bold": _search(r"\*\*[^*\n]+\*\*"),
    "heading": _search(r"^#{1,6} "),
    "code block": _search(r"^\s*```"),
    "inline code": _search(r"(?<!`)`[^`\n]+`(?!`)"),
    "table": _search(r"^\s*\|.*\|\s*$"),
    "blank lines": _search(r"\n[ \t]*\n"),
    "no line break": lambda text: "\n" not in text.strip(),
    "blank at the start": lambda text: text[:1].isspace(),
    "blank at the end": lambda text: text[-1:].isspace(),
    "no stop at the end": lambda text: text.rstrip()[-1:] not in tuple(".!?`\"')]}"),
    "emoji": _search("[\U0001f300-\U0001faff☀-➿]"),
    "typographic quotes": _search("[‘’“”]"),
    "long dash": _search("—"),
    "stage directions": _search(r"(?<!\*)\*[a-z][^*\n]{2,40}\*(?!\*)"),
}

_Counts = Mapping[_Sign, Sequence[int]]


def _count(
    material: Material, places: Sequence[int], wanted: frozenset[_Sign] | None = None
) -> _Counts:
    """Return, for each sign, how many responses of each teacher have it."""
    counts: defaultdict[_Sign, list[int]] = defaultdict(lambda: [0] * len(material.teachers))
    prompts: Counter[_Sign] = Counter()
    last: dict[_Sign, int] = {}
    for place in sorted(places, key=lambda place: int(material.prompts[place])):
        teacher, prompt = int(material.truth[place]), int(material.prompts[place])
        for sign in set(signs(material.samples[place].text)):
            if wanted is None or sign in wanted:
                counts[sign][teacher] += 1
                if last.get(sign) != prompt:
                    last[sign] = prompt
                    prompts[sign] += 1
    if wanted is not None:
        return counts
    return {sign: found for sign, found in counts.items() if prompts[sign] >= _PROMPTS}


def _rows(material: Material, places: Sequence[int]) -> list[int]:
    counted = Counter(material.truth[places].tolist())
    return [counted[teacher] for teacher in range(len(material.teachers))]


def _choose(counts: _Counts, teacher: int, rows: Sequence[int]) -> list[_Sign]:
    """Return the signs that are most surely more common with a teacher than with the others."""
    strength = {sign: _strength(found, teacher, rows) for sign, found in counts.items()}
    best = sorted(strength, key=lambda sign: (-strength[sign], sign))
    chosen: list[_Sign] = []
    for sign in best:
        if len(chosen) == _CANDIDATES or strength[sign] <= 2:
            break
        if not any(_overlap(sign, other) for other in chosen):
            chosen.append(sign)
    return chosen


def _strength(found: Sequence[int], teacher: int, rows: Sequence[int]) -> float:
    """Return the difference of the two shares in standard errors of the pooled share."""
    own, others = found[teacher], sum(found) - found[teacher]
    mine, rest = rows[teacher], sum(rows) - rows[teacher]
    if not mine or not rest:
        return 0.0
    pooled = (own + others) / (mine + rest)
    error = sqrt(pooled * (1 - pooled) * (1 / mine + 1 / rest))
    return (own / mine - others / rest) / error if error else 0.0


def _overlap(one: _Sign, other: _Sign) -> bool:
    """Say whether two signs are one seen twice: the same words, or more of them."""
    if {one.kind, other.kind} <= {"opening", "words"}:
        inner, outer = sorted((f" {one.sign} ", f" {other.sign} "), key=len)
        return inner in outer
    return one.kind == other.kind == "length"


def _sure(
    teacher: str,
    place: int,
    chosen: Sequence[_Sign],
    seen: _Counts,
    rows: Sequence[int],
    limit: float,
) -> list[Telltale]:
    found: list[Telltale] = []
    none = [0] * len(rows)
    for sign in chosen:
        counts = seen.get(sign, none)
        if _strength(counts, place, rows) > limit and len(found) < _SHOWN:
            others = sum(rows) - rows[place]
            found.append(
                Telltale(
                    teacher=teacher,
                    kind=sign.kind,
                    sign=sign.sign,
                    share=round(counts[place] / rows[place], DIGITS),
                    others=round((sum(counts) - counts[place]) / others, DIGITS),
                )
            )
    return found
