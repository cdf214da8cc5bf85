"""A result as Markdown, for the summary of a step or a comment; nothing in it is obeyed."""

import re
from collections.abc import Iterator

from curate.gate.findings import Finding
from curate.gate.formats.text import safe
from curate.gate.result import Result

SHOWN = 50
"""Findings in the table."""
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
"""CommonMark lets any ASCII punctuation be escaped (2.4)."""
_SIGNS = {"passed": "✅", "failed": "❌", "incomplete": "⚠️", "not evaluated": "⚠️"}


def text(result: Result) -> str:
    """Return the report."""
    return "".join(f"{line}\n" for line in _lines(result))


def escaped(told: str) -> str:
    """Return a text that Markdown shows as it is, on one line."""
    return _PUNCTUATION.sub(r"\\\1", safe(told))


def _lines(result: Result) -> Iterator[str]:
    counts = result.counts
    yield f"## {_SIGNS[result.status]} curate gate: {escaped(result.headline)}"
    yield ""
    for reason in result.incomplete:
        yield f"- incomplete: {escaped(reason)}"
    yield f"- read {counts.read:,}, of which {counts.quarantined:,} could not be judged"
    for target in result.targets:
        yield f"- {target.kind} {escaped(target.name)}"
    yield ""
    yield "| | rule | measured | why |"
    yield "|---|---|---|---|"
    for rule in result.rules:
        warns = rule.state == "failed" and rule.level == "warning"
        sign = "🔶" if warns else _SIGNS[rule.state]
        cells = (escaped(rule.name), escaped(rule.told), escaped(rule.why))
        yield f"| {sign} | {' | '.join(cells)} |"
    if result.findings:
        yield ""
        yield "| where | rule | found | text |"
        yield "|---|---|---|---|"
        yield from map(_row, result.findings[:SHOWN])
    more = len(result.findings) + result.folded - SHOWN
    if more > 0:
        yield ""
        yield f"… and {more:,} more findings."
    if result.stale:
        yield ""
        yield f"{len(result.stale):,} entries of the baseline are stale; see `curate baseline`."


def _row(finding: Finding) -> str:
    cells = (finding.place, finding.rule, finding.told, finding.excerpt)
    return f"| {' | '.join(map(escaped, cells))} |"
