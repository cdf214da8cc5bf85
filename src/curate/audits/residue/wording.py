"""The report of a residue in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from curate.audits.residue.bands import Mass
from curate.audits.residue.likeliest import Likely
from curate.audits.residue.report import Probed, Report, Trained
from curate.audits.residue.wording_of_students import students
from curate.audits.wording import Section
from curate.looking.excerpts import pieces
from curate.looking.wording import number

_EXCERPT = 240
"""Characters shown of a kept row."""


def sections(report: Report) -> Iterator[Section]:
    """Yield the parts of the report, in the order they are read."""
    yield _rows(report)
    for found in report.masses:
        yield _mass(found)
    if report.probe is not None:
        yield _probe(report.probe)
        if report.probe.likeliest:
            yield _likeliest(report.probe.likeliest)
    if report.trained is not None:
        yield _students(report.trained)
    if report.not_tested:
        yield _not_tested(report.not_tested)


def _rows(report: Report) -> Section:
    steps = " and ".join(map(repr, report.steps))
    told = [
        f"{report.run}: {report.rows:,} rows, {report.hits:,} of them hits of {steps}; "
        f"{report.kept:,} are kept and no hits"
    ]
    if report.open_hits:
        told.append(f"{report.open_hits:,} hits are kept as they were read")
    left = sum(report.left_out.values())
    if left:
        told.append(f"{left:,} records have no answer that can be looked at")
    return Section("", told)


def _mass(found: Mass) -> Section:
    title = f"Kept rows by {found.name} (a hit: {found.rule})"
    if not found.scored:
        return Section(title, ["It scored none of them."])
    table = [["on the way to a hit", "rows", "share", "scores"]]
    for band in found.bands:
        if not band.rows:
            continue
        scores = "" if band.low is None or band.high is None else _span(band.low, band.high)
        table.append([band.name, f"{band.rows:,}", f"{band.rows / found.scored:.2%}", scores])
    return Section(title, table=table, after=list(_massed(found)))


def _massed(found: Mass) -> Iterator[str]:
    if found.unscored:
        yield f"{found.unscored:,} kept rows have no score, or were rewritten after it."
    if found.graded:
        yield (
            f"Mild mass: {found.mass:.4f}. In all, the kept rows are as far on the way to a hit "
            f"as {found.worth:,.1f} rows that just reach it."
        )
    else:
        yield (
            "No score stands between no sign and a hit: this scorer cannot see what is mild. "
            "A judge (--card CARD --judge SPEC) or a graded filter (--scorer SPEC) could."
        )


def _probe(found: Probed) -> Section:
    told = [
        f"A model of the {found.dropped:,} hits against {found.kept:,} kept rows, each scored by "
        f"one that has not seen its prompt: a hit scores above a kept row "
        f"{_percent(found.auroc.value)} of the time ({_percents(*found.auroc[1:])}); chance is "
        f"50 %, length alone reaches {_percent(found.by_length)}.",
    ]
    if not found.tells or found.positives is None or found.found is None:
        told.append(
            "That is no better than chance: in words, what was dropped and what was kept are "
            "alike, and nothing can be said of what is left."
        )
    else:
        low, high = found.positives[1:]
        low, high = found.positives[1:]
        told += [
            f"Kept rows that read like dropped ones: {_percent(found.positives.value)} "
            f"({_percents(low, high)}), about {found.positives.value * found.kept:,.0f} rows.",
            f"That is what is left if the filter found {_percent(found.found.value)} "
            f"({_percents(*found.found[1:])}) of such rows, and which ones was chance. It was not: "
            "a filter finds the plain ones. So read the rows before you believe the number.",
        ]
    return Section("Do kept rows read like dropped ones?", told)


def _likeliest(found: Sequence[Likely]) -> Section:
    told = []
    for each in found:
        told.append(f"#{each.index}  {each.file}:{each.line}  {each.id}  {each.likeness:.2f}")
        told.append(f"  {_excerpt(each.text)}")
    after = [
        "The number is the probability that a row is one of them, by what is said above.",
        "`curate show RUN '#INDEX'` shows one whole, with what every step saw in it.",
    ]
    return Section("Kept rows that read most like dropped ones", told, after=after)


def _students(found: Trained) -> Section:
    before, table, after = students(found)
    return Section(f"Students ({found.card} {found.card_version})", before, table, after)


def _not_tested(found: Mapping[str, str]) -> Section:
    return Section("Not tested", [f"- {name}: {why}" for name, why in found.items()])


def _excerpt(text: str) -> str:
    parts = (
        f" [… {piece.left_out:,} characters left out …] " if piece.left_out else piece.text
        for piece in pieces(text, (), _EXCERPT)
    )
    return "".join(parts)


def _span(low: float, high: float) -> str:
    low, high = float(f"{low:.4g}"), float(f"{high:.4g}")
    return number(low) if low == high else f"{number(low)} to {number(high)}"


def _percent(share: float) -> str:
    return f"{share:.1%}"


def _percents(low: float, high: float) -> str:
    return f"{100 * low:.1f} to {100 * high:.1f}"
