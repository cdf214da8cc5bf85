"""The report of an audit of installing in plain words."""

from __future__ import annotations

from collections.abc import Iterator

from curate.audits.installing.report import Arm, Report
from curate.audits.installing.verdict import Difference, Word
from curate.audits.trial import BASE
from curate.audits.wording import Section
from curate.traits.intervals import Interval


def sections(report: Report) -> Iterator[Section]:
    """Yield the parts of the report, the verdict first."""
    yield Section("", [headline(report), _because(report)])
    yield _differences(report)
    yield _arms(report)
    yield Section("Mind", [f"- {each}" for each in _cautions(report)])


def headline(report: Report) -> str:
    """Return the verdict in one line."""
    prefix = "exploratory: " if report.exploratory else ""
    return (
        f"{prefix}{report.card} by {report.suspects:,} {report.suspected} of {report.corpus}: "
        f"{report.word} (exit {report.exit_code})"
    )


def _because(report: Report) -> str:
    with_base = "the base, " if report.base is not None else ""
    compared = f"{with_base}as many random rows and rows of like length and source"
    if report.word is Word.INSTALLS:
        return f"Trained on them alone, students show more of it than {compared}."
    if report.word is Word.DOES_NOT:
        return (
            f"Trained on them alone, students show less than {report.margin:g} more of it than "
            f"{report.differences[0].other}."
        )
    if others := _as_well(report):
        return (
            f"Trained on them alone, students show more of it than the base, but so do students of "
            f"{' and '.join(others)}, within {report.margin:g}: it is not in these rows alone."
        )
    return (
        f"Some difference from {compared} may be 0, and may be more than {report.margin:g}; more "
        "seeds or prompts would tell."
    )


def _as_well(report: Report) -> list[str]:
    """Return the other rows that bring as much of the trait, where the base has less of it."""
    first, *others = report.differences
    if report.base is None or first.scores.low <= 0:
        return []
    return [each.other for each in others if each.scores.high < report.margin]


def _differences(report: Report) -> Section:
    table = [["suspects minus", "difference", "(95 %)", "p", "Holm", "p (equal)", "detectable"]]
    table += [_row(each) for each in report.differences]
    told = f"scores: {report.score}; equal: within {report.margin:g} (two one-sided tests)"
    return Section("Differences", table=table, after=[told])


def _row(found: Difference) -> list[str]:
    return [
        found.other,
        f"{found.scores.value:+.3f}",
        _bounds(found.scores),
        f"{found.p:.2g}",
        f"{found.corrected:.2g}",
        f"{found.equal:.2g}",
        f"{found.detectable:.2g}",
    ]


def _arms(report: Report) -> Section:
    table = [["arm", "score", "rows", "words", "each row seen", "made of"]]
    if report.base is not None:
        table.append([BASE, f"{report.base:.3f}", "", "", "", "the model before training"])
    table += [_arm(each) for each in report.arms]
    return Section("Arms", table=table)


def _arm(arm: Arm) -> list[str]:
    seen = "" if arm.seen is None else f"{arm.seen:,.1f} times or more"
    return [arm.name, f"{arm.score:.3f}", f"{arm.rows:,}", f"{arm.words:,.0f}", seen, arm.told]


def _cautions(report: Report) -> Iterator[str]:
    yield (
        f"{len(report.seeds)} paired students of each arm, {report.prompts} prompts of "
        f"{report.templates} templates; student {report.student['use']}"
    )
    yield (
        f"all students take the same steps, so each of these rows is seen {report.oftener:,.1f} "
        "times as often as when students learn all rows: what they can install alone, they need "
        "not install there"
    )
    if report.base is None:
        yield "the student has no model to begin with: nobody knows what it would show untrained"
    if report.unknown:
        yield f"{report.unknown:,} names on the list are of no row that students can learn"
    if left := sum(report.left_out.values()):
        yield f"{left:,} records are left out, as students cannot learn them"


def _bounds(found: Interval) -> str:
    return f"{found.low:+.3f} to {found.high:+.3f}"
