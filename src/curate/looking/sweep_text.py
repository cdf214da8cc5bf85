"""A sweep as lines of text for people."""

from collections.abc import Iterator

from curate.api import Rule
from curate.looking import thresholds
from curate.looking.sweeping import Example, Point, Sweep
from curate.looking.wording import number
from curate.visible import inline

_COLUMNS = ("hits", "share", "change", "dropped now")
_REWRITING = (*_COLUMNS, "rewritten")


def lines(found: Sweep) -> Iterator[str]:
    """Yield a table of the thresholds, examples on both sides of each, and what to keep in mind."""
    yield f"{inline(found.step)} ({found.rule}, do: {found.do})"
    yield f"{found.scored:,} records scored, {found.abstained:,} abstained"
    yield ""
    yield from _table(found)
    for point in found.points:
        yield from _sides(point)
    yield ""
    yield from _caveats(found)


def _table(found: Sweep) -> Iterator[str]:
    now = next(point.hits for point in found.points if point.rule == found.rule)
    names = [_bound(point.rule) for point in found.points]
    kind = thresholds.kind(found.rule)
    first = max(map(len, [*names, kind]))
    rewrites = found.do == "rewrite"
    columns = _REWRITING if rewrites else _COLUMNS
    yield f"  {kind:>{first}}" + "".join(f"{column:>13}" for column in columns)
    for name, point in zip(names, found.points, strict=True):
        share = f"{point.hits / found.scored:.2%}" if found.scored else "-"
        as_run = point.rule == found.rule
        change = "as run" if as_run else f"{point.hits - now:+,}"
        cells = [f"{point.hits:,}", share, change, f"{point.hits_dropped:,}"]
        if rewrites:
            cells.append(f"{point.hits_rewritten:,}")
        sign = "*" if as_run else " "
        yield f"{sign} {name:>{first}}" + "".join(f"{cell:>13}" for cell in cells)


def _sides(point: Point) -> Iterator[str]:
    if not point.inside and not point.outside:
        return
    yield ""
    yield f"closest to {point.rule}"
    yield from (f"  hit     {_example(example)}" for example in point.inside)
    yield from (f"  no hit  {_example(example)}" for example in point.outside)


def _caveats(found: Sweep) -> Iterator[str]:
    unseen = found.dropped_before + found.quarantined_before
    if unseen:
        yield (
            f"{unseen:,} records are not counted, because this step never scored them: "
            f"{found.dropped_before:,} dropped and {found.quarantined_before:,} quarantined before"
        )
    if found.do == "rewrite":
        yield "The scores are those of the texts before this step rewrote them. How many more hits"
        yield "another threshold would rewrite, and for how many there is a text, a run will tell."
    if found.rewritten_before:
        yield f"{found.rewritten_before:,} records were scored as earlier steps had rewritten them."
    yield "Later steps saw what this one let pass as run; another threshold would change that."
    if thresholds.kind(found.rule) == "outside" and len(found.points) == 1:
        yield "A rule with two bounds is not swept by itself: give pairs, as in --at 0.1,0.9"


def _bound(rule: Rule) -> str:
    return ",".join(map(number, thresholds.bounds(rule)))


def _example(example: Example) -> str:
    place = f"{inline(example.file)}:{example.line}"
    return f"{number(example.score)}  {place}  {inline(example.id)}"
