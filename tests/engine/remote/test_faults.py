"""A run whose store breaks: on uploads, on what a resumed run reads, and while it is looked at.

A real S3 server of this machine stands behind a proxy that breaks; needs moto[server] and s3fs.
"""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from checks import PLAN, files_of, go, rows, write
from curate.cli import main
from curate.errors import InputError, OutageError, UsageError
from curate.io.remote import deadlines, ranges, retrying
from curate.ledger import Layout
from remote_runs import away, corpus_of, objects
from remote_store import SECRET, Faults, bucket, put, s3

pytestmark = pytest.mark.slow

FAULTS = {
    "every third request": {"every": 3},
    "uploads": {"failing": 4, "only": "PUT"},
    "an upload that hangs": {"hanging": 1, "only": "PUT"},
    "answers to uploads": {"losing": 3, "only": "PUT"},
    "answers to reads": {"losing": 3, "only": "GET"},
    "bodies that are read": {"dropping": 3},
    "a body that trickles": {"trickling": 1},
    "too many requests": {"failing": 4, "status": 503},
}


@pytest.fixture(scope="module")
def server() -> Iterator[Faults]:
    with s3() as faults:
        yield faults


@pytest.fixture
def faults(server: Faults, monkeypatch: pytest.MonkeyPatch) -> Iterator[Faults]:
    monkeypatch.setattr(retrying, "FIRST_WAIT", 0.0)
    monkeypatch.setattr(deadlines, "ANSWER", 1.0)
    monkeypatch.setattr(deadlines, "LISTING", 2.0)
    monkeypatch.setattr(deadlines, "SLOWEST", 8 << 20)
    server.mend()
    yield server
    server.mend()


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return corpus_of(tmp_path)


def begun(corpus: Path, url: str, faults: Faults, going: int, **options: Layout) -> None:
    """Leave a run at `url` that lost its store after some requests."""
    faults.requests, faults.going = 0, going
    with pytest.raises(OutageError, match=r"s3://.* tries\); when the store is back"):
        away(corpus, url, **options)
    faults.mend()


@pytest.mark.parametrize("fault", FAULTS)
def test_what_breaks_for_a_while_changes_no_byte(
    faults: Faults, corpus: Path, tmp_path: Path, fault: str
) -> None:
    fresh, resumed = f"{bucket()}/fresh", f"{bucket()}/resumed"
    begun(corpus, resumed, faults, 40, layout=Layout(700, "zst"))
    for url, layout in ((fresh, Layout()), (resumed, Layout(700, "zst"))):
        go(PLAN, [corpus], tmp_path / url[-5:], lines=10, layout=layout)
        for name, value in FAULTS[fault].items():
            setattr(faults, name, value)
        away(corpus, url, layout=layout)
        faults.mend()
        assert objects(url) == files_of(tmp_path / url[-5:])


def test_a_store_that_goes_away_at_any_request_is_an_outage_that_resumes(
    faults: Faults, corpus: Path, tmp_path: Path
) -> None:
    go(PLAN, [corpus], tmp_path / "here", lines=10)
    whole = f"{bucket()}/whole"
    faults.mend()
    away(corpus, whole)
    requests = faults.requests
    for going in random.Random(0).sample(range(requests), 3):
        url = f"{bucket()}/torn"
        begun(corpus, url, faults, going)
        left = objects(url)
        assert "run.json" not in left or left["run.json"] == files_of(tmp_path / "here")["run.json"]
        begun(corpus, url, faults, min(going, 5))  # it is away again when the run wants to go on
        away(corpus, url)
        assert objects(url) == files_of(tmp_path / "here"), f"request {going}"


@pytest.mark.parametrize("fault", ["hanging", "trickling"])
def test_a_store_that_stands_still_is_an_outage(
    faults: Faults, corpus: Path, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retrying, "TRIES", 2)
    url = f"{bucket()}/still"
    begun(corpus, url, faults, 40)
    setattr(faults, fault, 10**6)
    with pytest.raises(OutageError, match=r"\(2 tries\)"):
        away(corpus, url)
    faults.mend()
    away(corpus, url)


def test_a_bucket_that_nobody_made_is_told_at_once(faults: Faults, corpus: Path) -> None:
    with pytest.raises(
        InputError, match=r"s3://nobody-made-this/.*: is not there: The specified b"
    ):
        away(corpus, "s3://nobody-made-this/run")


def test_who_may_not_write_is_told_at_once(faults: Faults, corpus: Path) -> None:
    url = f"{bucket()}/mine"
    faults.failing, faults.status, faults.only = 10**6, 403, "PUT"
    with pytest.raises(UsageError, match="access denied") as caught:
        away(corpus, url)
    assert SECRET not in str(caught.value)


def test_the_command_ends_with_three_and_no_traceback(
    faults: Faults, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    corpus = write(tmp_path / "c.jsonl", *rows(30))
    plan, url = tmp_path / "plan.yaml", f"{bucket()}/run"
    plan.write_text("version: 1\nsteps: [{use: roles, do: drop}]", "utf-8")
    arguments = ["run", str(plan), str(corpus), "--out", url, "--workers", "1"]
    faults.going = 6
    assert main(arguments) == 3
    told = capfd.readouterr().err
    assert "when the store is back, give the same command again" in told
    assert "Traceback" not in told
    assert SECRET not in told
    faults.mend()
    assert main(arguments) == 0
    assert main(["run", str(plan), str(corpus), "--out", str(tmp_path / "here")]) == 0
    assert objects(url) == files_of(tmp_path / "here")


LOOKS = {
    "show": ["show", "RUN", "--dropped"],
    "verify": ["verify", "RUN"],
    "report": ["report", "RUN", "--json"],
    "restore": ["restore", "RUN"],
    "compare": ["compare", "RUN", "RUN"],
    "export": ["export", "RUN", "--to", "OUT", "--force"],
    "sweep": ["sweep", "RUN", "--step", "word"],
    "gate": ["gate", "RUN"],
}


@pytest.fixture(scope="module")
def run(server: Faults, tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"{bucket()}/run"
    away(corpus_of(tmp_path_factory.mktemp("corpus")), url)
    return url


@pytest.mark.parametrize("look", LOOKS)
def test_whoever_looks_at_a_run_whose_store_breaks_is_told_so(
    faults: Faults, run: str, look: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr(ranges, "BLOCK", 512)
    places = {"RUN": run, "OUT": str(tmp_path / "rows.jsonl")}
    arguments = [places.get(each, each) for each in LOOKS[look]]
    faults.every = 3
    code, said = main(arguments), capfd.readouterr()
    faults.mend()
    assert (main(arguments), capfd.readouterr().out) == (code, said.out)
    requests = faults.requests
    for going in (0, requests // 2):
        faults.requests, faults.going = 0, going
        assert main(arguments) == 3
        told = capfd.readouterr()
        assert "(5 tries)" in told.err + told.out
        assert "Traceback" not in told.err
        assert SECRET not in told.err + told.out
        faults.mend()


def test_a_gate_takes_runs_and_reports_of_a_store(
    faults: Faults, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    run, policy = f"{bucket()}/run", tmp_path / "policy.yaml"
    away(write(tmp_path / "c.jsonl", *rows(30, r3="bad")), run)
    policy.write_text("version: 1\nrules: [hits.word <= 5]", "utf-8")
    assert main(["gate", run, "--policy", str(policy)]) == 0
    capfd.readouterr()
    assert main(["gate", run, f"{run}/", "--policy", str(policy)]) == 2
    assert "are the same run" in capfd.readouterr().err
    report = put(f"{bucket()}/audit.json", b'{"format": 1, "curate": "1", "card": "x"}')
    assert main(["gate", report]) == 2
    assert f"{report}: is no report of `curate audit transfer`" in capfd.readouterr().err
