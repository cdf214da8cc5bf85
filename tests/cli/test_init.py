"""`curate init` as a user types it."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from curate.cli import main
from curate.cli.looking_at import looked_at
from docs.blocks import ROOT
from rollout_rows import row, write

FIRST = str(ROOT / "examples" / "first" / "corpus.jsonl")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_plan_goes_to_standard_output_and_runs(capfd: pytest.CaptureFixture[str]):
    assert main(["init", FIRST]) == 0
    out, err = capfd.readouterr()
    assert err == ""
    Path("plan.yaml").write_text(out)
    assert out.endswith(f"#   curate run plan.yaml {FIRST} --out runs/first\n")
    assert main(["plan", "plan.yaml"]) == 0
    assert main(["run", "plan.yaml", FIRST, "--dry-run", "--workers", "1"]) == 0
    out = capfd.readouterr().out
    assert re.search(r"^read 120 = kept \d\d \+ dropped \d\d \+ quarantined 1$", out, re.MULTILINE)


def test_a_plan_that_is_there_stays_unless_forced(capfd: pytest.CaptureFixture[str]):
    write(Path("corpus.jsonl"), [row("Why?", "It is so because", "a")])
    Path("my plan.yaml").write_text("mine")
    arguments = ["init", "corpus.jsonl", "--out", "my plan.yaml"]
    assert main(arguments) == 2
    assert "my plan.yaml exists and is left alone" in capfd.readouterr().err
    assert Path("my plan.yaml").read_text() == "mine"
    assert main([*arguments, "--force"]) == 0
    assert capfd.readouterr().out == "written to my plan.yaml: see `curate plan 'my plan.yaml'`\n"
    assert (
        "#   curate run 'my plan.yaml' corpus.jsonl --dry-run" in Path("my plan.yaml").read_text()
    )


def test_a_corpus_is_never_written_over(capfd: pytest.CaptureFixture[str]):
    path = write(Path("corpus.jsonl"), [row("Why?", "It is so because", "a")])
    before = path.read_bytes()
    assert main(["init", "*.jsonl", "--out", "./corpus.jsonl", "--force"]) == 2
    assert "is one of the corpora" in capfd.readouterr().err
    assert path.read_bytes() == before


def test_a_folder_that_is_a_corpus_stays_as_it_is(capfd: pytest.CaptureFixture[str]):
    pa = pytest.importorskip("pyarrow")
    Path("saved").mkdir()
    state = Path("saved/state.json")
    state.write_text('{"_data_files": [{"filename": "data.arrow"}]}')
    table = pa.Table.from_pylist([row("Why?", "It is so because", "a")])
    with pa.OSFile("saved/data.arrow", "wb") as file, pa.ipc.new_file(file, table.schema) as out:
        out.write_table(table)
    assert main(["init", "saved", "--out", "saved/state.json", "--force"]) == 2
    assert "lies in the corpus saved" in capfd.readouterr().err
    assert main(["init", "saved", "--out", "plans/new/plan.yaml"]) == 0
    assert main(["plan", "plans/new/plan.yaml"]) == 0


def test_a_plan_is_replaced_beside_a_corpus_that_is_no_file(monkeypatch: pytest.MonkeyPatch):
    def on_the_hub(corpora, settings):
        found, sample = looked_at(["corpus.jsonl"], settings)
        (file,) = found.files
        return replace(found, files=(replace(file, name=corpora[0]),)), sample

    write(Path("corpus.jsonl"), [row("Why?", "It is so because", "a")])
    Path("plan.yaml").write_text("mine")
    monkeypatch.setattr("curate.cli.init.looked_at", on_the_hub)
    assert main(["init", "hf://datasets/o/n", "--out", "plan.yaml", "--force"]) == 0
    assert "hf://datasets/o/n" in Path("plan.yaml").read_text()


def test_a_file_that_is_not_there(capfd: pytest.CaptureFixture[str]):
    assert main(["init", "nowhere.jsonl", "--out", "plan.yaml"]) == 2
    assert "nowhere.jsonl: no such file" in capfd.readouterr().err
    assert not Path("plan.yaml").exists()
