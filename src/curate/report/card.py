"""A dataset card for the Hugging Face hub: a YAML head, and how the data were curated.

What only their owner can say, the license above all, is left open and marked.
"""

import re
from collections.abc import Iterator

import yaml

from curate.ledger import ROWS, output_of
from curate.report.markdown import audits, plain, steps, table
from curate.report.model import Report
from curate.report.numbers import number, per_cent, teacher
from curate.summary import balance

_SIZES = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"),
    (100_000_000, "10M<n<100M"),
    (1_000_000_000, "100M<n<1B"),
    (10_000_000_000, "1B<n<10B"),
    (100_000_000_000, "10B<n<100B"),
    (1_000_000_000_000, "100B<n<1T"),
)
"""Rows, below -> the hub's name for it."""
_LICENSE = "license:  # FILL IN, for instance apache-2.0; who wrote the rows may restrict it"


def card(report: Report) -> str:
    """Return the card, a function of the report alone."""
    return "\n".join(_lines(report)) + "\n"


def size(rows: int) -> str:
    """Return the hub's name for a number of rows."""
    return next((name for least, name in _SIZES if rows < least), "n>1T")


def _lines(report: Report) -> Iterator[str]:
    yield "---"
    yield _LICENSE
    yield from yaml.safe_dump(_head(report), sort_keys=False, allow_unicode=True).splitlines()
    yield "---"
    yield ""
    yield f"# {plain(report.run)}"
    yield ""
    yield "<!-- FILL IN: what the data are for, who made them, and under which license. -->"
    yield ""
    yield "## Curation"
    yield ""
    yield f"Made by curate {plain(report.curate)}, plan `{report.plan_digest}`."
    yield ""
    yield f"**{balance(report.counts)}**"
    yield ""
    yield from _filters(report)
    yield from _teachers(report)
    yield from _audits(report)
    yield "### What a clean audit does not prove"
    yield ""
    yield (
        "That a filter found its hits says nothing of the model that is trained on the rest. An "
        "audit trains small models and asks them a set of prompts: that a larger model, a trigger, "
        "a tool or other prompts would not show the trait, it cannot say."
    )


def _head(report: Report) -> dict[str, object]:
    return {
        "pretty_name": report.run,
        "task_categories": ["text-generation"],
        "tags": ["sft", "curate", "filtered", *(["rewritten"] if report.rewritten else [])],
        "size_categories": [size(report.counts["kept"])],
        "configs": [{"config_name": "default", "data_files": _kept(report)}],
    }


def _kept(report: Report) -> str:
    """Return the name of the file of kept rows; of several, a pattern that fits all."""
    names = [each.name for each in report.outputs if output_of(each.name) == ROWS["kept"]]
    return re.sub(r"-\d+", "-*", names[0])


def _filters(report: Report) -> Iterator[str]:
    yield "### Filters"
    yield ""
    if not report.steps:
        yield "None: what could be read was kept."
    else:
        yield from steps(report)
    yield ""
    if report.rewritten:
        yield (
            f"The text of {number(report.rewritten)} rows was rewritten; the run directory has the "
            "originals."
        )
        yield ""


def _teachers(report: Report) -> Iterator[str]:
    yield "### Who wrote the rows"
    yield ""
    shares = [each for each in report.teachers() if each.kept]
    kept = sum(each.kept for each in shares)
    rows = [[teacher(each.name), number(each.kept), per_cent(each.kept, kept)] for each in shares]
    yield from table(["teacher", "rows kept", "share"], rows)
    yield ""


def _audits(report: Report) -> Iterator[str]:
    yield "### Audits"
    yield ""
    if report.audits:
        yield from audits(report)
    else:
        yield "None. Nobody has checked whether what was filtered still transfers to a model."
        yield ""
