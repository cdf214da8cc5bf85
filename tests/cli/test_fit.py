"""`curate fit linear` as a user types it."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from curate.cli import main
from curate.fitting import model
from planted_labels import texts, write


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write(Path("labels.jsonl"), texts(300, noise=0.1))
    names = ("calm", "angry")
    named = [{**row, "label": names[int(str(row["label"]))]} for row in texts(300, noise=0.1)]
    write(Path("named.jsonl"), named)
    other = [{"text": f"no words in common {n}", "label": n % 2} for n in range(40)]
    write(Path("other.jsonl"), other)
    return tmp_path


def test_prints_what_was_measured_and_writes_the_model(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["fit", "linear", "labels.jsonl", "--out", "m.safetensors"]) == 0
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert err == ""
    assert lines[0].startswith("labels.jsonl: 300 rows, 300 different texts, 3")
    assert lines[2].startswith("held out: 5 folds, each scored by a model of the others")
    assert [line.split()[0] for line in lines[3:7]] == ["precision", "recall", "F1", "AUC"]
    assert "hold for texts like the rows they were measured on, and for no others" in out
    assert "use it as {use: linear, with: {model: m.safetensors}}" in lines[-1]
    held = model.facts(Path("m.safetensors")).held_out
    assert held.f1 is not None
    assert lines[5].split()[1] == f"{held.f1.value:.3f}"


def test_json_is_one_object_with_the_drop(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["fit", "linear", "named.jsonl", "--positive", "angry", "--out", "m.safetensors"]
    assert main([*arguments, "--also", "other.jsonl", "--json", "--seed", "7"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["sha256"] == hashlib.sha256(Path("m.safetensors").read_bytes()).hexdigest()
    assert (told["positive"], told["training"]["seed"]) == ("angry", 7)
    assert told["held_out"]["f1"][0] > 0.8
    (also,) = told["also"]
    assert also["figures"]["texts"] == 40
    assert also["unlike"] > 0.95
    assert also["change"]["auc"][2] < 0


def test_the_drop_is_printed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["fit", "linear", "labels.jsonl", "--out", "m.safetensors", "--also", "other.jsonl"]
    assert main(arguments) == 0
    out = capsys.readouterr().out
    assert "also other.jsonl: 40 texts, 50.0% positive; change from held out" in out
    assert "F1 drops by" in out
    assert "precision and F1 move with the share of positives too" in out  # 50 % against 36 %


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["missing.jsonl", "--out", "m.safetensors"], "missing.jsonl: no such file"),
        (["named.jsonl", "--out", "m.safetensors"], "labels are names: 'calm' ("),
        (["named.jsonl", "--positive", "agry", "--out", "m.safetensors"], "did you mean 'angry'?"),
        (["labels.jsonl", "--out", "labels.jsonl"], "a model's name ends in .safetensors"),
        (["labels.jsonl", "--out", "no/m.safetensors"], "there is no folder 'no'"),
        (["labels.jsonl"], "--out"),
        (["labels.jsonl", "--group", "prompt", "--out", "m.safetensors"], "no field 'prompt'"),
        (["other.jsonl", "--folds", "1", "--out", "m.safetensors"], "--folds"),
    ],
    ids=["missing", "names", "typo", "suffix", "folder", "no out", "group", "folds"],
)
def test_a_mistake_is_said_and_nothing_is_written(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert main(["fit", "linear", *arguments]) == 2
    out, err = capsys.readouterr()
    assert told in err
    assert out == ""
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_without_numpy_the_extra_is_named(folder: Path) -> None:
    code = (
        "import sys; sys.modules['numpy'] = None\n"
        "from curate.cli import main\n"
        "sys.exit(main(['fit', 'linear', 'labels.jsonl', '--out', 'm.safetensors']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "curate: error: fitting needs numpy: pip install 'sft-curate[fast]'\n"


def test_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fit", "linear", "--help"]) == 0
    assert "Example: curate fit linear" in " ".join(capsys.readouterr().out.split())
