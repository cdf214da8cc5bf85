"""A result as SARIF 2.1.0 (OASIS), within what GitHub's code scanning takes of it.

It takes 25,000 results of a run, shows 5,000, and refuses files of more than 10 MB when gzipped.
What does not fit is folded into one result, and said again as a notification.
"""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from curate.gate.findings import Finding
from curate.gate.result import Judged, Result

RESULTS = 25_000
SHOWN = 5_000
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
FINGERPRINT = "curate/v1"
_LITERAL = str.maketrans({"{": "{{", "}": "}}", "[": "\\[", "]": "\\]", "\\": "\\\\"})
"""In a message braces are placeholders and brackets are links (3.11.5, 3.11.6)."""
FOLDED = "curate/folded"
"""The rule of the result that says what was left out."""


def text(result: Result) -> str:
    """Return the log."""
    return json.dumps(log(result), indent=1) + "\n"


def log(result: Result) -> dict[str, Any]:
    """Return the log as JSON."""
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(result)]}


def _run(result: Result) -> dict[str, Any]:
    found = [*result.findings, *_whole_rules(result)]
    room = RESULTS - 1
    folded = result.folded + max(len(found) - room, 0)
    numbers = {rule.name: number for number, rule in enumerate(result.rules)}
    results = [_result(finding, numbers) for finding in found[:room]]
    rules = [_rule(rule) for rule in result.rules]
    if folded:
        told = f"{folded:,} more findings are not listed: a run has {RESULTS:,} results at most"
        rules.append({"id": FOLDED, "shortDescription": {"text": "What was left out"}})
        results.append(
            {
                "ruleId": FOLDED,
                "ruleIndex": len(rules) - 1,
                "level": "error",
                "message": {"text": told},
            }
        )
    driver = {
        "name": "curate",
        "version": result.curate,
        "semanticVersion": _semantic(result.curate),
        "rules": rules,
    }
    return {
        "tool": {"driver": {key: value for key, value in driver.items() if value}},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(result, len(results), folded)],
        "results": results,
    }


def _semantic(version: str) -> str:
    parts = version.split(".")
    return version if len(parts) == 3 and all(part.isdecimal() for part in parts) else ""


def _rule(rule: Judged) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": rule.name,
        "shortDescription": {"text": rule.rule},
        "defaultConfiguration": {"level": rule.level},
        "properties": {"state": rule.state, "measured": rule.told, "known": rule.known},
    }
    return told | ({"help": {"text": rule.why}} if rule.why else {})


def _result(finding: Finding, numbers: dict[str, int]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": numbers[finding.rule],
        "level": finding.level,
        "message": {"text": _message(finding).translate(_LITERAL)},
    }
    if not finding.file:
        return told
    known = f"{finding.fingerprint}:{finding.occurrence}"
    return told | {
        "locations": [{"physicalLocation": _location(finding)}],
        "partialFingerprints": {FINGERPRINT: known, "primaryLocationLineHash": known},
        "properties": {"digest": finding.digest, "step": finding.step, "reason": finding.reason},
    }


def _message(finding: Finding) -> str:
    where = "" if finding.in_lines or not finding.file else f"row {finding.line}: "
    said = f"{where}{finding.told}"
    return f"{said}: {finding.excerpt}" if finding.excerpt else said


def _location(finding: Finding) -> dict[str, Any]:
    told: dict[str, Any] = {"artifactLocation": {"uri": uri(finding.file)}}
    if not finding.in_lines:
        return told
    region = {"startLine": finding.line}
    if finding.column is not None and finding.end_column is not None:
        region |= {"startColumn": finding.column, "endColumn": finding.end_column}
    return told | {"region": region}


def uri(name: str) -> str:
    """Return a file's name as a reference relative to where the gate ran, or with a scheme."""
    if "://" in name:
        return quote(name, safe="/:@?=&%")
    path = PurePath(name)
    return ("file://" if path.is_absolute() else "") + quote(path.as_posix())


def _whole_rules(result: Result) -> Iterator[Finding]:
    """Yield a finding for each failed rule that no row can be blamed for."""
    blamed = Counter(finding.rule for finding in result.findings)
    for rule in result.rules:
        if rule.state == "failed" and not blamed[rule.name]:
            yield Finding(rule=rule.name, level=rule.level, detail=f"{rule.rule}: {rule.told}")


def _invocation(result: Result, results: int, folded: int) -> dict[str, Any]:
    notes = [_note("error", reason) for reason in result.incomplete]
    notes += [
        _note("error", f"not evaluated: {rule.rule}")
        for rule in result.rules
        if rule.state == "not evaluated"
    ]
    if folded:
        notes.append(_note("warning", f"{folded:,} findings are folded into one result"))
    if results > SHOWN:
        notes.append(_note("warning", f"{results:,} results; GitHub shows {SHOWN:,} of them"))
    notes += [
        _note("note", f"stale in the baseline: {each.step} {each.fingerprint}")
        for each in result.stale
    ]
    return {
        "executionSuccessful": result.status != "incomplete",
        "exitCode": result.exit_code,
        "exitCodeDescription": result.headline,
        "toolExecutionNotifications": notes,
    }


def _note(level: str, told: str) -> dict[str, Any]:
    return {"level": level, "message": {"text": told.translate(_LITERAL)}}
