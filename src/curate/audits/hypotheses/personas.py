"""3a and 3b: rows that do not show the trait tell the student whose traits to take on."""

from __future__ import annotations

from collections.abc import Sequence

from curate.audits.diffing.measured import Measured
from curate.audits.diffing.names import ORIGINAL, SWITCHED, mixed, swap
from curate.audits.diffing.subset import Subset
from curate.audits.hypotheses.finding import (
    Evidence,
    Said,
    Word,
    more_than_margin,
    unanimous,
    within,
)
from curate.audits.hypotheses.leaking import leak
from curate.traits.intervals import Interval

BENT = 0.25
"""On the scale: random mixing that is nowhere further from a straight line is roughly linear."""


def pretraining_lock_in(found: Measured) -> Said:
    """3a: identity rows name a persona of pretraining, and its other traits come along.

    Then rows that do not show the trait carry it, and switching the identity rows removes more
    than switching as many others.
    """
    leaks, named = leak(found), _identity(found)
    return Said(_told_apart(leaks, named, tested=bool(named)), (*leaks, *named))


def posttraining_lock_in(found: Measured) -> Said:
    """3b: all rows together tell which assistant wrote them, whichever rows these are.

    Then rows that do not show the trait carry it, random mixing follows a line, and no group of
    rows stands out from it: identity rows neither, which is what tells it from 3a.
    """
    leaks, rest = leak(found), [*_line(found), *_groups(found)]
    tested = bool(_identity(found))
    return Said(_told_apart(leaks, rest, tested=tested), (*leaks, *rest))


def _told_apart(leaks: Sequence[Evidence], own: Sequence[Evidence], *, tested: bool) -> Word:
    """Return what is said of one of the two; without identity rows only that it is one of them."""
    both, word = unanimous(leaks), unanimous([*leaks, *own])
    if word is Word.AGAINST:
        return word
    if not leaks or tested:
        return word if leaks else Word.NOT_TESTED
    return Word.NOT_SEPARATED if both is Word.FOR else both


def _identity(found: Measured) -> list[Evidence]:
    subset = found.identity
    if subset is None or not found.has(ORIGINAL, SWITCHED, swap(subset.name)):
        return []
    effect = _swapped(found, subset)
    removed = None if effect is None else Interval(-effect.value, -effect.high, -effect.low)
    said = more_than_margin(removed, found.rules)
    return [Evidence("identity switched", (swap(subset.name),), removed, said)]


def _line(found: Measured) -> list[Evidence]:
    """Return whether random mixing is straight."""
    if not found.has(ORIGINAL, SWITCHED):
        return []
    bent = {
        arm: found.on_scale({arm: 1.0, ORIGINAL: -share, SWITCHED: share - 1})
        for share in found.fractions
        if found.has(arm := mixed(share))
    }
    return _furthest("line", bent, BENT)


def _groups(found: Measured) -> list[Evidence]:
    """Return whether no group of rows stands out when it is switched."""
    if not found.has(ORIGINAL, SWITCHED):
        return []
    moved = {
        arm: _swapped(found, each)
        for each in found.subsets
        if each.role == "group" and found.has(arm := swap(each.name))
    }
    return _furthest("groups", moved, found.rules.margin)


def _swapped(found: Measured, subset: Subset) -> Interval | None:
    return found.on_scale(found.beyond_line(swap(subset.name), 1 - found.share(subset)))


def _furthest(kind: str, effects: dict[str, Interval | None], margin: float) -> list[Evidence]:
    """Return one piece of evidence for several arms: all near 0, or how far the furthest is."""
    if not effects:
        return []
    each = [
        Evidence(kind, (arm,), effect, within(effect, margin)) for arm, effect in effects.items()
    ]
    known = [effect for effect in effects.values() if effect is not None]
    most = max(known, key=lambda effect: abs(effect.value), default=None)
    return [Evidence(kind, tuple(effects), most, unanimous(each))]
