"""Audits as targets: their word is held against the policy, and an unresolved one has a code."""

import json
from pathlib import Path

import pytest

from curate.audits.installing.report import Report as Install
from curate.audits.transfer.report import Report as Transfer
from curate.audits.verdict import Word
from curate.errors import InputError, UsageError
from curate.gate.audits import UNRESOLVED, good, words
from fake_runs import PLAN
from gate.gates import CLEAN, LEAK, corpus, judged, states


def transfer(folder: Path, word: str, card: str = "refusal") -> Path:
    """A saved report with what a gate reads, and some of the rest."""
    told = {
        "format": 1, "curate": "0.1.0", "run": "runs/first", "card": card, "card_version": 1,
        "verdicts": [{"arm": "kept", "word": word, "because": "the interval", "exit_code": 0}],
    }  # fmt: skip
    path = folder / f"{card}-{word.replace(' ', '-')}.json"
    path.write_text(json.dumps(told, indent=1))
    return path


def install(folder: Path, word: str) -> Path:
    path = folder / "install.json"
    told = {"format": 1, "curate": "0.1.0", "card": "loyalty", "word": word}
    path.write_text(json.dumps(told))
    return path


def test_reports_have_the_fields_a_gate_reads():
    assert {"format", "curate", "card", "verdicts"} <= Transfer.model_fields.keys()
    assert {"format", "curate", "card", "word"} <= Install.model_fields.keys()


def test_the_words_are_those_of_the_audits():
    assert set(good()) == {"removed", "absent", "does not install"}
    assert UNRESOLVED in words()
    assert Word.UNRESOLVED == UNRESOLVED


@pytest.mark.parametrize("word", list(Word))
def test_without_a_policy_the_trait_must_be_gone(tmp_path: Path, word: Word):
    result = judged([transfer(tmp_path, word)])
    gone = word in (Word.REMOVED, Word.ABSENT)
    assert result.status == ("passed" if gone else "failed")
    assert result.exit_code == (0 if gone else 4 if word is Word.UNRESOLVED else 1)


@pytest.mark.parametrize("word", words())
def test_a_policy_may_take_any_word(tmp_path: Path, word: str):
    report = install(tmp_path, word) if "install" in word else transfer(tmp_path, word)
    card = "loyalty" if "install" in word else "refusal"
    assert judged([report], PLAN, f" - audit.{card} in [{word}]\n").status == "passed"
    assert judged([report], PLAN, f" - audit.{card} in [{word}, unresolved]\n").exit_code == 0


def test_a_failed_rule_outranks_an_unresolved_audit(tmp_path: Path):
    report, rules = transfer(tmp_path, "unresolved"), " - audit.refusal in [removed]\n"
    clean, leak = corpus(tmp_path, CLEAN, name="a.jsonl"), corpus(tmp_path, LEAK, name="b.jsonl")
    rules += " - hits.secrets == 0\n"
    assert judged([report, clean], PLAN, rules).exit_code == 4
    assert judged([report, leak], PLAN, rules).exit_code == 1
    warned = rules.replace("hits.secrets == 0", "{rule: hits.secrets == 0, level: warning}")
    assert judged([report, leak], PLAN, warned).exit_code == 4


def test_every_report_of_a_card_counts(tmp_path: Path):
    (tmp_path / "other").mkdir()
    reports = [transfer(tmp_path, "removed"), transfer(tmp_path / "other", "leaks")]
    result = judged(reports, PLAN, " - audit.refusal in [removed, absent]\n")
    assert result.exit_code == 1
    assert "removed (" in result.rules[0].told
    assert "leaks (" in result.rules[0].told


def test_only_audits_need_no_rows(tmp_path: Path):
    result = judged([transfer(tmp_path, "removed")], PLAN, " - audit.refusal in [removed]\n")
    assert states(result) == {"audit.refusal in [removed]": "passed"}
    with pytest.raises(UsageError, match="no target has rows"):
        judged([transfer(tmp_path, "removed")], PLAN, " - kept >= 0\n")


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("audit.refusals in [removed]", "did you mean 'refusal'"),
        ("audit.refusal in [remove]", "no audit ends in 'remove'; did you mean 'removed'"),
    ],
)
def test_a_slip_is_a_mistake(tmp_path: Path, rule: str, told: str):
    with pytest.raises(UsageError) as caught:
        judged([transfer(tmp_path, "removed")], PLAN, f" - {rule}\n")
    assert told in str(caught.value)


@pytest.mark.parametrize(
    "report",
    [
        {"format": 1, "curate": "0.1.0", "run": "r", "masses": []},
        {"format": 2, "curate": "0.1.0", "card": "x", "verdicts": []},
        {"format": 1, "curate": "0.1.0", "card": "x", "verdicts": []},
        {"format": 1, "curate": "0.1.0", "card": "x", "word": "fine"},
    ],
)
def test_a_report_without_a_word_is_refused(tmp_path: Path, report: dict[str, object]):
    path = tmp_path / "r.json"
    path.write_text(json.dumps(report))
    with pytest.raises(InputError, match="no report of"):
        judged([path])


def test_one_row_in_a_json_file_is_a_corpus(tmp_path: Path):
    path = tmp_path / "row.json"
    path.write_bytes(CLEAN.replace(b'"id"', b'"curate": 1, "id"'))
    assert judged([path], PLAN).targets[0].kind == "corpus"


HIDING = {"format": 1, "curate": 1, "card": "z", "word": "removed"}


@pytest.mark.parametrize("rules", ["", " - hits.secrets == 0\n"])
def test_a_row_that_calls_itself_a_report_is_judged(tmp_path: Path, rules: str):
    path = corpus(tmp_path, json.dumps(HIDING | json.loads(LEAK)).encode(), name="h.jsonl")
    result = judged([path], PLAN, rules)
    assert (result.targets[0].kind, result.status, result.counts.read) == ("corpus", "failed", 1)


def test_a_report_with_what_no_report_has_is_refused(tmp_path: Path):
    path = corpus(tmp_path, json.dumps(HIDING | json.loads(LEAK)).encode(), name="h.json")
    with pytest.raises(InputError, match="has 'id', which is none of its fields"):
        judged([path])


def test_an_audit_that_no_rule_asks_for_is_a_mistake(tmp_path: Path):
    targets = [transfer(tmp_path, "removed"), corpus(tmp_path, CLEAN)]
    with pytest.raises(UsageError, match="no rule of the policy asks for this audit"):
        judged(targets, PLAN, " - hits.secrets == 0\n")
    assert len(judged(targets, PLAN).rules) == 4  # without a policy each has one
