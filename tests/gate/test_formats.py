"""Every format says the same, is read by what it is for, and does nothing that a row tells it."""

import gzip
import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest

from curate.gate.findings import Finding
from curate.gate.formats import FORMATS, formatted, github, junit, markdown, sarif, text
from curate.gate.result import Counts, Judged, Result, Target
from fake_runs import PLAN, SECRET, row
from gate.gates import BROKEN_ROW, CLEAN, LEAK, corpus, judged
from gate.sarif_schema import RUN, SCHEMA

HOSTILE = (
    "\n::warning file=x::pwned\r\n##[error]pwned <script>alert(1)</script> ]]> \x1b[31m \x0b\x00"
    "\ufffe | [a](javascript:1) {0} %0A::error::p `x` \u202e \U000e0041"
)
RULES = """\
 - {rule: hits.secrets == 0, why: keys leak}
 - {rule: hits.size == 0, level: warning}
 - kept >= 1000
 - quarantined <= 5
"""


@pytest.fixture
def result(tmp_path: Path) -> Result:
    rows = [LEAK, *[row(str(n), answer="x" * 150) for n in range(3)], CLEAN, BROKEN_ROW, LEAK]
    return judged([corpus(tmp_path, *rows)], PLAN, RULES)


@pytest.fixture
def hostile(tmp_path: Path) -> Result:
    name = "a\n::error::pwned##[x],<b>%.jsonl"
    rows = [row("h", answer=f"{HOSTILE} {SECRET} {HOSTILE}", model=f"t{HOSTILE}"), BROKEN_ROW]
    rules = """\
 - {rule: hits.secrets == 0, why: "<b> | ::x", name: "##[a] ::b, <c>: %|"}
 - teachers.deny: ["t*"]
 - quarantined == 0
"""
    path = corpus(tmp_path, *rows, name=name)
    return judged([path], "steps: [{use: secrets}]", rules, unmask=True)


def big(count: int, folded: int = 0, excerpt: str = "word " * 40) -> Result:
    """A result with many findings."""
    findings = tuple(
        Finding(
            rule="r", level="error", file="a/ü b.jsonl", line=n + 1, digest=f"{n:032x}",
            step="s", reason="why", excerpt=excerpt, fingerprint=f"{n * 7919:032x}",
        )
        for n in range(count)
    )  # fmt: skip
    rule = Judged(
        name="r", rule="hits.s == 0", level="error", why="", place="", state="failed", told="rows",
        count=count + folded, known=0,
    )  # fmt: skip
    return Result(
        curate="1.2.3", status="failed", exit_code=1, incomplete=(), rules=(rule,), stale=(),
        targets=(Target(kind="corpus", name="a"),), counts=Counts(read=count, kept=count),
        findings=findings, folded=folded,
    )  # fmt: skip


def valid(told: str) -> dict[str, Any]:
    log = json.loads(told)
    jsonschema.validate(log, SCHEMA, format_checker=jsonschema.FormatChecker())
    return log["runs"][0]


def test_json_is_the_result(result: Result):
    told = formatted("json", result)
    jsonschema.validate(json.loads(told), Result.model_json_schema(mode="serialization"))
    assert Result.model_validate_json(told) == result
    assert json.loads(told)["format"] == 1


def test_the_schema_describes_every_field(result: Result):
    schema = Result.model_json_schema()
    for part in (schema, *schema["$defs"].values()):
        assert all(field.get("description") for field in part["properties"].values()), part["title"]


def test_sarif(result: Result):
    run = valid(formatted("sarif", result))
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [rule.name for rule in result.rules]
    assert len(run["results"]) == len(result.findings) + 1  # and the rule about kept rows
    for told, finding in zip(run["results"], result.findings, strict=False):
        assert rules[told["ruleIndex"]]["id"] == told["ruleId"] == finding.rule
        region = told["locations"][0]["physicalLocation"]["region"]
        assert region["startLine"] == finding.line
        assert told["partialFingerprints"]["curate/v1"].startswith(finding.fingerprint)
    secret = run["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert secret["endColumn"] - secret["startColumn"] == len(SECRET)
    assert run["results"][-1]["ruleId"] == "kept >= 1000"
    assert "locations" not in run["results"][-1]
    known = [r["partialFingerprints"]["curate/v1"] for r in run["results"][:-1]]
    assert len(set(known)) == len(known)  # two equal rows have two alerts
    assert run["invocations"][0]["executionSuccessful"] is True
    assert run["invocations"][0]["exitCode"] == 1


def test_sarif_of_an_incomplete_gate(tmp_path: Path):
    run = valid(formatted("sarif", judged([corpus(tmp_path, CLEAN, BROKEN_ROW)], PLAN)))
    assert run["invocations"][0]["executionSuccessful"] is False
    notes = run["invocations"][0]["toolExecutionNotifications"]
    assert "could not be judged" in notes[0]["message"]["text"]


def test_sarif_folds_what_github_does_not_take():
    told = formatted("sarif", big(25_300, folded=700))
    run = json.loads(told)["runs"][0]
    assert len(run["results"]) == 25_000
    assert "1,001 more findings" in run["results"][-1]["message"]["text"]
    jsonschema.validate(run | {"results": run["results"][-20:]}, RUN)
    notes = [
        each["message"]["text"] for each in run["invocations"][0]["toolExecutionNotifications"]
    ]
    assert any("folded" in note for note in notes)
    assert any("shows 5,000" in note for note in notes)
    assert len(gzip.compress(told.encode())) < 10 << 20


@pytest.mark.parametrize(
    ("name", "uri"),
    [
        ("a b/ü#%?.jsonl", "a%20b/%C3%BC%23%25%3F.jsonl"),
        ("/abs/x.jsonl", "file:///abs/x.jsonl"),
        ("hf://datasets/a/b@c?split=train", "hf://datasets/a/b@c?split=train"),
    ],
)
def test_a_file_name_as_a_uri(name: str, uri: str):
    assert sarif.uri(name) == uri


def test_junit(result: Result):
    root = ElementTree.fromstring(formatted("junit", result))
    suite = root[0]
    cases = {case.get("name"): case for case in suite}
    assert list(cases) == [*(rule.name for rule in result.rules), junit.WHOLE]
    for rule in result.rules:
        assert (cases[rule.name].find("failure") is not None) == rule.fails
    assert int(suite.get("failures", "")) == len(suite.findall("*/failure")) == 2
    assert int(suite.get("tests", "")) == len(cases)
    failure = cases["hits.secrets == 0"].find("failure")
    assert failure is not None
    assert failure.text is not None
    assert failure.text.splitlines()[0] == "keys leak"
    assert len(failure.text.splitlines()) == 3


def test_junit_of_an_incomplete_gate_has_an_error(tmp_path: Path):
    told = formatted("junit", judged([corpus(tmp_path, CLEAN, BROKEN_ROW)], PLAN))
    suite = ElementTree.fromstring(told)[0]
    assert suite.get("errors") == "1"
    assert "could not be judged" in (suite.findall("testcase/error")[0].get("message") or "")


def test_junit_shortens_a_long_failure():
    failure = ElementTree.fromstring(formatted("junit", big(3000))).find(".//failure")
    assert failure is not None
    assert failure.text is not None
    assert len(failure.text.splitlines()) == junit.SHOWN + 1
    assert failure.text.endswith("… and 2,980 more")


def unescaped(data: str) -> str:
    for code, char in (("0D", "\r"), ("0A", "\n"), ("3A", ":"), ("2C", ","), ("25", "%")):
        data = data.replace(f"%{code}", char)
    return data


COMMAND = re.compile(r"::(error|warning) (?:([^:]*))?::(.*)")


def properties(match: re.Match[str]) -> dict[str, str]:
    return dict(part.split("=", 1) for part in match[2].split(","))


def test_github(result: Result):
    found = [COMMAND.fullmatch(line) for line in github.commands(result)]
    assert all(found)
    told = [(match[1], properties(match)) for match in found if match]
    assert [level for level, _ in told] == ["error", "error", "error", *["warning"] * 3]
    assert [given.get("line") for _, given in told] == [None, "1", "7", "2", "3", "4"]
    assert unescaped(told[1][1]["title"]) == "curate gate: hits.secrets == 0"


@pytest.mark.parametrize("count", [9, 10, 11, 500])
def test_github_shows_ten_and_says_how_many_more(count: int):
    found = list(github.commands(big(count)))
    assert len(found) == min(count, 10)
    if count > 10:
        assert f"{count - 9:,} more" in found[-1]


def test_markdown(result: Result):
    lines = formatted("markdown", result).splitlines()
    rows = [line for line in lines if line.startswith("| ")]
    assert len(rows) == 2 + len(result.rules) + len(result.findings)
    assert all(len(re.findall(r"(?<!\\)\|", line)) == 5 for line in rows)


def test_text(result: Result):
    told = formatted("text", result)
    assert told.count("\nwarning  ") + told.startswith("warning") >= 3
    assert told.splitlines()[-1] == "failed: 2 of 5 rules (exit 1)"
    assert "FAILED   kept >= 1000       4 rows" in told


@pytest.mark.parametrize("name", FORMATS)
def test_what_is_sensitive_is_masked(result: Result, name: str):
    assert result.findings
    assert SECRET not in formatted(name, result)


def test_unmasked_it_is_shown(tmp_path: Path):
    result = judged([corpus(tmp_path, LEAK)], PLAN, RULES, unmask=True)
    assert all(SECRET in formatted(name, result).replace("\\", "") for name in FORMATS)


def test_an_unreadable_row_is_not_shown(tmp_path: Path):
    path = corpus(tmp_path, CLEAN, b'{"key": "' + SECRET.encode() + b'",\n')
    rules = " - quarantined == 0\n"
    assert SECRET not in formatted("json", judged([path], PLAN, rules))
    assert SECRET in formatted("json", judged([path], PLAN, rules, unmask=True))


@pytest.mark.parametrize("name", FORMATS)
def test_no_format_obeys_a_row(hostile: Result, name: str):
    told = formatted(name, hostile)
    assert len(hostile.findings) == 3
    assert not set(told) & set("\x00\x0b\x1b\r\u202e\U000e0041")
    told.encode()
    lines = told.splitlines()
    if name in ("text", "github", "markdown", "junit"):  # what goes to a log
        assert not any("##[" in line for line in lines)
        commands = [line for line in lines if line.lstrip().startswith("::")]
        assert len(commands) == (3 if name == "github" else 0)
    assert not any("\x85" in line or "\u2028" in line for line in lines)


def test_hostile_xml_is_text(hostile: Result):
    root = ElementTree.fromstring(formatted("junit", hostile))
    assert {element.tag for element in root.iter()} == {
        "testsuites",
        "testsuite",
        "testcase",
        "failure",
    }


def test_hostile_commands_are_data(hostile: Result):
    for line in github.commands(hostile):
        match = COMMAND.fullmatch(line)
        assert match is not None
        assert properties(match).keys() <= {"file", "line", "col", "endColumn", "title"}


def test_hostile_markdown_is_text(hostile: Result):
    told = formatted("markdown", hostile)
    assert not re.search(r"(?<!\\)<|(?<!\\)\[(?!\\)|(?<!\\)`", told)


def test_hostile_sarif_is_valid_and_literal(hostile: Result):
    run = valid(formatted("sarif", hostile))
    message = run["results"][-1]["message"]["text"]
    assert not re.search(r"(?<!\{)\{\d", message)
    for told in run["results"]:
        assert "<" not in told["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]


def test_every_line_of_the_text_is_one_line(hostile: Result):
    assert all("\n" not in line for line in map(text.line, hostile.findings))
    assert markdown.escaped("a|b\n<c>") == r"a\|b␊\<c\>"
