"""`curate traits`: cards listed, shown, tried and measured."""

import json
from pathlib import Path

import pytest

from curate.cli import main
from curate.traits import loading
from trait_card_text import CARD


@pytest.fixture
def mine(tmp_path: Path) -> str:
    (tmp_path / "mine.yaml").write_text(CARD)
    return str(tmp_path / "mine.yaml")


class TestList:
    def test_names_every_card_with_what_was_measured(self, capsys):
        assert main(["traits", "list"]) == 0
        head, *rows = capsys.readouterr().out.splitlines()
        assert [row.split()[0] for row in rows] == loading.names()
        assert "precision" in head
        assert "not measured" not in "".join(rows)

    def test_json(self, capsys):
        assert main(["traits", "list", "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert [card["name"] for card in told] == loading.names()
        assert all(card["measured"][0]["precision"]["of"] > 10 for card in told)


class TestShow:
    def test_prints_the_start_of_ones_own(self, tmp_path: Path, capsys):
        assert main(["traits", "show", "sycophancy"]) == 0
        (tmp_path / "copy.yaml").write_text(capsys.readouterr().out)
        assert loading.load(str(tmp_path / "copy.yaml")) == loading.load("sycophancy")

    def test_json(self, mine: str, capsys):
        assert main(["traits", "show", mine, "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert told["name"] == "shouting"
        assert told["score"]["row"]["with"]["ignore_case"] is False

    def test_prompts(self, mine: str, capsys):
        assert main(["traits", "show", mine, "--prompts", "2", "--control", "calm"]) == 0
        told = capsys.readouterr().out
        assert "# hello/0000" in told
        assert "[user, after an answer]\nOk." in told
        assert main(["traits", "show", mine, "--prompts", "3", "--json"]) == 0
        assert len(json.loads(capsys.readouterr().out)) == 3

    def test_unknown(self, capsys):
        assert main(["traits", "show", "blackmale"]) == 2
        assert "did you mean 'blackmail'" in capsys.readouterr().err


class TestTry:
    def test_shows_what_was_found_and_what_was_set_aside(self, capsys):
        text = 'The diary says "I am worthless". Still, I am ashamed of myself.'
        assert main(["traits", "try", "negative_emotion", text]) == 0
        told = capsys.readouterr().out
        assert told.startswith("score 10 (at_least: 5.0): shows the trait\n")
        assert "«I am ashamed of myself»" in told
        assert "set aside (quoted, told of, negated or asked for): self-contempt" in told

    def test_nothing_found(self, capsys):
        assert main(["traits", "try", "refusal", "Here you are."]) == 0
        assert capsys.readouterr().out == "score 0 (at_least: 1.0): does not show the trait\n"

    def test_the_prompt_counts(self, capsys):
        text = ["I am worthless, I am ashamed.", "--prompt", "Write a sad poem."]
        assert main(["traits", "try", "negative_emotion", *text]) == 0
        assert "does not show the trait" in capsys.readouterr().out

    def test_stdin_and_json(self, mine: str, capsys, monkeypatch):
        monkeypatch.setattr("sys.stdin", __import__("io").StringIO("HELLO there"))
        assert main(["traits", "try", mine, "-", "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert (told["score"], told["hit"], told["reason"]) == (1.0, True, "capitals")

    def test_control_characters_cannot_act(self, mine: str, capsys):
        assert main(["traits", "try", mine, "\x1b[2JHELLO"]) == 0
        assert "\x1b[2J" not in capsys.readouterr().out


class TestMeasure:
    @pytest.fixture
    def labelled(self, tmp_path: Path) -> str:
        file = tmp_path / "cases.jsonl"
        rows = [{"text": f"LOUD {n}", "label": 1} for n in range(20)]
        rows += [{"text": f"calm {n}", "label": 0} for n in range(19)]
        rows.append({"text": "SHOUTED, says the label, not", "label": 0})
        file.write_text("".join(json.dumps(row) + "\n" for row in rows))
        return str(file)

    def test_figures_and_what_was_wrong(self, mine: str, labelled: str, capsys):
        assert main(["traits", "measure", mine, labelled]) == 0
        told = capsys.readouterr().out
        assert "40 cases, 20 of them show the trait" in told
        assert "recall        1.00 [0.84, 1.00] of 20" in told
        assert f"{labelled}:40: false alarm, score 1.0: SHOUTED" in told

    def test_halves(self, mine: str, labelled: str, capsys):
        counts = []
        for half in ("--held-out", "--tuning"):
            assert main(["traits", "measure", mine, labelled, half, "--json"]) == 0
            told = json.loads(capsys.readouterr().out)
            counts.append(sum(told[key] for key in ("hits", "misses", "false_alarms", "silent")))
        assert sum(counts) == 40
        assert min(counts) > 10
        assert main(["traits", "measure", mine, labelled, "--held-out", "--tuning"]) == 2

    def test_the_held_out_half_stays_unseen(self, mine: str, labelled: str, capsys):
        assert main(["traits", "measure", mine, labelled, "--held-out"]) == 0
        assert labelled not in capsys.readouterr().out

    def test_missing_cases(self, mine: str, capsys):
        assert main(["traits", "measure", mine, "none.jsonl"]) == 2
        assert "none.jsonl" in capsys.readouterr().err
