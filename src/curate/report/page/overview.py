"""The beginning of the page: the balance, what each step took away, and where hits overlap."""

from collections.abc import Iterator

from curate.ledger import FATES
from curate.report.model import Report
from curate.report.numbers import number, per_cent
from curate.report.page.html import COLUMNS, Html, element, join, scrolled, table
from curate.report.page.waterfall import waterfall

_MATRIX = 24
"""With more steps than that only the largest overlaps are listed."""
_PAIRS = 20


def balance(report: Report) -> Html:
    """Return what was read and what became of it."""
    counts = report.counts
    told = [_count("read", counts["read"], "records")]
    told += [_count(fate, counts[fate], per_cent(counts[fate], counts["read"])) for fate in FATES]
    return join([element("dl", *told, class_="balance"), *_apart(report)])


def steps(report: Report) -> Html:
    """Return what was left after every step, drawn and in numbers."""
    if not report.steps:
        return element("p", "The plan has no steps: everything that could be read was kept.")
    head = ["step", "filter", "seen", "hits", "unsure", "dropped", "set aside", "left"]
    rows = [
        [
            element("a", step.name, href=f"#step-{n}"),
            step.use if step.use != step.name else "",
            *map(
                number,
                (step.seen, step.hits, step.abstained, step.dropped, step.quarantined, step.left),
            ),
        ]
        for n, step in enumerate(report.steps, 1)
    ]
    return join(
        [
            element("figure", waterfall(report)),
            table("What each step did", head, rows, numbers=range(2, COLUMNS)),
        ]
    )


def overlap(report: Report) -> Html:
    """Return how many hits every two steps share."""
    told = (
        "Records that two steps hit, of those both saw. A row is shaded by the share of that "
        "step's hits; alone are hits of no other step."
    )
    if len(report.steps) > _MATRIX:
        return join([element("p", told), _pairs(report)])
    heads = [element("th", "step", scope="col")]
    heads += [
        element("th", str(n), scope="col", class_="number", title=step.name)
        for n, step in enumerate(report.steps, 1)
    ]
    heads.append(element("th", "alone", scope="col", class_="number"))
    rows = [element("tr", *_row(report, n)) for n in range(len(report.steps))]
    caption = "Hits that steps share"
    matrix = element(
        "table",
        element("caption", caption),
        element("thead", element("tr", *heads)),
        element("tbody", *rows),
        class_="overlap",
    )
    return join([element("p", told), scrolled(caption, matrix)])


def _count(name: str, count: int, told: str) -> Html:
    return element(
        "div",
        element("dt", name, class_=name),
        element("dd", number(count), element("span", told)),
    )


def _apart(report: Report) -> Iterator[Html]:
    counts = report.counts
    kinds = {
        "blank lines": counts["blank"],
        "lines that end in CRLF": counts["crlf"],
        "of those set aside, lines that are no UTF-8 JSON": counts["unreadable"],
    }
    said = [f"{name}: {number(count)}" for name, count in kinds.items() if count]
    if said:
        yield element("p", f"Counted apart: {'; '.join(said)}.", class_="soft")
    if report.status == "over_budget":
        over = ", ".join(report.over_budget)
        told = f"Not clean: more went wrong than the plan allows, in {over}."
        yield element("div", element("p", told), class_="notice")
    if report.limit is not None:
        told = f"Only the first {number(report.limit)} lines of the inputs were read."
        yield element("div", element("p", told), class_="notice")


def _row(report: Report, n: int) -> Iterator[Html]:
    own = report.together[n][n]
    yield element("th", f"{n + 1} {report.steps[n].name}", scope="row")
    for m, count in enumerate(report.together[n]):
        share = count / own if own and m != n else 0
        yield element(
            "td",
            number(count),
            class_="number own" if m == n else "number",
            style=f"--share:{share:.3f}",
        )
    yield element("td", number(report.alone[n]), class_="number", style="--share:0")


def _pairs(report: Report) -> Html:
    names = [step.name for step in report.steps]
    found = sorted(
        (-count, names[n], names[m])
        for n, row in enumerate(report.together)
        for m, count in enumerate(row)
        if m > n and count
    )
    rows = [[one, other, number(-count)] for count, one, other in found[:_PAIRS]]
    return table("The largest overlaps", ["step", "and", "both"], rows, numbers=range(2, COLUMNS))
