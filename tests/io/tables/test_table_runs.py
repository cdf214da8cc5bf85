"""Runs on tables: the same rows are the same input, whatever holds them."""

import json
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from checks import PLAN, crash, files_of, go, rows
from curate.cli import main
from curate.corpora import reader, records
from curate.errors import InputError, ResumeError
from quiet_datasets import datasets

ROWS = [json.loads(line) for line in rows(60, r3="bad", r20="late", r41="bad")]
SPECIAL = [{**row, "when": None if n % 5 else "x"} for n, row in enumerate(ROWS)]


def parquet(path, values=SPECIAL, **options):
    pq.write_table(pa.Table.from_pylist(values), path, **options)
    return path


def arrow(path, chunk):
    table = pa.Table.from_pylist(SPECIAL)
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_stream(file, table.schema) as out:
        out.write_table(table, max_chunksize=chunk)
    return path


def saved(path, shards=1):
    datasets.Dataset.from_list(SPECIAL).save_to_disk(path, num_shards=shards)
    return path


def jsonl(path):
    path.write_bytes(
        b"".join(json.dumps(r, separators=(",", ":")).encode() + b"\n" for r in SPECIAL)
    )
    return path


def written(out):
    """The files of a run, without the names of its inputs."""
    found = files_of(out)
    facts = json.loads(found.pop("run.json"))
    entries = [json.loads(line) for line in found.pop("ledger.jsonl").splitlines()]
    for entry in entries:
        del entry["file"]
    return found, entries, facts


def test_the_same_rows_are_the_same_input(tmp_path):
    inputs = {
        "groups": parquet(tmp_path / "a.parquet", row_group_size=7, compression="gzip"),
        "one": parquet(tmp_path / "b.parquet", compression="none", use_dictionary=False),
        "arrow": arrow(tmp_path / "c.arrow", 1),
        "saved": saved(tmp_path / "d"),
        "lines": jsonl(tmp_path / "e.jsonl"),
    }
    found = {}
    for name, path in inputs.items():
        go(PLAN, [path], tmp_path / f"out-{name}", lines=16)
        found[name] = written(tmp_path / f"out-{name}")
    files, entries, facts = found["lines"]
    assert (facts["counts"]["kept"], facts["counts"]["dropped"]) == (58, 2)
    for name in ("groups", "one", "arrow", "saved"):
        other, others, told = found[name]
        assert (other, others) == (files, entries), name
        assert told["inputs"][0]["sha256"] == facts["inputs"][0]["sha256"]
        assert told["inputs"][0]["table"]["nulls"] == [{"path": "when", "nulls": 48, "of": 60}]


def test_a_saved_dataset_of_many_files(tmp_path):
    go(PLAN, [saved(tmp_path / "d", shards=4)], tmp_path / "out")
    go(PLAN, [jsonl(tmp_path / "e.jsonl")], tmp_path / "lines")
    files, _, facts = written(tmp_path / "out")
    assert [each["lines"] for each in facts["inputs"]] == [15] * 4
    assert files == written(tmp_path / "lines")[0]


@pytest.mark.parametrize(("at", "commit_every"), [(1, 0.0), (3, 0.0), (3, 1e9)])
def test_a_run_that_was_killed_goes_on(tmp_path, at, commit_every):
    path = parquet(tmp_path / "a.parquet", row_group_size=7)
    go(PLAN, [path], tmp_path / "whole", lines=16)
    crash(path, tmp_path / "out", 16, at, commit_every)
    go(PLAN, [path], tmp_path / "out", lines=16)
    assert files_of(tmp_path / "out") == files_of(tmp_path / "whole")


def test_a_resume_knows_other_rows_and_not_another_packing(tmp_path):
    path = parquet(tmp_path / "a.parquet")
    crash(path, tmp_path / "out", 16, 2, 0.0)
    parquet(path, [{**SPECIAL[0], "id": "new"}, *SPECIAL[1:]])
    with pytest.raises(ResumeError, match=r"a\.parquet changed since the run was begun"):
        go(PLAN, [path], tmp_path / "out", lines=16)
    parquet(path, row_group_size=3, compression="zstd")
    go(PLAN, [path], tmp_path / "out", lines=16)


def test_processes_in_any_number_write_the_same_bytes(tmp_path):
    path = parquet(tmp_path / "a.parquet")
    for workers in (1, 2):
        out = tmp_path / str(workers)
        go(PLAN, [path], out, lines=16, workers=workers, executor="processes")
    assert files_of(tmp_path / "1") == files_of(tmp_path / "2")


def test_a_broken_table_gives_no_finished_run(tmp_path):
    path = arrow(tmp_path / "a.arrow", 7)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(InputError, match="broken or cut off"):
        go(PLAN, [path], tmp_path / "out", lines=16)
    assert not (tmp_path / "out" / "run.json").exists()


def test_everyone_who_reads_a_run_can(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    table = pa.Table.from_pylist(SPECIAL).append_column("at", pa.array([0] * 60, pa.timestamp("s")))
    pq.write_table(table, "a.parquet")
    (tmp_path / "plan.yaml").write_text("steps: [{use: duplicates, do: drop}]")
    assert main(["run", "plan.yaml", "a.parquet", "--out", "out", "--workers", "1"]) == 0
    said = capsys.readouterr().out
    assert "    converted: at timestamp[ms] → text (ISO 8601)\n" in said
    assert "    nulls, or keys there were not: when 48 of 60\n" in said
    assert main(["verify", "out", "--inputs"]) == 0
    assert main(["show", "out", "r3"]) == 0
    assert "answer 3 bad" in capsys.readouterr().out
    assert main(["restore", "out", "--out", "back"]) == 0
    said = capsys.readouterr().out
    assert "read of its rows, as JSON lines" in said
    assert "the table itself is not in the run directory -> back/a.jsonl" in said
    lines = (tmp_path / "back" / "a.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in lines] == [
        {**row, "at": "1970-01-01T00:00:00"} for row in SPECIAL
    ]
    corpus = list(records(reader(["a.parquet"])))
    assert [record.id for record in corpus] == [row["id"] for row in ROWS]
    assert corpus[3].turns[1].text == "answer 3 bad"


def test_a_look_at_the_first_rows_tells_of_conversions_too(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    pq.write_table(
        pa.table({"text": ["a"] * 60, "at": pa.array([0] * 60, pa.date32())}), "a.parquet"
    )
    (tmp_path / "plan.yaml").write_text("steps: []")
    assert main(["run", "plan.yaml", "a.parquet", "--dry-run", "--limit", "10"]) == 0
    assert "converted: at date32[day] → text (ISO 8601)" in capsys.readouterr().out


def test_an_index_of_clean_rollouts_from_a_table(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    parquet(tmp_path / "a.parquet", [{**row, "teacher": "corvid"} for row in ROWS])
    assert main(["index", "build", "a.parquet", "--out", "a.index"]) == 0
    assert "60 rows read = 60 indexed + 0 left out" in capsys.readouterr().out


def test_without_the_extra_its_name_is_said(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    parquet(tmp_path / "a.parquet")
    (tmp_path / "plan.yaml").write_text("steps: []")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert main(["run", "plan.yaml", "a.parquet", "--out", "out"]) == 2
    assert "pip install 'sft-curate[datasets]'" in capsys.readouterr().err
