"""Run directories by URL: what is refused, and what is told where one lacks a file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import fsspec
import pytest

from checks import PLAN, files_of, go
from curate import ledger
from curate.cli import main
from curate.errors import UsageError
from curate.io.remote.paths import RemotePath
from curate.ledger import OUTPUTS, RUN
from curate.ledger.places import check_offline, check_url, directory
from curate.looking.verifying import verify
from remote_runs import away, corpus_of, objects, place

SECRETS = [
    "s3://me:5ec4e7@bucket/run",
    "s3://5ec4e7@bucket/run",
    "https://host/run?X-Amz-Signature=5ec4e7",
    "s3://bucket/run?versionId=5ec4e7",
    "s3://bucket/run#5ec4e7",
]
LOOKS = {
    "show": ["show", "RUN"],
    "verify": ["verify", "RUN"],
    "report": ["report", "RUN", "--json"],
    "restore": ["restore", "RUN"],
    "export": ["export", "RUN", "--to", "OUT", "--force"],
    "gate": ["gate", "RUN"],
    "compare": ["compare", "RUN", "RUN"],
}


@pytest.mark.parametrize("take", [check_url, directory])
@pytest.mark.parametrize("url", SECRETS)
def test_a_url_with_a_secret_is_refused_and_not_repeated(
    take: Callable[[str], Any], url: str
) -> None:
    with pytest.raises(UsageError) as caught:
        take(url)
    assert "5ec4e7" not in str(caught.value)


@pytest.mark.parametrize("url", ["s3://bucket", "s3://bucket/a@b/run", "memory://x/run/"])
def test_a_url_that_names_a_folder_is_taken(url: str) -> None:
    check_url(url)


def test_a_path_stays_a_path() -> None:
    assert directory("runs/first") == Path("runs/first")
    assert directory("hf://datasets/a/b") == Path("hf://datasets/a/b")  # no run writes there


def test_a_protocol_that_nobody_speaks_is_told() -> None:
    with pytest.raises(UsageError, match="nothing here reads nowhere"):
        directory("nowhere://a/run")


@pytest.mark.parametrize("offline", [True, False])
def test_offline_refuses_what_is_on_a_store(tmp_path: Path, offline: bool) -> None:
    check_offline(tmp_path, offline=offline)
    there = directory(place())
    if not offline:
        check_offline(there, offline=offline)
        return
    with pytest.raises(UsageError, match="is read over the network, which --offline forbids"):
        check_offline(there, offline=offline)


def test_a_run_by_its_url_is_the_run_here(tmp_path: Path) -> None:
    corpus, url = corpus_of(tmp_path), place()
    go(PLAN, [corpus], tmp_path / "here", lines=10)
    away(corpus, url)
    there = directory(url)
    assert isinstance(there, RemotePath)
    assert ledger.summary(there) == ledger.summary(tmp_path / "here")
    assert list(ledger.entries(there)) == list(ledger.entries(tmp_path / "here"))
    assert {path.name for path in there.iterdir()} == files_of(tmp_path / "here").keys()
    assert not verify(there).problems.total


@pytest.mark.parametrize("look", LOOKS)
def test_whoever_looks_at_a_run_that_lacks_a_file_is_told_so(
    tmp_path: Path, look: str, capfd: pytest.CaptureFixture[str]
) -> None:
    url = place()
    away(corpus_of(tmp_path), url)
    fs, root = fsspec.url_to_fs(url)
    places = {"RUN": url, "OUT": str(tmp_path / "rows.jsonl")}
    arguments = [places.get(each, each) for each in LOOKS[look]]
    whole = main(arguments), capfd.readouterr().out
    for name in (RUN, *OUTPUTS):
        data = objects(url)[name]
        fs.rm_file(f"{root}/{name}")
        code, told = main(arguments), capfd.readouterr()
        fs.pipe_file(f"{root}/{name}", data)
        assert "Traceback" not in told.err
        if (code, told.out) == whole:  # it does not need the file
            assert name != RUN
            continue
        assert code in (2, 3)
        lacking = "is a folder" if (look, name) == ("export", RUN) else name
        assert lacking in told.err + told.out
