"""Arguments that name a place: a run directory may be a URL, any other file may not."""

import re
from pathlib import Path

import click
import pytest

from checks import rows, write
from curate.cli import main
from curate.cli.here import FOLDER_HERE, HERE
from curate.cli.places import NEW_RUN, RUN
from curate.errors import UsageError
from curate.io.remote.paths import RemotePath
from remote_runs import objects, place

SIGNED = "https://host/a.jsonl?X-Amz-Signature=5ec4e7"


def test_a_run_to_read_is_a_path_or_what_behaves_like_one() -> None:
    assert RUN.convert("runs/first", None, None) == Path("runs/first")
    there = RUN.convert("memory://bucket/first", None, None)
    assert isinstance(there, RemotePath)
    assert str(there) == "memory://bucket/first"


def test_a_run_to_write_is_a_path_or_a_url() -> None:
    assert NEW_RUN.convert("runs/first", None, None) == Path("runs/first")
    assert NEW_RUN.convert("memory://bucket/first", None, None) == "memory://bucket/first"


@pytest.mark.parametrize("kind", [RUN, NEW_RUN])
@pytest.mark.parametrize("url", [SIGNED, "s3://me:5ec4e7@bucket/run"])
def test_a_url_with_a_secret_names_no_run(kind: click.Path, url: str) -> None:
    with pytest.raises(UsageError) as caught:
        kind.convert(url, None, None)
    assert "5ec4e7" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["https://host/run", "HTTP://host/run", "hf://datasets/a/b/run", "s3://", "memory:///"]
)
def test_a_run_is_not_written_where_nothing_can_be(url: str) -> None:
    with pytest.raises(UsageError, match=r"a run is written to a folder or an object|names no pl"):
        NEW_RUN.convert(url, None, None)


def test_a_folder_of_this_machine_has_no_host() -> None:
    told = "file://127.0.0.1/x: a folder of this machine is file:///"
    with pytest.raises(UsageError, match=re.escape(told)):
        NEW_RUN.convert("file://127.0.0.1/x", None, None)


@pytest.mark.parametrize("kind", [HERE, FOLDER_HERE])
@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("s3://bucket/x", "^s3://bucket/x: is a URL, .*`aws s3 cp`$"),
        ("gs://bucket/x", "`gcloud storage cp`$"),
        (SIGNED, r"^https://host/a.jsonl\?…: is a URL"),
        ("sftp://me:5ec4e7@host/x", r"^sftp://…@host/x: .* or there afterwards$"),
    ],
)
def test_where_a_path_is_needed_a_url_is_refused(kind: click.Path, url: str, told: str) -> None:
    with pytest.raises(UsageError, match=told) as caught:
        kind.convert(url, None, None)
    assert "5ec4e7" not in str(caught.value)
    assert kind.convert("a/b", None, None) == Path("a/b")


WRITES = {
    "restore": ["restore", "RUN", "--out", "URL"],
    "export": ["export", "RUN", "--to", "URL"],
    "report": ["report", "RUN", "--json", "--output", "URL"],
    "init": ["init", "CORPUS", "--out", "URL"],
    "index": ["index", "build", "CORPUS", "--teacher-is", "me", "--out", "URL"],
    "gate": ["gate", "RUN", "--output", "URL"],
    "baseline": ["baseline", "RUN", "--output", "URL"],
    "cache": ["run", "PLAN", "CORPUS", "--out", "OUT", "--cache", "URL"],
    "plan": ["run", "URL", "CORPUS", "--out", "OUT"],
}


@pytest.mark.parametrize("verb", WRITES)
def test_no_command_makes_a_folder_of_a_url(
    verb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    corpus, plan = write(tmp_path / "c.jsonl", *rows(9)), tmp_path / "plan.yaml"
    plan.write_text("version: 1\nsteps: [{use: roles, do: drop}]", "utf-8")
    run, url = place(), f"{place()}/x.jsonl"
    assert main(["run", str(plan), str(corpus), "--out", run]) == 0
    named = {"RUN": run, "URL": url, "CORPUS": str(corpus), "PLAN": str(plan), "OUT": "out"}
    capfd.readouterr()
    assert main([named.get(each, each) for each in WRITES[verb]]) == 2
    assert f"{url}: is a URL, and only a path of this machine is taken" in capfd.readouterr().err
    assert {path.name for path in tmp_path.iterdir()} == {"c.jsonl", "plan.yaml"}
    assert not objects(url)


def test_offline_writes_to_no_store(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    corpus, plan = write(tmp_path / "c.jsonl", *rows(9)), tmp_path / "plan.yaml"
    plan.write_text("version: 1\nsteps: [{use: roles, do: drop}]", "utf-8")
    url = place()
    assert main(["run", str(plan), str(corpus), "--out", url, "--offline"]) == 2
    assert f"{url}: is written over the network, which --offline forbids" in capfd.readouterr().err
    assert not objects(url)
    assert main(["run", str(plan), str(corpus), "--out", url]) == 0
    capfd.readouterr()
    assert main(["audit", "residue", url, "--offline"]) == 2
    assert f"{url}: is read over the network, which --offline forbids" in capfd.readouterr().err
    assert main(["gate", url, "--offline"]) == 2
    assert f"{url}: is read over the network, which --offline forbids" in capfd.readouterr().err


def test_answers_are_not_remembered_in_a_folder_named_like_a_url(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CURATE_CACHE", "s3://bucket/cache")
    assert main(["doctor"]) == 2
    assert "--cache s3://bucket/cache: is a URL" in capsys.readouterr().err
