"""Some records that two runs treat differently, masked by what either run marked as sensitive."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curate import ledger
from curate.looking import story
from curate.looking.changes.comparison import Compared
from curate.looking.exhibits import HELD, Exhibit, exhibit
from curate.looking.lines import lines
from curate.looking.masking import Mask
from curate.looking.unseen import unseen_by, withheld
from curate.looking.views import Views
from curate.visible import inline, visible

LENGTH = 300
"""Characters of a text that are shown."""


@dataclass(frozen=True, slots=True)
class Side:
    """A record in one run."""

    index: int
    place: str
    id: str
    told: str
    """Its fate in words."""
    text: str
    """Of the turn that differs, or of the last one; shortened, and safe to print."""


@dataclass(frozen=True, slots=True)
class Example:
    """A record in both runs; None where a run did not read it."""

    kind: str
    one: Side | None
    other: Side | None


def examples(one: Path, other: Path, found: Compared) -> Iterator[Example]:
    """Yield the records that were kept of each kind of change, in the order of the kinds."""
    chosen = [(kind, pair) for kind in sorted(found.few) for pair in found.few[kind].items()]
    sides = (
        _exhibits(one, {pair.one.index for _, pair in chosen if pair.one}),
        _exhibits(other, {pair.other.index for _, pair in chosen if pair.other}),
    )
    for kind, pair in chosen:
        first = sides[0][pair.one.index] if pair.one else None
        second = sides[1][pair.other.index] if pair.other else None
        steps = found.sensitive
        yield Example(kind, _side(first, second, steps), _side(second, first, steps))


def _exhibits(run: Path, wanted: set[int]) -> dict[int, Exhibit]:
    """Return records of a run, nothing masked yet."""
    if not wanted:
        return {}
    views = Views(ledger.summary(run))
    found = {}
    for line in lines(run):
        if line.entry.index in wanted:
            found[line.entry.index] = exhibit(line, views.of(line), unmask=True)
            if len(found) == len(wanted):
                break
    return found


def _side(shown: Exhibit | None, beside: Exhibit | None, sensitive: Collection[str]) -> Side | None:
    """Return one side, with everything hidden that either side marked, and what none looked at."""
    if shown is None:
        return None
    both = [each for each in (shown, beside) if each is not None]
    masks = [(each, Mask(each.entry.trail, each.turns, each.before)) for each in both]
    entry = shown.entry
    unseen = unseen_by(sensitive, *(each.entry for each in both))
    return Side(
        index=entry.index,
        place=inline(f"{entry.file}:{entry.line}"),
        id=inline(_hidden(entry.id, masks)),
        told=_hidden(story.fate(entry), masks),
        text=f"[{withheld(unseen)}]" if unseen else _text(shown, beside, masks),
    )


Masks = list[tuple[Exhibit, Mask]]


def _text(shown: Exhibit, beside: Exhibit | None, masks: Masks) -> str:
    if any(mask.withholds for _, mask in masks):
        return f"[{HELD.partition(';')[0]}]"
    if not shown.turns:
        return _short(shown.line)
    number = _turn(shown, beside)
    text = hidden = shown.turns[number].text
    for each, mask in masks:
        if _at(each.turns, number) == text:
            hidden = mask.turn(number, hidden)
        elif _at(each.before, number) == text:
            hidden = mask.before(number, hidden)
    return _short(_hidden(hidden, masks))


def _turn(shown: Exhibit, beside: Exhibit | None) -> int:
    """Return the first turn in which the two differ, or the last one."""
    others = beside.turns if beside is not None else ()
    for number, (one, other) in enumerate(zip(shown.turns, others, strict=False)):
        if one.text != other.text:
            return number
    return len(shown.turns) - 1


def _at(turns: Any, number: int) -> str | None:
    return turns[number].text if number < len(turns) else None


def _hidden(text: str, masks: Masks) -> str:
    for _, mask in masks:
        text = mask.text(text)
    return text


def _short(text: str) -> str:
    if len(text) > LENGTH:
        text = f"{text[: LENGTH * 2 // 3]} … {text[-LENGTH // 3 :]}"
    return visible(text)
