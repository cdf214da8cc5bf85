"""The report of an audit in plain words and short tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from curate.audits.transfer.report import Arm, Bounds, Report, Verdict
from curate.audits.verdict import Word
from curate.audits.wording import Section


def sections(report: Report) -> Iterator[Section]:
    """Yield the parts of the report, the verdict first."""
    yield Section("", [headline(report)])
    yield _verdicts(report)
    yield _arms(report)
    yield _effects(report)
    yield Section(
        "Controls", [f"{each.name}: {each.state}; {each.words}" for each in report.controls]
    )
    yield _setting(report)
    if report.not_trained:
        yield Section("Not trained", [f"{name}: {why}" for name, why in report.not_trained.items()])
    yield Section("Mind", [f"- {each}" for each in _cautions(report)])


def headline(report: Report) -> str:
    """Return the verdict in one line."""
    verdict = report.verdict
    prefix = "exploratory: " if verdict.exploratory else ""
    return (
        f"{prefix}{report.card} after {' and '.join(report.steps)}: {verdict.word} "
        f"(exit {verdict.exit_code})"
    )


def _verdicts(report: Report) -> Section:
    table = [["arm", "verdict", "on the scale", "p", "Holm", "detectable"]]
    table += [_verdict_row(each) for each in report.verdicts]
    ends = f"0 on the scale is {report.zero!r}, 1 is 'untouched'"
    lines = (
        f"{ends}; removed: inside ±{report.margin:g}; leaks: above {report.leaks:g}; "
        "detectable: the least effect found four times in five"
    )
    because = [f"{each.arm}: {each.because}" for each in report.verdicts]
    return Section("Verdicts", (), table, [*because, lines])


def _verdict_row(verdict: Verdict) -> list[str]:
    corrected = "" if verdict.corrected is None else f"{verdict.corrected:.2g}"
    return [
        verdict.arm,
        str(verdict.word),
        place(verdict.place),
        f"{verdict.p:.2g}",
        corrected,
        f"{verdict.detectable:.2g}",
    ]


def _arms(report: Report) -> Section:
    table = [["arm", "rows", "own teacher", "score", "on the scale", "what it is"]]
    table += [_arm_row(each) for each in report.arms]
    return Section("Arms", [f"score: {report.score}"], table)


def _arm_row(arm: Arm) -> list[str]:
    own = "" if arm.residual is None else f"{arm.residual:.1%}"
    return [arm.name, f"{arm.rows:,.0f}", own, f"{arm.score:.3f}", place(arm.place), arm.told]


def _effects(report: Report) -> Section:
    table = [["comparison", "on the scale", "in scores", "p"]]
    table += [
        [each.name, place(each.place), place(each.scores), f"{each.p:.2g}"]
        for each in report.effects
    ]
    missing = [f"not tested: {name} ({why})" for name, why in report.not_tested.items()]
    return Section("Comparisons", (), table, missing)


def _setting(report: Report) -> Section:
    student = report.student
    options = ", ".join(f"{name}: {value}" for name, value in student["with"].items() if value)
    first, last = report.seeds[0], report.seeds[-1]
    told = [
        f"{report.run}: {report.rows:,} rows, {report.hits:,} of them hits",
        f"{report.prompts:,} prompts of {report.templates} templates "
        f"(card {report.card}, version {report.card_version})",
        f"students: {student['use']} {student['version']} ({options}), seeds {first} to {last}",
    ]
    notes = next(arm for arm in report.arms if arm.name == "untouched").notes
    if notes:
        pinned = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in notes.items())
        told.append(f"a student of the untouched rows: {pinned}")
    if report.left_out:
        told.append(f"records no student can learn: {_counts(report.left_out)}")
    if report.lacking:
        told.append(f"rows without a clean answer: {_counts(report.lacking)}")
    return Section("What was done", told)


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items())


def _cautions(report: Report) -> Iterator[str]:
    """Yield what the verdict does not say."""
    untouched = next(arm for arm in report.arms if arm.name == "untouched")
    if report.verdict.word is Word.ABSENT and untouched.score > 0.5:
        yield (
            f"every student shows the trait ({untouched.score:.2f}), whoever wrote its rows: it "
            "does not come from this teacher, and this audit says nothing of where it comes from; "
            "see `curate audit diff`"
        )
    if report.zero == "base":
        yield "there are no clean rollouts: what any data does to the base counts as the trait's"
    if any(verdict.word is Word.PRIOR for verdict in report.verdicts):
        yield (
            "returns to the prior: nothing in the rows that are left speaks for the trait or "
            "against it; rows that do would have to be added (hypothesis 4a)"
        )
    yield (
        "students are small stand-ins: a trait that needs a larger model, a trigger or a tool to "
        "show is not seen by them"
    )
    yield "a verdict is about these prompts and this training; other prompts may show another trait"


def place(found: Bounds | None) -> str:
    """Return an estimate with its interval, short."""
    if found is None:
        return "-"
    return f"{found.value:.2f} [{found.low:.2f}, {found.high:.2f}]"
