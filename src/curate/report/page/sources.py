"""What the run read and wrote, by which plan: everything that pins it down."""

from collections.abc import Iterator

from curate.report.model import Fates, InputFile, Report
from curate.report.numbers import number, per_cent
from curate.report.page.html import COLUMNS, Html, element, folded, join, table

_SHOWN = 20
"""Inputs whose records are accounted for."""


def inputs(report: Report) -> Html:
    """Return what became of each input, their hashes, and how the columns of tables were read."""
    rows = [
        [
            element("span", each.name, element("br"), _hash(each)),
            f"{each.format}, {each.shape}" if each.shape else each.format,
            "" if each.lines is None else number(each.lines),
            "" if each.bytes is None else number(each.bytes),
        ]
        for each in report.inputs
    ]
    head = ["input, and its SHA-256", "shape", "lines", "bytes"]
    parts = [*_accounts(report), table("What was read", head, rows, numbers=range(2, COLUMNS))]
    if report.inputs_left_out:
        parts.append(element("p", f"And {number(report.inputs_left_out)} more inputs."))
    return join([*parts, *(part for each in report.inputs for part in _columns(each))])


def identity(report: Report) -> Html:
    """Return what decides the results of the run."""
    facts = [
        ("made by", f"curate {report.curate}"),
        ("plan", element("code", report.plan_digest)),
        ("inputs", number(len(report.inputs) + report.inputs_left_out)),
        ("sensitive text", "masked" if report.masked else "shown: do not pass this page on"),
    ]
    parts = [part for name, told in facts for part in (element("dt", name), element("dd", told))]
    return element("dl", *parts, class_="facts")


def files(report: Report) -> Html:
    """Return the files of the run directory and those that steps read, with their hashes."""
    rows = [
        [each.name, number(each.lines), number(each.bytes), element("code", each.sha256)]
        for each in report.outputs
    ]
    parts = [table("The run directory", ["file", "lines", "bytes", "SHA-256"], rows)]
    used = [
        [step, name, element("code", found)]
        for step, named in report.files.items()
        for name, found in named.items()
    ]
    if used:
        caption = "Files and models that decide results"
        parts.append(table(caption, ["step", "what", "hash"], used, numbers=range(3, COLUMNS)))
    return join(parts)


def plan(report: Report) -> Html:
    """Return the plan, with every default filled in."""
    left = report.plan_left_out
    more = f"\n[… {number(left)} characters left out …]" if left else ""
    text = element("pre", report.plan + more, tabindex=0, role="group", aria_label="The plan")
    return folded("The plan with every default filled in", text)


def _accounts(report: Report) -> Iterator[Html]:
    """Tell the fates of the records of each input, where there are several."""
    counted = [(each.name, each.fates) for each in report.inputs if each.fates is not None]
    inputs = len(report.inputs) + report.inputs_left_out
    if inputs < 2 or not counted:
        return
    counted.sort(key=lambda each: -each[1].read)
    rows = [_account(*each) for each in counted[:_SHOWN]]
    yield table(
        "What became of each input, most records first",
        ["input", "read", "kept", "share", "dropped", "set aside"],
        rows,
    )
    if inputs > len(rows):
        yield element("p", f"… and {number(inputs - len(rows))} more, in run.json.", class_="soft")


def _account(name: str, fates: Fates) -> list[str]:
    return [
        name,
        number(fates.read),
        number(fates.kept),
        per_cent(fates.kept, fates.read) if fates.read else "",
        number(fates.dropped),
        number(fates.quarantined),
    ]


def _hash(found: InputFile) -> Html:
    if found.sha256 is None:
        return element("span", "not read to its end", class_="soft")
    return element("code", found.sha256, class_="soft")


def _columns(found: InputFile) -> Iterator[Html]:
    parts: list[Html] = []
    if found.converted:
        rows = [[each.path, each.type, each.said] for each in found.converted]
        head = ["column", "type", "in JSON"]
        parts.append(
            table("Columns whose type JSON does not have", head, rows, numbers=range(3, COLUMNS))
        )
    if found.nulls:
        rows = [[path, number(nulls), number(of)] for path, nulls, of in found.nulls]
        parts.append(table("Nulls, or keys there were not", ["column", "nulls", "of"], rows))
    if found.notes:
        parts.append(element("ul", *(element("li", note) for note in found.notes)))
    if found.more:
        parts.append(element("p", f"And {number(found.more)} more, in run.json.", class_="soft"))
    if parts:
        yield folded(f"How the table {found.name} was read", *parts, opened=True)
