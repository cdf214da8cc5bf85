"""Data sets of the hub, without the hub: what is streamed is a local folder."""

import json
from contextlib import contextmanager
from types import SimpleNamespace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from checks import crash, go, rows
from curate.cli import main
from curate.errors import InputError, OutageError, ResumeError, UsageError
from curate.io.sources import expand
from curate.io.tables import hub
from curate.io.tables.hub import HubDataset, parse, streamed
from curate.io.tables.report import Report
from curate.io.tables.rows import lines
from quiet_datasets import datasets

COMMIT, NEXT = "a" * 40, "b" * 40


@pytest.fixture(autouse=True)
def _offline(monkeypatch, no_network):
    assert datasets.are_progress_bars_disabled()
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


def read(folder, **wanted):
    report = Report()
    with streamed(str(folder), "hf", report, HubDataset("o/n", **wanted)) as table:
        return [json.loads(line) for line in lines(table.batches, "hf", report)], report.dump()


def test_arguments():
    assert parse("hf://datasets/o/n") == HubDataset("o/n")
    assert parse("hf://datasets/n") == HubDataset("n")
    whole = "hf://datasets/o/n@v1.0?config=en+us&split=train%5B%3A10%25%5D"
    assert parse(whole) == HubDataset("o/n", "v1.0", "en us", "train[:10%]")
    assert str(parse(whole)) == whole
    with pytest.raises(InputError, match="unknown option 'splt'; did you mean 'split'"):
        parse("hf://datasets/o/n?splt=train")
    for wrong in ("hf://o/n", "hf://datasets/", "hf://datasets/o/n/train.parquet"):
        with pytest.raises(InputError, match="write hf://datasets/ORG/NAME"):
            parse(wrong)


def test_a_commit_needs_no_question_and_offline_allows_nothing():
    pinned = f"hf://datasets/o/n@{COMMIT}?split=train"
    [source] = expand([pinned])
    assert (source.name, source.path, source.format) == (pinned, None, "hub")
    for argument in (pinned, "hf://datasets/o/n"):
        with pytest.raises(UsageError, match="--offline forbids"):
            expand([argument], offline=True)
    with pytest.raises(OutageError, match="the hub did not answer"):
        expand(["hf://datasets/o/n"])
    with pytest.raises(InputError, match="is named twice"):
        expand([pinned, pinned])


def test_offline_reaches_the_argument(tmp_path, capsys):
    (tmp_path / "plan.yaml").write_text("steps: []")
    arguments = ["run", str(tmp_path / "plan.yaml"), "hf://datasets/o/n", "--out"]
    assert main([*arguments, str(tmp_path / "out"), "--offline"]) == 2
    assert "--offline forbids" in capsys.readouterr().err


def test_parquet_files_are_streamed(tmp_path):
    table = pa.table({"id": ["a", "b"], "at": pa.array([0, None], pa.date32())})
    pq.write_table(table, tmp_path / "train.parquet")
    found, told = read(tmp_path, split="train")
    assert found == [{"id": "a", "at": "1970-01-01"}, {"id": "b", "at": None}]
    assert [each["path"] for each in told["converted"]] == ["at"]
    assert told["notes"] == []
    assert read(tmp_path)[0] == found  # there is one split only


def test_what_datasets_makes_of_json_is_told(tmp_path):
    (tmp_path / "train.jsonl").write_text(
        '{"id": "a", "at": "2020-01-01T00:00:00"}\n{"id": "b", "more": {"x": 1}}\n'
    )
    found, told = read(tmp_path, split="train")
    assert found[1] == {"id": "b", "at": None, "more": {"x": 1}}
    assert [each["path"] for each in told["converted"]] == ["at"]
    assert [each["path"] for each in told["nulls"]] == ["at", "more"]
    assert "download and name the files" in told["notes"][0]


def test_what_is_not_there_is_named(tmp_path):
    (tmp_path / "train.jsonl").write_text('{"a": 1}\n')
    (tmp_path / "test.jsonl").write_text('{"a": 2}\n')
    with pytest.raises(InputError, match="has the splits train, test; name one with split="):
        read(tmp_path)
    with pytest.raises(InputError, match="Bad split: dev"):
        read(tmp_path, split="dev")
    with pytest.raises(InputError, match="'fr' not found"):
        read(tmp_path, split="test", config="fr")
    (tmp_path / "test.jsonl").write_text('{"a": 2}\n{"a": \n')
    with pytest.raises(InputError, match="cannot read it: JSON parse error"):
        read(tmp_path, split="test")


def test_a_branch_is_resolved_to_the_commit_that_a_resume_wants(tmp_path, monkeypatch):
    """Stands in for the hub at its edge: which commit it names, and where its files are."""
    folder = tmp_path / "d"
    folder.mkdir()
    (folder / "train.jsonl").write_bytes(b"".join(rows(40, r3="bad")))
    commits = iter([COMMIT, COMMIT, NEXT])
    api = SimpleNamespace(dataset_info=lambda *_, **__: SimpleNamespace(sha=next(commits)))
    monkeypatch.setattr("huggingface_hub.HfApi", lambda: api)

    @contextmanager
    def opened(argument, report):
        local = HubDataset("o/n", None, None, parse(argument).split)
        with streamed(str(folder), argument, report, local) as table:
            yield table

    monkeypatch.setattr(hub, "opened", opened)
    argument = "hf://datasets/o/n@main?split=train"
    # pathlib would fold the slashes, so the argument goes as it is
    crash([argument], tmp_path / "out", 10, 2, 0.0)
    facts = go("steps: [{use: word, do: drop}, {use: first, do: drop}, "
               "{use: word, name: later, with: {word: late}, do: flag}]",
               [argument], tmp_path / "out", lines=10)  # fmt: skip
    assert facts["inputs"][0]["name"] == f"hf://datasets/o/n@{COMMIT}?split=train"
    assert facts["counts"] | {"read": 40, "dropped": 1} == facts["counts"]
    with pytest.raises(ResumeError, match=f"was .*@{COMMIT}.*, now .*@{NEXT}"):
        go("steps: []", [argument], tmp_path / "out", lines=10)
