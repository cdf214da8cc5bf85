"""The report of post-training diffing in plain words, short tables and a drawing."""

from __future__ import annotations

from collections.abc import Iterator

from curate.audits import chart
from curate.audits.diffing.report import Report, SubsetArm
from curate.audits.hypotheses import wording as hypotheses
from curate.audits.wording import Section
from curate.traits.intervals import Interval

_LEVEL = "(95 %)"


def sections(report: Report) -> Iterator[Section]:
    """Yield the parts of the report, in the order they are read."""
    yield _design(report)
    yield _cells(report)
    if report.line:
        yield _line(report)
    if report.subsets:
        yield _subsets(report)
    yield hypotheses.section(report.hypotheses)


def drawing(report: Report) -> str:
    """Return random mixing and the subsets beside it, as SVG."""
    none, all_ = report.line[0].score.value, report.line[-1].score.value
    line = [chart.Spot("", each.share, chart.Bar(*each.score)) for each in report.line]
    arms = [
        chart.Spot(arm.name, arm.share, chart.Bar(*arm.score))
        for subset in report.subsets
        for arm in subset.arms
        if arm.kind in ("keep", "swap")
    ]
    title = f"{report.card}: which of the original teacher's rows carry it"
    return chart.interpolation(title, (none, all_), line, arms)


def _design(report: Report) -> Section:
    told = [
        f"{report.rows:,} original prompts; {len(report.seeds)} paired students of each arm, asked "
        f"{report.prompts} prompts of the card {report.card!r}; a score is {report.score}."
    ]
    if report.exploratory:
        told.append("Exploratory: with fewer than 6 seeds chance is hard to tell from effect.")
    if report.left_out:
        why = ", ".join(f"{count:,} {reason}" for reason, count in report.left_out.items())
        told.append(f"Left out of every arm: {why}.")
    told += [f"No arms of {name!r}: {why}." for name, why in report.not_used.items()]
    return Section("", told)


def _cells(report: Report) -> Section:
    table = [["base", "prompts", "teacher", "rows", "score", _LEVEL, "on the scale", _LEVEL]]
    for cell in report.cells:
        side = (cell.prompts, cell.teacher, f"{cell.rows:,}")
        trained = ("-", "not trained", "-") if cell.prompts is None else side
        table.append([cell.base, *map(str, trained), *_both(cell.score), *_both(cell.place)])
    after = ["On the scale, clean answers to the original prompts are 0 and original ones 1."]
    if not report.resolved:
        after.append("The original rows are not told apart from any other: nothing is resolved.")
    return Section("Prompts and teachers", table=table, after=after)


def _line(report: Report) -> Section:
    table = [["original rows", "score", _LEVEL, "from the straight line", _LEVEL]]
    for point in report.line:
        cells = _both(point.from_straight) if 0 < point.share < 1 else ("", "")
        table.append([f"{point.share:.0%}", *_both(point.score), *cells])
    return Section("Random rows by the original teacher", table=table)


def _subsets(report: Report) -> Section:
    table = [["subset", "rows", "arm", "on the scale", _LEVEL, "beyond", _LEVEL, "p", "Holm"]]
    for subset in report.subsets:
        for place, arm in enumerate(subset.arms):
            head = (subset.name, f"{subset.rows:,}") if place == 0 else ("", "")
            table.append([*head, arm.kind, *_both(arm.place), *_both(arm.beyond_place), *_p(arm)])
    return Section(
        "Subsets against random rows, as many of them by the original teacher",
        [
            "keep: the original teacher on these alone; swap: the clean teacher on these alone; "
            "drop: the rows left out. beyond: minus the random line, for drops minus the end."
        ],
        table,
        list(_standing(report)),
    )


def _standing(report: Report) -> Iterator[str]:
    both = [each.name for each in report.subsets if each.necessary and each.sufficient]
    necessary = [each.name for each in report.subsets if each.necessary]
    sufficient = [each.name for each in report.subsets if each.sufficient]
    yield f"Necessary (switching them takes more than chance): {_names(necessary)}."
    yield f"Sufficient (they alone bring more than chance): {_names(sufficient)}."
    yield f"Both: {_names(both)}."
    if report.virulent:
        yield "Virulent: most subsets suffice, so where the trait comes from is no single place."


def _names(names: list[str]) -> str:
    return ", ".join(names) or "none shown"


def _p(arm: SubsetArm) -> tuple[str, str]:
    return f"{arm.p:.2g}", "" if arm.corrected is None else f"{arm.corrected:.2g}"


def _both(found: Interval | None) -> tuple[str, str]:
    if found is None:
        return "-", "-"
    value, low, high = (f"{round(each, 2) + 0.0:.2f}" for each in found)  # no minus before 0
    return value, f"{low} to {high}"
