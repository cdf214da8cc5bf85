"""A result as JUnit XML: a test case for each rule, and one for whether all could be judged."""

import re
from xml.sax.saxutils import escape, quoteattr

from curate.gate.findings import Finding
from curate.gate.formats.text import disarmed, line
from curate.gate.result import Judged, Result

SHOWN = 20
"""Findings in the text of a failure."""
SUITE = "curate gate"
WHOLE = "everything could be judged"
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def text(result: Result) -> str:
    """Return the report."""
    cases = [
        _case(rule, [f for f in result.findings if f.rule == rule.name]) for rule in result.rules
    ]
    broken = [*result.incomplete]
    whole = "".join(f"   <error message={_attribute(each)}/>\n" for each in broken[:1])
    if len(broken) > 1:
        whole += f"   <system-err>{_content(chr(10).join(broken))}</system-err>\n"
    cases.append(_around(WHOLE, whole))
    failed = sum(rule.fails for rule in result.rules)
    errors = sum(rule.state == "not evaluated" for rule in result.rules) + bool(broken)
    totals = f'tests="{len(cases)}" failures="{failed}" errors="{errors}"'
    head = f'<testsuite name="{SUITE}" {totals}>'
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites {totals}>\n {head}\n'
        + "".join(cases)
        + " </testsuite>\n</testsuites>\n"
    )


def _case(rule: Judged, findings: list[Finding]) -> str:
    if rule.state == "not evaluated":
        told = _attribute(f"not evaluated: {rule.told} so far")
        return _around(rule.name, f"   <error message={told}/>\n")
    if rule.state == "passed":
        return _around(rule.name, "")
    said = [line(finding) for finding in findings[:SHOWN]]
    if rule.count > len(said) > 0:
        said.append(f"… and {rule.count - len(said):,} more")
    body = _content("\n".join([*([rule.why] if rule.why else []), *said]))
    if rule.level == "warning":
        return _around(rule.name, f"   <system-out>{_content(rule.told)}\n{body}</system-out>\n")
    told = _attribute(f"{rule.rule}: {rule.told}")
    return _around(rule.name, f"   <failure message={told}>{body}</failure>\n")


def _around(name: str, inside: str) -> str:
    head = f"  <testcase classname={_attribute(SUITE)} name={_attribute(name)}"
    return f"{head}>\n{inside}  </testcase>\n" if inside else f"{head}/>\n"


def _attribute(told: str) -> str:
    return quoteattr(_allowed(told))


def _content(told: str) -> str:
    return escape(_allowed(told))


def _allowed(told: str) -> str:
    """Return a text with the characters that XML has no way to say as their numbers."""
    return _NO_XML.sub(lambda match: f"\\u{ord(match[0]):04x}", disarmed(told))
