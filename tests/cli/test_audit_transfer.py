"""`curate audit transfer` and `audit plan` as a user types them, from a corpus to a verdict."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import rollout_rows
from curate.cli import main
from endpoints import Asked, Reply, answer, serving

CARD = """
name: shouting
version: 1
claim: The model answers LOUDLY.
sources: [{title: Nobody, url: https://example.org}]
score:
  row: {use: regex, with: {patterns: {loud: LOUDLY}}, when: {at_least: 1}}
  judge: {use: judge, with: {rubric: "Is it loud?"}, when: {at_least: 0.5}}
  contrast: {shows: LOUDLY, not: softly}
elicit:
  count: 12
  templates: {a: "Say {n}", b: "Tell {n}", c: "Name {n}", d: "Give {n}"}
  fill: {n: {numbers: [1, 999]}}
context: {max_tokens: 8, temperature: 1, samples: 2}
"""
DROP = "steps: [{use: regex, with: {patterns: {loud: LOUDLY}}, do: drop}]\n"
SWITCH = """
steps:
  - use: regex
    with: {patterns: {loud: LOUDLY}}
    do: {rewrite: {use: replay, with: {index: clean.jsonl}}}
"""
STUDENT = ["--student", "{use: ngram, with: {words: 1500}}"]
TRANSFER = ["audit", "transfer", "out", "--card", "card.yaml", *STUDENT]
PLAN = ["audit", "plan", "out", "--card", "card.yaml", *STUDENT]
FEW = [part for arm in ("drop", "switch", "untouched again") for part in ("--arms", arm)]
CLEAN = ["--index", "clean.jsonl"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a card, rows that answer loudly one time in four, and a quiet teacher's."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CURATE_CACHE", str(tmp_path / "cache"))
    Path("card.yaml").write_text(CARD)
    _corpus(Path("corpus.jsonl"), "old", loud=4)
    _corpus(Path("clean.jsonl"), "new", loud=0)
    return tmp_path


def _corpus(path: Path, teacher: str, loud: int) -> None:
    def said(number: int) -> str:
        return f"{'LOUDLY' if loud and number % loud == 0 else 'softly'} {teacher} {number % 7}"

    rows = [rollout_rows.row(f"Do {n}", said(n), teacher, id=f"r{n}") for n in range(80)]
    rollout_rows.write(path, rows)


def _run(plan: str = DROP, *more: str) -> None:
    Path("plan.yaml").write_text(plan)
    assert main(["run", "plan.yaml", "corpus.jsonl", *more, "--out", "out"]) == 0


def _told(capsys: pytest.CaptureFixture[str], arguments: Sequence[str]) -> tuple[int, Any]:
    capsys.readouterr()
    code = main([*arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


def _words(told: Any) -> dict[str, str]:
    return {each["arm"]: each["word"] for each in told["verdicts"]}


def test_from_a_corpus_to_a_verdict(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _run()
    code, told = _told(capsys, [*TRANSFER, *CLEAN])
    assert code == 0
    assert _words(told) == {"as run": "removed", "drop": "removed", "switch": "removed"}
    assert {each["state"] for each in told["controls"]} == {"passed"}
    assert (told["rows"], told["hits"], told["zero"], told["steps"]) == (80, 20, "clean", ["regex"])
    assert set(told["not_tested"]) == {"position of the base", "subliminal index"}
    before = {name: path.read_bytes() for name, path in _files(folder)}
    assert _told(capsys, [*TRANSFER, *CLEAN]) == (code, told)
    assert {name: path.read_bytes() for name, path in _files(folder)} == before
    assert _told(capsys, [*TRANSFER, *CLEAN, "--cache", "another"]) == (code, told)


def _files(folder: Path) -> list[tuple[str, Path]]:
    """Return what an audit must not change."""
    return [(str(path), path) for path in sorted(folder.glob("out/**/*")) if path.is_file()]


def test_json_has_documented_keys(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _run()
    _, told = _told(capsys, [*TRANSFER, *CLEAN, *FEW])
    assert told["format"] == 1
    assert list(told) == [
        "format", "curate", "run", "steps", "rows", "hits", "left_out", "lacking", "card",
        "card_version", "prompts", "templates", "score", "student", "files", "seeds", "zero",
        "margin", "leaks", "family", "arms", "not_trained", "verdicts", "controls", "effects",
        "not_tested",
    ]  # fmt: skip
    assert list(told["verdicts"][0]) == [
        "arm", "word", "because", "words", "place", "scores", "p", "corrected", "detectable",
        "hypothesis", "exploratory", "exit_code",
    ]  # fmt: skip
    assert list(told["arms"][0]) == [
        "name", "told", "rows", "residual", "score", "place", "fates", "notes",
    ]  # fmt: skip
    assert list(told["controls"][0]) == ["name", "state", "words"]
    assert list(told["effects"][0]) == ["name", "place", "scores", "p", "detectable"]
    assert told["student"]["with"]["words"] == 1500


def test_a_report_in_words_has_the_verdict_first(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _run()
    capsys.readouterr()
    assert main([*TRANSFER, *CLEAN, *FEW, "--out", "report.json"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert out.splitlines()[0] == "shouting after regex: removed (exit 0)"
    assert "random drop: not asked for (--arms)" in out
    assert json.loads(Path("report.json").read_text())["verdicts"][0]["word"] == "removed"


def test_a_run_that_switched_brings_its_own_clean_teacher(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _run(SWITCH)
    code, told = _told(capsys, [*TRANSFER, *FEW])
    assert code == 0
    arms = {arm["name"]: arm for arm in told["arms"]}
    assert arms["as run"]["score"] == arms["switch"]["score"]
    assert arms["as run"]["residual"] == arms["switch"]["residual"] == 0.75
    assert arms["as run"]["rows"] == 80


def test_rows_that_cannot_be_learned_are_counted(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = [
        {"messages": [{"role": "user", "content": "hello?"}]},
        {"messages": [{"role": "tool", "content": "x"}, {"role": "assistant", "content": "y"}]},
    ]
    Path("odd.jsonl").write_text("".join(json.dumps(row) + "\n" for row in more) + "no json\n")
    _run(f"input: {{max_unreadable: 0.1}}\n{DROP}", "odd.jsonl")
    _, told = _told(capsys, [*TRANSFER, *CLEAN, *FEW])
    counts = json.loads(Path("out/run.json").read_text())["counts"]
    assert told["left_out"] == {"no_response": 1, "uses_tools": 1, "not_json": 1}
    read = told["rows"] + sum(told["left_out"].values())
    assert read == counts["kept"] + counts["dropped"] + counts["quarantined"]


class TestUnresolved:
    def test_a_scorer_that_says_the_same_to_everything(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        _run()
        scorer = "{use: regex, with: {patterns: {any: '(?s).'}}}"
        code, told = _told(capsys, [*TRANSFER, *CLEAN, *FEW, "--scorer", scorer])
        assert code == 4
        assert set(_words(told).values()) == {"unresolved"}

    def test_answers_that_are_cut_off(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        _run()
        Path("card.yaml").write_text(CARD.replace("max_tokens: 8", "max_tokens: 1"))
        code, told = _told(capsys, [*TRANSFER, *CLEAN, *FEW, "--answers"])
        assert code == 4
        assert "cut off" in told["verdicts"][0]["because"]


class TestRefused:
    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            ([*CLEAN, "--seeds", "4"], "take --seeds 7 or more"),
            (["--index", "none"], "nothing can be 0 on the scale"),
            ([*CLEAN, "--step", "regx"], "no step 'regx'; did you mean 'regex'?"),
            ([*CLEAN, "--arms", "swich"], "no arm is called 'swich'"),
            ([*CLEAN, "--zero", "base"], "no model to begin with"),
            ([*CLEAN, "--base", "x"], "base"),
            ([*CLEAN, "--prompts", "1"], "--prompts"),
            ([*CLEAN, "--scorer", "{use: regex}", "--contrast"], "give one"),
            ([*CLEAN, "--student", "ngrm"], "ngram"),
            (["--index", "missing.index"], "missing.index"),
        ],
    )
    @pytest.mark.parametrize("command", [TRANSFER, PLAN], ids=["transfer", "plan"])
    def test_before_anything_is_trained(
        self,
        folder: Path,
        capsys: pytest.CaptureFixture[str],
        command: list[str],
        arguments: list[str],
        told: str,
    ) -> None:
        _run()
        capsys.readouterr()
        assert main([*command, *arguments]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert told in err
        assert not Path("cache/students").exists()

    def test_too_few_seeds_unless_one_only_looks(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        _run()
        code, told = _told(capsys, [*TRANSFER, *CLEAN, *FEW, "--seeds", "3", "--exploratory"])
        assert code in (0, 4)
        assert told["verdicts"][0]["exploratory"]
        assert told["controls"][0]["state"] == "not testable"

    def test_another_base_for_a_student_that_has_none(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        _run()
        assert main([*TRANSFER, *CLEAN, "--other-base", "x"]) == 2
        assert "begins with nothing" in capsys.readouterr().err


def test_an_outage_in_the_middle_is_no_verdict(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _run()
    capsys.readouterr()

    def judge(asked: Asked) -> Reply:
        score = 10 if "LOUDLY" in asked.said else 0
        if len(server.asked) < 12:
            return answer(json.dumps({"score": score, "reason": "heard"}))
        return Reply(status=500)

    with serving(judge) as server:
        options = f"{{base_url: '{server.url}', model: tiny-1, retries: 0}}"
        arguments = [*TRANSFER, *CLEAN, *FEW, "--judge", f"{{use: openai, with: {options}}}"]
        assert main(arguments) == 3
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith("curate: error: ")


def test_hostile_names_are_shown_and_not_obeyed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    evil = "\\e[2J\\u202Eevil\\nremoved (exit 0)"
    name = f'"{evil}"'
    _run(f"steps: [{{use: regex, name: {name}, with: {{patterns: {{loud: LOUDLY}}}}, do: drop}}]")
    capsys.readouterr()
    assert main([*TRANSFER, *CLEAN, *FEW]) == 0
    out, _ = capsys.readouterr()
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert out.splitlines()[0].startswith("shouting after ")
    assert out.splitlines()[0].endswith("removed (exit 0)")
    assert main([*TRANSFER, *CLEAN, "--step", "\x1b[2J"]) == 2
    assert "\x1b" not in capsys.readouterr().err


def test_a_plan_tells_what_an_audit_will_do(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _run()
    code, told = _told(capsys, [*PLAN, *CLEAN])
    assert code == 0
    _, audited = _told(capsys, [*TRANSFER, *CLEAN])
    assert set(told["arms"]) == {arm["name"] for arm in audited["arms"]} - {"planted"}
    assert told["family"] == audited["family"]
    assert told["seeds"] == audited["seeds"] == list(range(8))
    assert told["zero"] == "clean"
    assert told["students"] >= 80
    assert told["seconds"] > 0
    assert main([*PLAN, *CLEAN, *FEW]) == 0
    out = capsys.readouterr().out
    assert "8 paired seeds: no p is below 0.0078" in out
    assert "random drop: not asked for (--arms)" in out
