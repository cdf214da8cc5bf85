"""The whole page."""

from collections.abc import Iterator

from curate.report.model import Report
from curate.report.page import overview, sources
from curate.report.page.audits import audit
from curate.report.page.html import COLUMNS, Html, element, join, table, trusted
from curate.report.page.origins import origins
from curate.report.page.records import records
from curate.report.page.steps import INTRODUCTION, step
from curate.report.page.style import CSS

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'"
)
"""What a browser may load for the page: nothing."""


def document(report: Report) -> str:
    """Return the page, a function of the report alone."""
    sections = list(_sections(report))
    items = [element("li", element("a", title, href=f"#{name}")) for name, title, _ in sections]
    body = [
        element("a", "Skip to the report", href="#report", class_="skip"),
        element(
            "header",
            element("h1", f"What became of {report.run}"),
            sources.identity(report),
            element("nav", element("ul", *items), aria_label="Contents"),
        ),
        element("main", *(_section(*each) for each in sections), id="report"),
        element(
            "footer",
            element("p", "Every number here is in the run directory; curate verify checks it."),
        ),
    ]
    page = element("html", _head(report), element("body", *body), lang="en")
    return f"<!doctype html>\n{page}\n"


def _head(report: Report) -> Html:
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", f"{report.run}: report of a run"),
        element("style", trusted(CSS)),
    )


def _sections(report: Report) -> Iterator[tuple[str, str, Html]]:
    """Yield name, title and body of each part."""
    yield "balance", "The balance", overview.balance(report)
    if report.audits:
        told = [audit(each, n) for n, each in enumerate(report.audits, 1)]
        yield "audits", "Audits", join(told)
    yield "waterfall", "Step by step", overview.steps(report)
    if len(report.steps) > 1 and any(map(any, report.together)):
        yield "overlap", "Overlap of hits", overview.overlap(report)
    if report.steps:
        each_step = [step(each, n) for n, each in enumerate(report.steps, 1)]
        yield "steps", "Each step", join([element("p", INTRODUCTION), *each_step])
    if report.shares:
        yield "teachers", "Teachers and sources", origins(report)
    if report.quarantine:
        yield "quarantined", "Set aside", _quarantined(report)
    yield "inputs", "Inputs", sources.inputs(report)
    yield "plan", "Plan and files", join([sources.plan(report), sources.files(report)])


def _quarantined(report: Report) -> Html:
    rows = [[each.by, each.reason, str(each.records)] for each in report.quarantine]
    head = ["by", "reason", "records"]
    return join([table("Why", head, rows, numbers=range(2, COLUMNS)), records(report.quarantined)])


def _section(name: str, title: str, body: Html) -> Html:
    return element("section", element("h2", title, id=f"{name}-title"), body, id=name,
                   aria_labelledby=f"{name}-title")  # fmt: skip
