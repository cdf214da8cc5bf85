"""The report of `audit locate` in plain words and short tables."""

from __future__ import annotations

from collections.abc import Iterator

from curate.audits.locating.report import ALPHA, Bounds, Found, Report, Validation
from curate.audits.wording import Section

_SHOWN = 8
"""Groups that are shown."""


def sections(report: Report) -> Iterator[Section]:
    """Yield the parts of the report, in the order they are read."""
    yield Section("", [_headline(report)])
    if report.validation is not None:
        yield _validation(report.validation)
    if report.found is not None:
        yield _found(report.found, report)
    yield _setting(report)
    if report.found is not None:
        yield Section("Mind", [f"- {each}" for each in _cautions(report.found, report.margin)])


def _headline(report: Report) -> str:
    if report.found is None or report.why is not None:
        return f"not located: {report.why} (exit {report.exit_code})"
    return (
        f"located: switching {report.found.rows:,} of {report.switchable:,} rows removes the trait "
        f"(exit {report.exit_code})"
    )


def _validation(found: Validation) -> Section:
    verdict = "orders students better than chance" if found.holds else "is not shown to be right"
    before = [
        f"The ranking {verdict}: {found.students} students with random halves of "
        f"{len(found.groups)} groups switched; predicted against measured, Spearman's rho is "
        f"{found.correlation:.2f}.",
        f"With the scores dealt out at random, 95 % of {found.draws:,} deals give "
        f"{found.low:.2f} to {found.high:.2f}; p = {found.p:.2g}, needed: {ALPHA:g}.",
    ]
    table = [["group, by a prompt of it", "rows", "predicted", "measured"]]
    table += [
        [group.example, f"{group.rows:,}", f"{group.predicted:.3g}", f"{group.measured:+.3f}"]
        for group in found.groups[:_SHOWN]
    ]
    left = len(found.groups) - _SHOWN
    after = [f"and {left} groups with lower predictions"] if left > 0 else []
    after.append(f"Standard error of what is measured of one group: {found.noise:.3f}.")
    return Section("Is the ranking right?", before, table, after)


def _found(found: Found, report: Report) -> Section:
    lowest = min((each.position.value for each in found.checks), default=0.0)
    verdict = "each is needed" if found.minimal else "not each is needed"
    table = [
        ["switched", "seeds", "position"],
        ["the set", "of the search", _bounds(found.position)],
        ["the set", "fresh", _bounds(found.fresh)],
        ["as many rows at random", "fresh", _bounds(found.chance)],
    ]
    after = [
        f"1-minimal: {verdict}; with any one of its {found.units} units put back, students of the "
        f"same seeds are at {lowest:.2f} or above, and not shown to be below {report.margin:g}.",
        f"Of its rows the run hit {found.precision:.0%}; it has {found.recall:.0%} of the "
        f"{report.hits:,} hits that can be switched. Hits were not used to find it.",
    ]
    told = "Positions: all clean is 0, untouched is 1; 95 % intervals over seeds."
    return Section("The set", [told], table, after)


def _setting(report: Report) -> Section:
    student = report.student
    options = ", ".join(f"{name}: {value}" for name, value in student["with"].items() if value)
    told = [
        f"{report.rows:,} rows, {report.switchable:,} of them with a clean teacher's answer",
        f"{report.prompts:,} prompts of card {report.card}; untouched minus all clean: "
        f"{_bounds(report.gap)} in scores",
        f"students: {student['use']} {student['version']} ({options})",
        f"{report.students:,} of them, at most {report.budget:,}: {report.searched} seeds for each "
        f"set that was tried, {report.judged} fresh ones for the one that was found",
    ]
    if report.lacking:
        reasons = ", ".join(f"{name} {count:,}" for name, count in report.lacking.items())
        told.append(f"rows without a clean answer: {reasons}")
    return Section("What was done", told)


def _cautions(found: Found, margin: float) -> Iterator[str]:
    if found.fresh.high >= margin:
        yield (
            f"a set of which nothing can be spared stands just below {margin:g}, and the interval "
            "of fresh seeds reaches it: to be sure, switch the rows of next rank too, or take a "
            "smaller --margin"
        )
    if found.named_too:
        yield f"the ids also name {found.named_too:,} rows that are not of the set"
    yield (
        "other sets may do as well: what is found depends on the ranking; none of this one's units "
        "can be spared, for these seeds"
    )
    yield "it is what this student learns from; a larger one may take the trait from other rows"


def _bounds(found: Bounds) -> str:
    return f"{found.value:.2f} [{found.low:.2f}, {found.high:.2f}]"
