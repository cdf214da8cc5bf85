"""`curate export` as a user calls it: from a table through a run to tables and back."""

import json
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from checks import go, write
from checks import rows as lines
from curate import ledger
from curate.cli import main
from quiet_datasets import datasets


@pytest.fixture
def run(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    go(
        "steps: [{use: word, do: drop}]",
        [write(tmp_path / "c.jsonl", *lines(9, r3="bad"))],
        Path("r"),
    )
    return tmp_path / "r"


def test_a_run_becomes_a_table(run, capsys):
    assert main(["export", "r", "--to", "out/kept.parquet"]) == 0
    size = Path("out/kept.parquet").stat().st_size
    assert capsys.readouterr().out == (
        f"rows written 8 = kept 8 -> out/kept.parquet (parquet, {size:,} bytes)\n"
        "read back, every row is what it was\n"
    )
    kept = [json.loads(line) for line in Path("r/kept.jsonl").read_text().splitlines()]
    assert pq.read_table("out/kept.parquet").to_pylist() == kept
    assert main(["export", "r", "--to", "out/kept.parquet"]) == 2
    assert "exists: choose another path, or say --force" in capsys.readouterr().err
    assert main(["export", "r", "--to", "out/kept.parquet", "--force", "--what", "dropped"]) == 0
    assert "rows written 1 = dropped 1 ->" in capsys.readouterr().out
    assert pq.read_metadata("out/kept.parquet").num_rows == 1


def test_a_file_of_a_glob_is_not_written_over(run, capsys):
    before = Path("c.jsonl").read_bytes()
    assert main(["export", "*.jsonl", "--to", "c.jsonl", "--force"]) == 2
    assert "lies in what is exported" in capsys.readouterr().err
    assert Path("c.jsonl").read_bytes() == before


def test_a_folder_that_datasets_loads(run, capsys):
    assert main(["export", "r", "--to", "out/kept", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    kept = [json.loads(line) for line in Path("r/kept.jsonl").read_text().splitlines()]
    assert list(datasets.load_from_disk("out/kept")) == kept
    assert told == {
        "path": "out/kept",
        "format": "dataset",
        "rows": 8,
        "bytes": sum(file.stat().st_size for file in Path("out/kept").iterdir()),
        "columns": {
            "id": "string",
            "messages": "list",
            "messages[]": "struct",
            "messages[].role": "string",
            "messages[].content": "string",
        },
        "differences": [],
        "note": "",
    }


@pytest.mark.parametrize("name", ["kept.jsonl", "kept.jsonl.gz", "kept.jsonl.zst"])
def test_lines_go_out_as_they_are(run, name):
    assert main(["export", "r", "--to", name]) == 0
    assert main(["run", str(empty_plan()), name, "--out", "again", "--workers", "1"]) == 0
    assert Path("again/kept.jsonl").read_bytes() == Path("r/kept.jsonl").read_bytes()


def test_changes_need_a_word(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("c.jsonl").write_text('{"a": 1}\n{"a": 1.5, "b": 2}\n')
    assert main(["export", "c.jsonl", "--to", "c.arrow"]) == 2
    assert (
        "a: whole numbers became floats (1 is 1.0): 1 (first c.jsonl:1)" in capsys.readouterr().err
    )
    assert not Path("c.arrow").exists()
    assert main(["export", "c.jsonl", "--to", "c.arrow", "--allow-changes"]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == [
        "read back, every row is what it was, but for:",
        "  a: whole numbers became floats (1 is 1.0): 1 (first c.jsonl:1)",
        "  b: null where the key was missing: 1 (first c.jsonl:1)",
    ]


def empty_plan() -> Path:
    path = Path("empty.yaml")
    path.write_text("steps: []\n")
    return path


def real_rows(data_dir: Path, corpus: str) -> list[dict]:
    if corpus == "gpteacher":
        files = sorted((data_dir / "gpteacher").rglob("*.json"))
        return [row for file in files for row in json.loads(file.read_text())][:2000]
    files = sorted((data_dir / "corpora").glob("just_eval.*.jsonl"))[:3]
    return [json.loads(line) for file in files for line in file.read_text().splitlines()]


@pytest.mark.parametrize("corpus", ["gpteacher", "just_eval"])
def test_parquet_in_lines_out_and_back(data_dir, tmp_path, monkeypatch, capsys, corpus):
    """Every record is accounted for, and every difference is listed."""
    monkeypatch.chdir(tmp_path)
    values = real_rows(data_dir, corpus)
    assert len(values) > 1000
    table = pa.Table.from_pylist(values)
    pq.write_table(table, "in.parquet", row_group_size=300)
    Path("plan.yaml").write_text(
        "steps:\n"
        "  - {use: length, with: {unit: words, min: 20}, do: drop}\n"
        "  - {use: duplicates, do: drop}\n"
    )
    assert main(["run", "plan.yaml", "in.parquet", "--out", "r", "--workers", "1"]) == 0
    facts = ledger.summary(Path("r"))
    counts = facts["counts"]
    assert counts["read"] == len(values) == sum(counts[fate] for fate in ledger.FATES)
    assert counts["kept"] > 0
    assert counts["dropped"] > 0
    capsys.readouterr()

    found = {}
    for fate in ("kept", "dropped"):
        assert main(["export", "r", "--what", fate, "--to", f"{fate}.parquet", "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert told["rows"] == counts[fate]
        assert told["differences"] == []  # what came from a table fits in one
        found[fate] = iter(pq.read_table(f"{fate}.parquet").to_pylist())
    originals = iter(table.to_pylist())
    for entry in ledger.entries(Path("r")):
        assert next(found[entry.fate]) == next(originals), entry
    assert next(originals, None) is None

    # The rows as they were before they were in a table: keys that a table fills with null are told.
    write(Path("c.jsonl"), *(json.dumps(row).encode() + b"\n" for row in values))
    assert main(["export", "c.jsonl", "--to", "c.parquet", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    nulls = Counter(
        key for row in values for key in table.column_names if key not in row
    )  # the rows are flat but for messages and metadata, which all have the same keys
    found = {
        each["path"]: each["values"] for each in told["differences"] if "." not in each["path"]
    }
    assert found == nulls
    assert main(["export", "c.parquet", "--to", "back.jsonl"]) == 0
    back = [json.loads(line) for line in Path("back.jsonl").read_text().splitlines()]
    assert [strip(row) for row in back] == [strip(row) for row in values]


def strip(value):
    """A row without its nulls."""
    if isinstance(value, dict):
        return {key: strip(item) for key, item in value.items() if item is not None}
    return [strip(item) for item in value] if isinstance(value, list) else value
