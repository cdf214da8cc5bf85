"""A result as commands of GitHub Actions, which shows them as annotations beside the lines.

A step shows ten annotations of a level, so the last one says how many there are beyond.
"""

from collections.abc import Iterator, Sequence

from curate.gate.findings import Finding
from curate.gate.formats.text import closing, safe
from curate.gate.result import Judged, Result

ANNOTATIONS = 10
_IN_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_PROPERTY = str.maketrans({":": "%3A", ",": "%2C", "%": "%25", "\r": "%0D", "\n": "%0A"})


def text(result: Result) -> str:
    """Return the commands, then the result in words."""
    found = [*commands(result), *closing(result)]
    return "".join(f"{each}\n" for each in found)


def commands(result: Result) -> Iterator[str]:
    """Yield the annotations."""
    blamed = {finding.rule for finding in result.findings}
    whole = [rule for rule in result.rules if rule.state == "failed" and rule.name not in blamed]
    errors = [command("error", told, title="curate gate: incomplete") for told in result.incomplete]
    for level in ("error", "warning"):
        told = errors if level == "error" else []
        told += [_of_rule(rule) for rule in whole if rule.level == level]
        told += [_of_row(finding) for finding in result.findings if finding.level == level]
        folded = sum(r.count for r in result.rules if r.state == "failed" and r.level == level)
        listed = sum(finding.level == level for finding in result.findings)
        yield from _limited(level, told, max(folded - listed, 0))


def command(name: str, told: str, **properties: str | int) -> str:
    """Return one command, whatever the texts hold."""
    given = ",".join(
        f"{key}={safe(str(value)).translate(_IN_PROPERTY)}"
        for key, value in properties.items()
        if value
    )
    return f"::{name} {given}::{safe(told).translate(_IN_DATA)}"


def _limited(level: str, told: Sequence[str], folded: int) -> Iterator[str]:
    if len(told) + folded <= ANNOTATIONS:
        yield from told
        return
    yield from told[: ANNOTATIONS - 1]
    more = len(told) + folded - (ANNOTATIONS - 1)
    yield command(level, f"{more:,} more; the log of the step has every rule", title="curate gate")


def _of_rule(rule: Judged) -> str:
    return command(rule.level, f"{rule.rule}: {rule.told}", title=f"curate gate: {rule.name}")


def _of_row(finding: Finding) -> str:
    where: dict[str, str | int] = {"file": finding.file}
    if finding.in_lines:
        where["line"] = finding.line
        if finding.column is not None and finding.end_column is not None:
            where |= {"col": finding.column, "endColumn": finding.end_column}
    row = "" if finding.in_lines else f"row {finding.line}: "
    said = f"{row}{finding.told}"
    told = f"{said}: {finding.excerpt}" if finding.excerpt else said
    return command(finding.level, told, **where, title=f"curate gate: {finding.rule}")
