"""A result for people: findings, one a line, then every rule and the status.

A runner of GitHub obeys lines of a log that begin with `::`, or hold `##[` anywhere. No line here
begins so, and the other is taken apart.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from curate.gate.findings import Finding
from curate.gate.result import Judged, Result
from curate.visible import inline

SHOWN = 20
"""Findings of one rule that are shown."""
_NO_POLICY = "no step may hit without a policy; --policy FILE says what may, see curate gate --help"
_STATES = {"passed": "ok", "failed": "FAILED", "not evaluated": "?"}


def text(result: Result) -> str:
    """Return the whole result."""
    found = (*lines(result.findings), *more(result), *closing(result))
    return "".join(f"{each}\n" for each in found)


def line(finding: Finding) -> str:
    """Return a finding on one line."""
    parts = [finding.level, finding.place, finding.told, finding.excerpt]
    return safe("  ".join(part for part in parts if part))


def lines(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield the findings to show, a few of each rule."""
    shown: Counter[str] = Counter()
    for finding in findings:
        shown[finding.rule] += 1
        if shown[finding.rule] <= SHOWN:
            yield line(finding)


def more(result: Result) -> Iterator[str]:
    """Yield how many findings of which rules are not shown."""
    for rule in result.rules:
        if rule.state == "failed" and rule.count > SHOWN:
            yield safe(f"… and {rule.count - SHOWN:,} more of {rule.name}")


def closing(result: Result) -> Iterator[str]:
    """Yield what is said behind the findings."""
    counts = result.counts
    if result.findings:
        yield ""
    for target in result.targets:
        yield safe(f"{target.kind} {target.name}")
    if any(target.kind != "audit" for target in result.targets):
        yield (
            f"read {counts.read:,} = kept {counts.kept:,} + dropped {counts.dropped:,} + "
            f"quarantined {counts.quarantined:,}"
        )
    yield ""
    yield from map(safe, _table([_row(rule) for rule in result.rules]))
    for rule in result.rules:
        if rule.state == "failed" and rule.why:
            yield safe(f"why {rule.name}: {rule.why}")
    for each in result.stale[:SHOWN]:
        told = f"{each.step}: {each.reason}" if each.reason else each.step
        yield safe(f"stale in the baseline: {each.file}  {told}  {each.fingerprint}")
    if len(result.stale) > SHOWN:
        yield f"… and {len(result.stale) - SHOWN:,} more stale entries; see `curate baseline`"
    for reason in result.incomplete:
        yield safe(f"incomplete: {reason}")
    yield f"{result.headline} (exit {result.exit_code})"
    if result.findings and not any(rule.place for rule in result.rules):
        yield _NO_POLICY


def safe(told: str) -> str:
    """Return a line that nothing obeys."""
    return disarmed(inline(told))


def disarmed(told: str) -> str:
    """Return a text without what a runner of GitHub obeys anywhere in a line."""
    return told.replace("##[", "#\\x23[")


def _row(rule: Judged) -> tuple[str, ...]:
    state = _STATES[rule.state]
    if rule.state == "failed" and rule.level == "warning":
        state = "warning"
    return (state, rule.name, rule.told)


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max((len(row[n]) for row in rows), default=0) for n in range(2)]
    for row in rows:
        yield f"{row[0]:<{widths[0]}}  {row[1]:<{widths[1]}}  {row[2]}".rstrip()
