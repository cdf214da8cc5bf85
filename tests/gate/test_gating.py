"""The gate: what is found, what it makes of the rules, and what may never pass."""

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate import ledger
from curate.api import Context, RecordFilter, Verdict
from curate.engine.run import Options, run
from curate.errors import PluginError, UsageError
from curate.gate.result import Result
from curate.io import sources
from curate.records import Record
from fake_runs import PLAN, SECRET, facts, make_run, row, write_facts
from gate.gates import BROKEN_ROW as BROKEN
from gate.gates import CLEAN, LEAK, corpus, gated, judged, resolved, run_of, states

LONG = row("long", answer="x" * 120)
EMPTY = row("empty", answer="")
STRANGE = b'{"a": 1}\n'
ROWS = st.lists(st.sampled_from([CLEAN, LEAK, LONG, EMPTY, BROKEN, STRANGE]), max_size=14)
RULES = """\
 - hits.secrets <= 2
 - hits.size.fraction <= 0.05
 - dropped.fraction <= 0.5
 - {rule: quarantined <= 3, name: q}
 - kept >= 1
 - teachers.deny: [gpt-*]
"""


def told(result: Result) -> dict[str, object]:
    """All of a result that does not name its targets."""
    data = result.model_dump(exclude={"targets"})
    for finding in data["findings"]:
        finding.pop("target")
    return data


REWRITES = """
steps:
  - {use: secrets, do: {rewrite: {use: redact}, otherwise: flag}}
  - {use: size, when: {at_least: 100}, do: drop}
  - {use: duplicates, do: flag}
"""


@settings(max_examples=30, deadline=None)
@given(ROWS, st.sampled_from(["", RULES]), st.sampled_from([PLAN, REWRITES]))
def test_a_corpus_and_its_run_come_out_alike(tmp_path_factory, rows, rules: str, plan: str):
    folder = tmp_path_factory.mktemp("gate")
    run = run_of(folder, rows, plan)
    of_corpus, of_run = judged([folder / "c.jsonl"], plan, rules), judged([run], plan, rules)
    assert SECRET not in of_run.model_dump_json()
    assert told(of_corpus) == told(of_run)
    told_by_run = facts(run)
    assert of_run.counts.model_dump() == {
        name: told_by_run["counts"][name] for name in of_run.counts.model_dump()
    }
    if not rules:
        hits = {step["name"]: step["hits"] for step in told_by_run["steps"]}
        assert {rule.name: rule.count for rule in of_run.rules[1:]} == {
            f"hits.{name} == 0": count for name, count in hits.items()
        }
        entries = list(ledger.entries(run))
        assert sorted((f.line, f.step) for f in of_run.findings) == sorted(
            (entry.line, look.step) for entry in entries for look in entry.trail if look.hit
        )


@settings(max_examples=25, deadline=None)
@given(ROWS, st.sampled_from([LEAK, LONG, BROKEN]), st.data())
def test_one_more_finding_never_makes_it_pass(tmp_path_factory, rows, extra, data):
    """The order is passed < failed < incomplete; more rows of a kind that counts never go down."""
    folder = tmp_path_factory.mktemp("gate")
    rules = RULES.replace(" - kept >= 1\n", "")
    order = ["passed", "failed", "incomplete"]
    first = [CLEAN] * 20  # so that the shape does not depend on what is added
    before = judged([corpus(folder, *first, *rows)], PLAN, rules)
    at = data.draw(st.integers(0, len(rows)))
    after = judged([corpus(folder, *first, *rows[:at], extra, *rows[at:])], PLAN, rules)
    counts = {"hits.secrets <= 2", "q"}
    for name in counts:
        if states(before)[name] == "failed":
            assert states(after)[name] == "failed"
    bad = {LEAK: "secrets", LONG: "size"}.get(extra)
    if bad:  # its share grows too
        name = next(rule.name for rule in after.rules if rule.name.startswith(f"hits.{bad}"))
        if states(before)[name] == "failed":
            assert order.index(after.status) >= order.index("failed")


def test_findings_are_told_as_they_are_found(tmp_path: Path):
    found: list[str] = []
    path = corpus(tmp_path, CLEAN, LEAK, *[CLEAN] * 20, LEAK, LONG)
    rules = " - hits.secrets == 0\n - hits.size.fraction <= 0.01\n"
    result = judged([path], PLAN, rules, tell=lambda f: found.append(f"{f.line} {f.rule}"))
    assert found == ["2 hits.secrets == 0", "23 hits.secrets == 0"]
    assert [(f.line, f.step) for f in result.findings] == [
        (2, "secrets"), (23, "secrets"), (24, "size")
    ]  # fmt: skip
    assert (result.status, result.exit_code) == ("failed", 1)


def test_a_name_is_told_on_one_line(tmp_path: Path):
    rules = ' - {rule: hits.secrets == 0, name: " no\\nkeys\\e "}\n'
    result = judged([corpus(tmp_path, LEAK)], PLAN, rules)
    assert (result.exit_code, result.findings[0].rule) == (1, result.rules[1].name)
    assert result.rules[1].name == "no␊keys␛"


def test_one_row_is_no_record(tmp_path: Path):
    result = judged([corpus(tmp_path, STRANGE)], "steps: []", " - kept >= 0\n")
    assert result.incomplete[0].startswith("1 row is no record:")


def test_a_rule_that_holds_has_no_findings(tmp_path: Path):
    path = corpus(tmp_path, CLEAN, LEAK)
    result = judged([path], PLAN, " - hits.secrets <= 1\n - hits.size == 0\n")
    assert (result.status, result.findings) == ("passed", ())


def test_a_warning_fails_nothing(tmp_path: Path):
    rule = " - {rule: hits.secrets == 0, level: warning}\n"
    result = judged([corpus(tmp_path, CLEAN, LEAK)], PLAN, rule)
    assert (result.status, states(result)["hits.secrets == 0"]) == ("passed", "failed")
    assert [finding.level for finding in result.findings] == ["warning"]


def test_the_place_of_a_match_in_its_line(tmp_path: Path):
    path = corpus(tmp_path, row("ü", answer=f'say "{SECRET}" twice'))
    [finding] = judged([path], PLAN, " - hits.secrets == 0\n").findings
    line = path.read_text("utf-8").splitlines()[0]
    assert finding.column is not None
    assert finding.end_column is not None
    assert line[finding.column - 1 : finding.end_column - 1] == SECRET
    assert finding.span == (5, 5 + len(SECRET))
    assert finding.excerpt == f'say "«s{"•" * (len(SECRET) - 2)}3»" twice'


def test_rows_of_an_array_have_no_line(tmp_path: Path):
    path = tmp_path / "c.json"
    path.write_bytes(b"[" + CLEAN.strip() + b",\n\n" + LEAK.strip() + b"]")
    [finding] = judged([path], PLAN, " - hits.secrets == 0\n").findings
    assert (finding.in_lines, finding.column, finding.place) == (False, None, f"{path}: row 2")


def test_plain_text_rows_are_judged(tmp_path: Path):
    rows = [b'{"text": "a page"}\n', json.dumps({"text": f"a page with {SECRET}"}).encode() + b"\n"]
    [finding] = judged([corpus(tmp_path, *rows)], "steps: [{use: secrets}]").findings
    assert (finding.line, finding.turn) == (2, 0)


def test_teachers(tmp_path: Path):
    rows = [row(str(n), model=name) for n, name in enumerate(["llama-3", "gpt-4", "gpt-4"])]
    path = corpus(tmp_path, *rows, CLEAN)
    rules = """\
 - {teachers.allow: [llama-*], name: allowed}
 - {teachers.deny: [gpt-*], name: denied}
 - teacher.unknown == 0
 - teacher.gpt-4.fraction <= 0.5
 - teacher.nobody == 0
"""
    result = judged([path], "steps: []", rules)
    assert [rule.count for rule in result.rules[1:]] == [3, 2, 1, 2, 0]
    assert [rule.state for rule in result.rules[1:]] == [
        "failed", "failed", "failed", "passed", "passed",
    ]  # fmt: skip
    assert "named are gpt-4, llama-3" in result.rules[-1].told


SPOILT = {
    "empty": b"",
    "blank": b"\n \n\n",
    "not json": BROKEN,
    "half of a line": CLEAN[:-20],
    "not utf-8": b'{"text": "\xff"}\n',
    "no records": STRANGE * 3,
    "no objects": b"1\n2\n",
    "nothing but null": b"null\n",
    "one broken among good ones": CLEAN * 200 + BROKEN,
    "one strange among good ones": CLEAN * 200 + STRANGE,
    "utf-16": "\ufeff".encode("utf-16-le") + CLEAN.decode().encode("utf-16-le"),
    "nul": b"\0" * 50,
    "too deep": b"[" * 100_000 + b"\n",
    "truncated gz": gzip.compress(CLEAN * 500)[:-30],
    "damaged gz": gzip.compress(CLEAN * 5000)[:200] + b"\0" * 300,
    "an unclosed array": b"[" + CLEAN.strip() + b",",
}
POLICIES = {
    "no policy": (PLAN, ""),
    "hits": (PLAN, " - hits.secrets == 0\n"),
    "kept": ("steps: []", " - kept >= 0\n"),
    "teachers": ("steps: []", " - teachers.deny: [x]\n"),
    "a warning": (PLAN, " - {rule: quarantined == 0, level: warning}\n"),
    "a lower bound": (PLAN, " - quarantined >= 0\n"),
}


@pytest.mark.parametrize("name", SPOILT)
@pytest.mark.parametrize("policy", POLICIES)
def test_a_broken_file_never_passes(tmp_path: Path, name: str, policy: str):
    path = corpus(tmp_path, SPOILT[name], name="c.json" if "array" in name else "c.jsonl")
    try:
        result = judged([path], *POLICIES[policy])
    except UsageError:
        return
    assert result.status != "passed"
    assert result.exit_code in (1, 3)


@pytest.mark.parametrize(
    ("data", "whole"),
    [
        (b'[{"a": 1}, 7 8]', True),
        (b"[[1 2], {}]", True),
        (b"[%s", False),
        (b"[%s, ", False),
        (b'[%s, {"messages": [', False),
        (b"[[1 2], [1 2", False),
        (b'[{"x": "', False),
        (b"[%s] [%s]", False),
    ],
)
def test_an_array_that_is_cut_off_is_incomplete(tmp_path: Path, data: bytes, whole: bool):
    text = data.replace(b"%s", CLEAN.strip())
    path = corpus(tmp_path, text, name="c.json")
    rules = " - quarantined <= 9\n - unreadable <= 9\n"
    result = judged([path], PLAN, rules)
    assert ("the array does not end" in "".join(result.incomplete)) == (not whole)
    opened = sources.expand([str(path)])
    run(resolved(PLAN), opened, tmp_path / "run", Options("threads"), Context())
    again = judged([tmp_path / "run"], PLAN, rules)
    assert (again.incomplete, again.exit_code) == (result.incomplete, result.exit_code)


def test_a_name_that_holds_a_secret_is_not_listed(tmp_path: Path):
    leak = row("leak", answer=f"the key is {SECRET} indeed", model=f"llama-{SECRET}")
    path = corpus(tmp_path, leak, row("ok", model="gpt-4"), CLEAN)
    rules = " - teacher.x == 0\n - teachers.deny: [llama-*]\n"
    result = judged([path], "steps: [{use: secrets, do: flag}]", rules)
    assert SECRET not in result.model_dump_json()
    assert result.rules[1].told.endswith("named are gpt-4 and 1 more")
    assert result.rules[2].count == 1
    shown = judged([path], "steps: [{use: secrets, do: flag}]", rules, unmask=True)
    assert f"llama-{SECRET}" in shown.rules[1].told


def test_a_run_is_counted_once(tmp_path: Path):
    found = run_of(tmp_path, [CLEAN])
    (tmp_path / "link").symlink_to(found)
    for other in (found, tmp_path / "x/../run", tmp_path / "link"):
        (tmp_path / "x").mkdir(exist_ok=True)
        with pytest.raises(UsageError, match="counted twice"):
            judged([found, other])


def test_an_unfinished_run_is_called_so(tmp_path: Path):
    (tmp_path / "run").mkdir()
    corpus(tmp_path, CLEAN, name="run/kept.jsonl.part")
    [told] = judged([tmp_path / "run"], PLAN).incomplete
    assert "its run is not finished" in told


def test_a_policy_may_say_how_many_rows_may_be_broken(tmp_path: Path):
    path = corpus(tmp_path, *[CLEAN] * 3, BROKEN, STRANGE)
    for rule, status in [
        ("quarantined <= 2", "passed"),
        ("quarantined <= 1", "failed"),
        ("unreadable <= 5", "incomplete"),  # the other one is readable
        ("unreadable == 0", "incomplete"),
    ]:
        assert judged([path], PLAN, f" - {rule}\n").status == status
    assert (
        judged([corpus(tmp_path, CLEAN, BROKEN)], PLAN, " - unreadable <= 1\n").status == "passed"
    )


def test_nothing_read_is_no_pass_unless_the_policy_says_so(tmp_path: Path):
    path = corpus(tmp_path)
    result = judged([path], PLAN)
    assert (result.status, states(result)["read >= 1"]) == ("failed", "failed")
    assert judged([path], PLAN, " - read >= 0\n").status == "passed"


MOODY = "steps: [{use: secrets}, {use: moody%s}]"


@pytest.mark.parametrize(
    ("word", "plan", "told"),
    [
        ("away", MOODY % "", "does not answer"),
        ("break", MOODY % "", "ValueError"),
        ("break", MOODY % ", on_error: quarantine, max_errors: 9", "could not be judged"),
    ],
)
def test_what_breaks_leaves_it_incomplete(tmp_path: Path, word: str, plan: str, told: str):
    rows = [LEAK, *[CLEAN] * 20, row("bad", answer=word)]
    result = judged([corpus(tmp_path, *rows)], plan, " - hits.secrets == 0\n - kept >= 1\n")
    assert (result.status, result.exit_code) == ("incomplete", 3)
    assert any(told in reason for reason in result.incomplete)
    assert states(result)["hits.secrets == 0"] == "failed"  # one is one too many, whatever follows
    assert len(result.findings) == 1
    whole = "quarantine" in plan
    assert states(result)["kept >= 1"] == ("passed" if whole else "not evaluated")


def test_a_plugin_does_not_quote_a_row_in_its_error(tmp_path: Path):
    path = corpus(tmp_path, CLEAN, row("bad", answer="break 123-45-6789"))
    plan = MOODY % ", on_error: quarantine, max_errors: 9"
    rules = " - quarantined == 0\n"
    [finding] = judged([path], plan, rules).findings
    assert finding.told == "moody: plugin_error: ValueError"
    [finding] = judged([path], plan, rules, unmask=True).findings
    assert "123-45-6789" in finding.told


class Telling(RecordFilter):
    """Says in the framework's own error what it read."""

    name = "telling"

    def judge(self, record: Record) -> Verdict:
        raise PluginError(record.response)


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        (
            MOODY % "",
            "step 'moody' failed on {}:2: ValueError; `curate gate --unmask` shows what was said",
        ),
        ("steps: [{use: telling}]", "a plugin broke; `curate gate --unmask` shows what was said"),
    ],
)
def test_a_plugin_that_ends_the_run_does_not_quote_a_row(tmp_path: Path, plan: str, told: str):
    path = corpus(tmp_path, CLEAN, row("bad", answer="break 123-45-6789"))
    steps = resolved(plan, Telling)
    assert judged([path], steps, " - kept >= 0\n").incomplete == (told.format(path),)
    [shown] = judged([path], steps, " - kept >= 0\n", unmask=True).incomplete
    assert "123-45-6789" in shown or "telling" in plan


def test_an_interrupt_leaves_it_incomplete(tmp_path: Path):
    def stop(_finding: object) -> None:
        raise KeyboardInterrupt

    path = corpus(tmp_path, *[LEAK] * 30)
    result = judged([path], PLAN, " - hits.secrets == 0\n - kept >= 1\n", tell=stop)
    assert (result.status, result.incomplete) == ("incomplete", ("interrupted",))
    assert states(result) == {
        "read >= 1": "not evaluated",
        "hits.secrets == 0": "failed",
        "kept >= 1": "not evaluated",
    }


def _cut_ledger(run: Path) -> None:
    (run / "ledger.jsonl").write_bytes((run / "ledger.jsonl").read_bytes()[:-30])


def _forged(run: Path) -> None:
    ledger_file = run / "ledger.jsonl"
    ledger_file.write_bytes(ledger_file.read_bytes().replace(b'"hit":true', b'"hit":false'))


def _unfinished(run: Path) -> None:
    (run / "run.json").rename(run / "state.json")


def _without_run_json(run: Path) -> None:
    (run / "run.json").unlink()


def _limited(run: Path) -> None:
    told = facts(run)
    told["identity"]["limit"] = 5
    write_facts(run, told)


@pytest.mark.parametrize("harm", [_cut_ledger, _forged, _unfinished, _without_run_json, _limited])
@pytest.mark.parametrize("rules", ["", " - hits.secrets == 0\n", " - kept >= 0\n"])
def test_a_damaged_run_is_incomplete(tmp_path: Path, harm, rules: str):
    run = make_run(tmp_path, [CLEAN, LEAK, CLEAN])
    harm(run)
    result = judged([run], PLAN, rules)
    assert (result.status, result.exit_code) == ("incomplete", 3)


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("hits.secret == 0", "policy:3:4: hits.secret: no step 'secret'; did you mean 'secrets'?"),
        ("audit.refusal in [removed]", "no audit of 'refusal' was given"),
    ],
)
def test_a_rule_about_nothing_is_a_mistake(tmp_path: Path, rule: str, told: str):
    with pytest.raises(UsageError) as caught:
        judged([corpus(tmp_path, CLEAN)], PLAN, f" - {rule}\n")
    assert told in str(caught.value)


def test_nothing_to_judge_by_is_a_mistake(tmp_path: Path):
    with pytest.raises(UsageError, match="nothing to judge"):
        judged([corpus(tmp_path, CLEAN)], "steps: []")


def test_what_is_not_listed_is_counted(tmp_path: Path):
    path = corpus(tmp_path, *[row(str(n), answer=SECRET) for n in range(30)])
    result = judged([path], PLAN, " - hits.secrets == 0\n", listed=4)
    assert (len(result.findings), result.folded) == (4, 26)
    assert result.rules[1].count == 30


def test_several_targets_are_judged_together(tmp_path: Path):
    (tmp_path / "a").mkdir()
    run = make_run(tmp_path / "a", [CLEAN, LEAK])
    path = corpus(tmp_path, LEAK, LONG)
    result = judged([run, path], PLAN, " - hits.secrets <= 1\n - read == 4\n")
    assert states(result) == {"hits.secrets <= 1": "failed", "read == 4": "passed"}
    assert [(finding.target, finding.line) for finding in result.findings] == [(0, 1), (1, 2)]
    assert {target.kind for target in result.targets} == {"corpus", "run"}


def test_a_gate_writes_nothing(tmp_path: Path):
    path = corpus(tmp_path, CLEAN, LEAK, BROKEN)
    before = {each: each.stat().st_mtime_ns for each in tmp_path.rglob("*")}
    gated([path])
    assert {each: each.stat().st_mtime_ns for each in tmp_path.rglob("*")} == before


@pytest.mark.parametrize("kind", ["n", "i", "y"])
def test_no_file_of_the_json_test_suite_passes(tmp_path: Path, data_dir: Path, kind: str):
    """Well formed or not, none of them holds a record."""
    files = sorted((data_dir / "json_test_suite" / "test_parsing").glob(f"{kind}_*.json"))
    assert files
    plan = resolved(PLAN)
    for number, file in enumerate(files):
        path = corpus(tmp_path, file.read_bytes(), name=f"{number}.jsonl")
        try:
            result = judged([path], plan)
        except UsageError:  # not text at all
            continue
        assert result.status != "passed", file.name
