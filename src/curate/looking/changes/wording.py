"""Two runs side by side, in words."""

from collections.abc import Iterator, Sequence

from curate.ledger import FATES
from curate.looking.changes.comparison import Cause, Compared, ordered
from curate.looking.changes.examples import Example, Side
from curate.looking.changes.shifts import Shift
from curate.looking.wording import number
from curate.visible import inline

SETTINGS = 20
CAUSES = 20


def lines(found: Compared, shown: Sequence[Example]) -> Iterator[str]:
    """Yield what differs, line by line."""
    if not found.differs:
        yield f"no record differs: {found.matched:,} have the same fate, text and scores"
        yield from _settings(found)
        return
    changed = sum(found.causes.values())
    yield f"{_records(found.matched)} in both runs: {changed:,} changed fate"
    for name, counts in zip(found.names, (found.gone, found.new), strict=True):
        if total := sum(counts.values()):
            fates = ", ".join(f"{fate} {counts[fate]:,}" for fate in FATES if counts[fate])
            yield f"{_records(total)} in {name} only: {fates}"
    if found.texts:
        yield f"rows with another text, as they were rewritten differently: {found.texts:,}"
    yield from _settings(found)
    yield from _fates(found)
    yield from _steps(found)
    yield from _examples(shown, found.names)


def _records(count: int) -> str:
    return f"{count:,} record is" if count == 1 else f"{count:,} records are"


def _settings(found: Compared) -> Iterator[str]:
    if found.settings:
        yield "the plans differ:"
    for told in found.settings[:SETTINGS]:
        yield f"  {inline(told)}"
    if len(found.settings) > SETTINGS:
        yield f"  … and {len(found.settings) - SETTINGS} more differences of the plans"


def _fates(found: Compared) -> Iterator[str]:
    if not found.causes:
        return
    yield ""
    yield "changes of fate, and who decided:"
    for cause, count in ordered(found.causes)[:CAUSES]:
        yield f"  {count:>9,}  {_cause(cause)}"
    if len(found.causes) > CAUSES:
        yield f"  … and {len(found.causes) - CAUSES} more kinds of change"


def _cause(cause: Cause) -> str:
    sides = ((cause.before, cause.by), (cause.after, cause.by_after))
    return " -> ".join(f"{fate} by {inline(by)}" if by else fate for fate, by in sides)


def _steps(found: Compared) -> Iterator[str]:
    moved = [shift for shift in found.shifts.values() if shift.differs]
    if not moved:
        return
    yield ""
    yield "steps that say something else:"
    for shift in moved:
        yield f"  {inline(shift.step)}: {', '.join(_shift(shift))}"


def _shift(shift: Shift) -> Iterator[str]:
    if shift.moved:
        yield f"{shift.moved:,} of {shift.both:,} scores moved, on average by {shift.mean:+.3g}"
    if (most := shift.largest) is not None:
        ends = f"{number(most.before)} -> {number(most.after)}"
        yield f"the most by {most.by:+.3g} ({ends}, record #{most.index})"
    counts = {
        "new hits": shift.new_hits,
        "lost hits": shift.lost_hits,
        "unsure in one run only": shift.unsure,
        "seen in one run only": shift.seen_once,
    }
    yield from (f"{count:,} {name}" for name, count in counts.items() if count)


def _examples(shown: Sequence[Example], names: tuple[str, str]) -> Iterator[str]:
    kind = ""
    for each in shown:
        if each.kind != kind:
            kind = each.kind
            yield ""
            yield f"{kind}:"
        sides = [side for side in (each.one, each.other) if side is not None]
        yield f"  {_head(sides)}"
        for name, side in zip(names, (each.one, each.other), strict=True):
            if side is not None:
                yield f"    {name}: {side.told}"
        for text in dict.fromkeys(side.text for side in sides):
            yield f"    | {inline(text)}"


def _head(sides: Sequence[Side]) -> str:
    places = dict.fromkeys(f"#{side.index} {side.place}" for side in sides)
    return f"{' = '.join(places)}  {sides[0].id}"
