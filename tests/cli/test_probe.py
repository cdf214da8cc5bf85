"""`curate probe`: models side by side, answers from files."""

import json
from pathlib import Path

import pytest

from curate.api import Context
from curate.cli import main
from curate.traits import loading
from curate.traits.openings import openings
from trait_card_text import CARD


@pytest.fixture
def card(tmp_path: Path) -> str:
    """A card of one round, so that the prompts are known beforehand."""
    (tmp_path / "mine.yaml").write_text(
        CARD.replace("then: [No.]", "then: []").replace("then: [Ok.]", "fill: {who: [Zoe]}")
    )
    return str(tmp_path / "mine.yaml")


def model(
    tmp_path: Path, card: str, name: str, *answers: str, finish: str = "stop", control=None
) -> str:
    """Write a file of answers, taking turns, and return it as NAME=SPEC."""
    rows = []
    for which in (None, control) if control else (None,):
        for number, each in enumerate(openings(loading.load(card), Context(), control=which)):
            cut = finish if answers[number % len(answers)] == "cut" else "stop"
            rows.append(
                {"messages": [message._asdict() for message in each.messages],
                 "response": answers[number % len(answers)], "finish": cut}
            )  # fmt: skip
    file = tmp_path / f"{name}.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return f"{name}={{use: replay, with: {{file: {json.dumps(str(file))}}}}}"


@pytest.fixture
def calm(tmp_path: Path, card: str) -> str:
    return model(tmp_path, card, "calm", "Yes.")


@pytest.fixture
def loud(tmp_path: Path, card: str) -> str:
    return model(tmp_path, card, "loud", "YES INDEED", "Yes.")


def probe(card: str, *arguments: str) -> int:
    return main(["probe", "--card", card, *arguments])


def told(capsys) -> dict:
    return json.loads(capsys.readouterr().out)


def test_models_side_by_side(card: str, calm: str, loud: str, capsys):
    assert probe(card, "--generator", calm, "--generator", loud) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "shouting 1: The model answers in capitals."
    assert "6 prompts of 3 templates, samples 1, seed 0" in lines[1]
    assert "temperature 0.5, at most 9 tokens, its own system prompt" in lines[2]
    calm_row, loud_row = (
        next(line for line in lines if line.startswith(n)) for n in ("calm", "loud ")
    )
    assert "0.0%" in calm_row
    assert "50.0%" in loud_row
    assert "+50.0%" in loud_row
    assert "6/6" in calm_row


def test_json_says_what_it_was_measured_under(card: str, calm: str, loud: str, capsys):
    assert probe(card, "--generator", calm, "--generator", loud, "--json", "--seed", "0") == 0
    facts = told(capsys)
    assert facts["context"] | {"samples": 1, "max_tokens": 9} == facts["context"]
    assert facts["scorer"]["use"] == "cues"
    assert len(facts["digest"]) == 64
    first, second = facts["findings"]
    assert first["value"] == 0
    assert first["low"] == 0 < first["high"]
    assert first["against_first"] is None
    assert second["against_first"]["value"] == 0.5
    assert second["also"]["answers"]["value"] == 1
    assert sum(each["counted"] for each in second["by_template"].values()) == 6


def test_cut_off_answers_are_not_compared(tmp_path: Path, card: str, calm: str, capsys):
    cut = model(tmp_path, card, "short", "Yes.", "cut", finish="length")
    assert probe(card, "--generator", calm, "--generator", cut) == 4
    out = capsys.readouterr().out
    assert "short: do not compare: 50% of the answers were cut off at 9 tokens" in out
    assert "3 truncated" in out
    assert probe(card, "--generator", calm, "--generator", cut, "--json") == 4
    short = told(capsys)["findings"][1]
    assert (short["comparable"], short["counted"], short["left_out"]) == (
        False,
        3,
        {"truncated": 3},
    )
    assert short["against_first"] is None


def test_controls_are_asked_as_well(tmp_path: Path, card: str, capsys):
    both = model(tmp_path, card, "m", "YES INDEED", "Yes.", control="calm")
    assert probe(card, "--generator", both, "--controls", "--json") == 0
    plain, control = told(capsys)["findings"]
    assert (plain["control"], control["control"]) == (None, "calm")
    assert (plain["model"], control["model"]) == ("m", "m")
    assert control["against_first"] is None
    assert probe(card, "--generator", both, "--controls") == 0
    assert "m (calm)" in capsys.readouterr().out


def test_answers_are_written(tmp_path: Path, card: str, loud: str, capsys):
    assert probe(card, "--generator", loud, "--out", str(tmp_path / "out")) == 0
    rows = [json.loads(line) for line in (tmp_path / "out" / "loud.jsonl").read_text().splitlines()]
    assert len(rows) == 6
    assert rows[0]["messages"][-1] == {"role": "assistant", "content": "YES INDEED"}
    assert rows[0]["probe"]["hit"] is True
    assert rows[0]["metadata"]["teacher"] == "loud"
    capsys.readouterr()
    plan = tmp_path / "plan.yaml"
    plan.write_text(f"steps: [{{use: trait, with: {{card: {json.dumps(card)}}}, do: drop}}]")
    run = ["run", str(plan), str(tmp_path / "out" / "loud.jsonl"), "--out", str(tmp_path / "run")]
    assert main(run) == 0
    assert len((tmp_path / "run" / "dropped.jsonl").read_text().splitlines()) == 3


def test_another_scorer(card: str, loud: str, capsys):
    scorer = "{use: regex, with: {patterns: {yes: YES}}}"
    assert probe(card, "--generator", loud, "--scorer", scorer, "--json") == 0
    facts = told(capsys)
    assert facts["scorer"]["use"] == "regex"
    assert facts["findings"][0]["value"] == 0.5


def test_a_model_in_a_file(tmp_path: Path, card: str, calm: str, capsys):
    (tmp_path / "spec.yaml").write_text(calm.removeprefix("calm="))
    assert probe(card, "--generator", str(tmp_path / "spec.yaml"), "--json") == 0
    assert told(capsys)["findings"][0]["model"] == "calm"


def test_a_model_without_an_answer_ends_the_probe(tmp_path: Path, card: str, calm: str, capsys):
    assert probe(card, "--generator", calm, "--seed", "1") == 3
    assert "answers" in capsys.readouterr().err


class TestMistakes:
    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (
                ["--generator", "{use: replays}"],
                "no generator named 'replays'; did you mean 'replay'",
            ),
            (["--generator", "{use: replay}"], "'file' is missing"),
            (["--generator", "{use: regex, with: {patterns: {a: b}}}"], "'regex' is a filter"),
            (["--generator", "none.yaml"], "--generator: 'none.yaml' is no file that can be read"),
            (["--generator", "{use: ["], "--generator:1: not YAML"),
            (["--generator", "a={use: replay, with: {fil: x}}"], "unknown key 'fil'"),
        ],
        ids=["name", "missing", "kind", "file", "YAML", "key"],
    )
    def test_a_generator(self, card: str, arguments: list[str], message: str, capsys):
        assert probe(card, *arguments) == 2
        assert message in capsys.readouterr().err

    def test_two_of_one_name(self, card: str, calm: str, capsys):
        assert probe(card, "--generator", calm, "--generator", calm) == 2
        assert "two models are called 'calm'" in capsys.readouterr().err

    def test_two_ways_to_score(self, card: str, calm: str, capsys):
        arguments = ["--generator", calm, "--contrast", "--scorer", "{use: roles}"]
        assert probe(card, *arguments) == 2
        assert "give one" in capsys.readouterr().err

    def test_a_model_without_likelihoods(self, card: str, calm: str, capsys):
        assert probe(card, "--generator", calm, "--contrast") == 2
        assert "log-likelihood" in capsys.readouterr().err

    def test_a_card_without_what_is_asked_for(self, calm: str, capsys):
        assert probe("blackmail", "--generator", calm, "--contrast") == 2
        assert "no two continuations" in capsys.readouterr().err
