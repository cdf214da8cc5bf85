"""A report as a summary in Markdown, for a pull request or a notebook: figures, and no records."""

import re
from collections.abc import Iterable, Iterator, Sequence

from curate.report.audits import tell
from curate.report.model import InputFile, Report, Step
from curate.report.numbers import number, per_cent, teacher
from curate.summary import balance

_SPECIAL = re.compile(r"([\\`*_\[\]#!|~$^])")
REASONS = 5
TEACHERS = 20
PAIRS = 10


def markdown(report: Report) -> str:
    """Return the summary, a function of the report alone."""
    return "\n".join(_lines(report)) + "\n"


def plain(text: str) -> str:
    """Return a text that Markdown, and the HTML in it, take as it is."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _SPECIAL.sub(r"\\\1", text.replace("\n", " "))


def table(head: Sequence[str], rows: Iterable[Sequence[str]], numbers: int = 1) -> Iterator[str]:
    """Yield the lines of a table; from column `numbers` on, cells are set to the right."""
    yield _row(head)
    yield _row(["--:" if n >= numbers else ":--" for n in range(len(head))], made=True)
    yield from (_row(row) for row in rows)


def steps(report: Report) -> Iterator[str]:
    """Yield what each step did, as a table."""
    head = ["step", "filter", "a hit", "does", "seen", "hits", "unsure", "dropped", "set aside",
            "left"]  # fmt: skip
    yield from table(head, map(_step, report.steps), numbers=4)


def audits(report: Report) -> Iterator[str]:
    """Yield what audits say, and what they do not."""
    for each in report.audits:
        told = tell(each)
        yield f"**{plain(each.kind)}** ({plain(told.question)})"
        yield ""
        yield f"> {plain(told.headline)}"
        yield ""
        if told.limits:
            yield "To keep in mind:"
            yield ""
            yield from (f"- {plain(limit)}" for limit in told.limits)
            yield ""


def _lines(report: Report) -> Iterator[str]:
    yield f"# What became of {plain(report.run)}"
    yield ""
    yield f"**{balance(report.counts)}**"
    yield ""
    if report.status == "over_budget":
        yield f"**Not clean**: over budget in {plain(', '.join(report.over_budget))}."
        yield ""
    if report.steps:
        yield "## Step by step"
        yield ""
        yield from steps(report)
        yield ""
        yield from _reasons(report.steps)
        yield from _overlap(report)
    if report.audits:
        yield "## Audits"
        yield ""
        yield from audits(report)
    yield from _teachers(report)
    yield "## Inputs"
    yield ""
    head = ["input", "lines", "read", "kept", "dropped", "set aside", "SHA-256"]
    yield from table(head, map(_input, report.inputs))
    yield ""
    if report.inputs_left_out:
        yield f"… and {number(report.inputs_left_out)} more inputs"
        yield ""
    digest = report.plan_digest
    yield f"Made by curate {plain(report.curate)}; plan `{digest}`."


def _input(found: InputFile) -> list[str]:
    told = found.fates
    counts = (None,) * 4 if told is None else (told.read, told.kept, told.dropped, told.quarantined)
    numbers = ["" if count is None else number(count) for count in (found.lines, *counts)]
    return [found.name, *numbers, found.sha256 or ""]


def _step(found: Step) -> list[str]:
    counts = (
        found.seen, found.hits, found.abstained, found.dropped, found.quarantined, found.left,
    )  # fmt: skip
    return [
        found.name,
        f"{found.use} {found.version.partition(';')[0]}",
        found.rule,
        found.do,
        *map(number, counts),
    ]


def _reasons(found: Iterable[Step]) -> Iterator[str]:
    for step in found:
        said = [f"{plain(each.reason)} {number(each.hits)}" for each in step.reasons if each.hits]
        if said:
            more = ", …" if len(said) > REASONS or step.other_reasons else ""
            yield f"- **{plain(step.name)}**: {', '.join(said[:REASONS])}{more}"
        if step.rewriting is not None:
            outcomes = [
                f"{name} {number(count)}"
                for name, count in step.rewriting.outcomes.items()
                if count
            ]
            yield f"  - by {plain(step.rewriting.use)}: {', '.join(outcomes) or 'nothing to do'}"
    yield ""


def _overlap(report: Report) -> Iterator[str]:
    pairs = sorted(
        (-count, report.steps[n].name, report.steps[m].name)
        for n, row in enumerate(report.together)
        for m, count in enumerate(row)
        if m > n and count
    )
    if pairs:
        yield "Hits shared by two steps:"
        yield ""
        rows = [[one, other, number(-count)] for count, one, other in pairs[:PAIRS]]
        yield from table(["step", "and", "both"], rows, numbers=2)
        yield ""


def _teachers(report: Report) -> Iterator[str]:
    shares = report.teachers()
    if not shares:
        return
    read, kept = sum(each.read for each in shares), sum(each.kept for each in shares)
    rows = [
        [
            teacher(each.name),
            number(each.read),
            per_cent(each.read, read),
            number(each.kept),
            per_cent(each.kept, kept),
        ]
        for each in shares[:TEACHERS]
    ]
    yield "## Teachers"
    yield ""
    yield from table(["teacher", "read", "share", "kept", "share"], rows)
    if len(shares) > TEACHERS:
        yield ""
        yield f"… and {len(shares) - TEACHERS} more teachers"
    yield ""


def _row(cells: Sequence[str], *, made: bool = False) -> str:
    return f"| {' | '.join(cells if made else map(plain, cells))} |"
