"""`curate fit fingerprint` as a user types it."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from curate.cli import main
from curate.fitting.fingerprint import model
from planted_teachers import DISTINCT, responses, write

COMMAND = ["fit", "fingerprint", "corpus.jsonl", "--out", "m.safetensors"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    samples = responses()
    write(Path("corpus.jsonl"), [*samples, samples[0]._replace(teacher=None)])
    write(Path("one.jsonl"), responses(("curt",)))
    write(Path("nobody.jsonl"), [each._replace(teacher=None) for each in samples])
    apart = [each._replace(prompt=f"{each.teacher}: {each.prompt}") for each in samples]
    write(Path("apart.jsonl"), apart)
    return tmp_path


def test_prints_what_was_measured_and_writes_the_model(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(COMMAND) == 0
    out, err = capsys.readouterr()
    assert err == ""
    facts = model.load(Path("m.safetensors")).facts
    assert facts.teachers == tuple(sorted(DISTINCT))
    assert out.startswith("corpus.jsonl: 241 rows, 241 responses\n")
    assert "responses that name no teacher, not fitted on: 1\n" in out
    assert "4 teachers, 60 prompts, 60 of them answered by more than one teacher\n" in out
    assert f"one response      {facts.held_out.accuracy.value:.3f}  " in out
    assert "bags of 10        1.000  " in out
    assert out.count("kept") > 5
    assert "mostly taken for" in out
    assert "they may be told apart by what they were asked" not in out
    assert "use it as {use: fingerprint, with: {model: m.safetensors}}" in out.splitlines()[-1]


def test_json_is_one_object(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*COMMAND, "--json", "--seed", "7", "--unknown", "0.1"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["sha256"] == hashlib.sha256(Path("m.safetensors").read_bytes()).hexdigest()
    assert told["read"]["unlabelled"] == 1
    assert (told["training"]["seed"], told["training"]["unknown"]) == (7, 0.1)
    digest = hashlib.sha256(Path("corpus.jsonl").read_bytes()).hexdigest()
    assert told["training"]["files"] == {"corpus.jsonl": digest}
    assert told["held_out"]["accuracy"][0] > 0.8
    assert [each["teacher"] for each in told["held_out"]["strangers"]] == told["teachers"]


def test_the_same_command_writes_the_same_file(folder: Path) -> None:
    assert main(COMMAND) == 0
    first = Path("m.safetensors").read_bytes()
    assert main(COMMAND) == 0
    assert Path("m.safetensors").read_bytes() == first
    assert main([*COMMAND, "--seed", "1"]) == 0
    assert Path("m.safetensors").read_bytes() != first


def test_teachers_that_answer_different_prompts_are_warned_of(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["fit", "fingerprint", "apart.jsonl", "--out", "m.safetensors"]) == 0
    assert "they may be told apart by what they were asked" in capsys.readouterr().out


def test_two_teachers_are_told_of_the_cap(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(Path("two.jsonl"), responses(("curt", "formal")))
    assert main(["fit", "fingerprint", "two.jsonl", "--out", "m.safetensors"]) == 0
    assert "no confidence goes beyond 0.8" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["missing.jsonl", "--out", "m.safetensors"], "missing.jsonl: no such file"),
        (["one.jsonl", "--out", "m.safetensors"], "by one teacher: curt (60)"),
        (["nobody.jsonl", "--out", "m.safetensors"], "none of the 240 responses names its teacher"),
        (["corpus.jsonl", "--out", "m.safetensors", "--min-rows", "99"], "curt (60), formal (60)"),
        (["corpus.jsonl", "--out", "m.bin"], "a model's name ends in .safetensors"),
        (["corpus.jsonl", "--out", "no/m.safetensors"], "there is no folder 'no'"),
        (["corpus.jsonl", "--out", "m.safetensors", "--unknown", "1"], "--unknown"),
        (["corpus.jsonl", "--out", "m.safetensors", "--teacher", "a..b"], "'a..b' is no path"),
        (["corpus.jsonl"], "--out"),
    ],
    ids=["missing", "one", "nobody", "few", "suffix", "folder", "unknown", "path", "no out"],
)
def test_a_mistake_is_said_and_nothing_is_written(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert main(["fit", "fingerprint", *arguments]) == 2
    out, err = capsys.readouterr()
    assert told in err
    assert out == ""
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_rows_that_could_not_be_read_are_told_where_the_fit_fails(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Path("one.jsonl").open("a") as file:
        file.write('{"nothing": "known"}\n{broken\n')
    assert main(["fit", "fingerprint", "one.jsonl", "--out", "m.safetensors"]) == 2
    err = capsys.readouterr().err
    assert "; left out: 1 rows that are no JSON, 1 rows of no known shape\n" in err


def test_without_numpy_the_extra_is_named(folder: Path) -> None:
    code = (
        "import sys; sys.modules['numpy'] = None\n"
        "from curate.cli import main\n"
        f"sys.exit(main({COMMAND}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "curate: error: fitting needs numpy: pip install 'sft-curate[fast]'\n"


def test_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fit", "fingerprint", "--help"]) == 0
    assert "Example: curate fit fingerprint" in " ".join(capsys.readouterr().out.split())
