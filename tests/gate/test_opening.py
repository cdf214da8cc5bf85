"""What the targets of a gate are, by path and by URL."""

import json
from pathlib import Path

import pytest

from checks import PLAN, go, rows, write
from curate.cli import main
from curate.errors import InputError, UsageError
from curate.gate.audits import Report
from curate.gate.opening import opened
from curate.io.remote import retrying
from remote_runs import away, place
from remote_store import put, web

REPORT = {
    "format": 1,
    "curate": "1.0",
    "card": "refusal",
    "verdicts": [{"word": "removed", "because": "so"}],
}
"""The fields of a saved report that a gate reads."""


@pytest.fixture
def there(tmp_path: Path) -> str:
    """Return a place with a corpus, a run and a report."""
    url, corpus = place(), write(tmp_path / "c.jsonl", *rows(12, r3="bad"))
    away(corpus, f"{url}/run")
    put(f"{url}/c.jsonl", corpus.read_bytes())
    put(f"{url}/audit.json", json.dumps(REPORT).encode())
    return url


def test_urls_are_told_apart_as_paths_are(there: str) -> None:
    names = [f"{there}/{name}" for name in ("audit.json", "run", "c.jsonl")]
    found = opened(names, "auto")
    assert [each.name for each in found.corpora] == [f"{there}/c.jsonl"]
    assert [str(run) for run in found.runs] == [f"{there}/run"]
    assert found.reports == (Report(f"{there}/audit.json", "refusal", "removed", "so"),)


def test_a_run_that_is_named_twice_is_refused(there: str, tmp_path: Path) -> None:
    here = tmp_path / "run"
    go(PLAN, [tmp_path / "c.jsonl"], here, lines=10)
    link = tmp_path / "link"
    link.symlink_to(here)
    for first, second, told in (
        (f"{there}/run", f"{there}/run", "is named twice"),
        (f"{there}/run", f"{there}/run/", "are the same run"),
        (str(here), str(link), "are the same run"),
    ):
        with pytest.raises(InputError, match=told):
            opened([first, second], "auto")
    assert len(opened([f"{there}/run", str(here)], "auto").runs) == 2


@pytest.mark.parametrize("name", ["run", "c.jsonl", "audit.json"])
def test_offline_refuses_every_url(there: str, name: str) -> None:
    with pytest.raises(UsageError, match="which --offline forbids"):
        opened([f"{there}/{name}"], "auto", offline=True)


def test_what_is_not_there_is_told(there: str) -> None:
    with pytest.raises(InputError, match=r"/rnu: no such object; did you mean 'run'"):
        opened([f"{there}/rnu"], "auto")
    with pytest.raises(InputError, match="is a folder; name its files"):
        opened([there], "auto")


def test_a_report_of_a_web_server_is_known_without_its_signature(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("aiohttp")
    monkeypatch.setattr(retrying, "FIRST_WAIT", 0.0)
    with web({"/audit.json": json.dumps(REPORT).encode()}, ranged=False) as (url, faults):
        faults.failing = 2
        found = opened([f"{url}/audit.json?X-Amz-Signature=5ec4e7"], "auto")
        assert found.reports == (Report(f"{url}/audit.json", "refusal", "removed", "so"),)


def test_a_gate_over_a_run_of_a_store_is_the_gate_over_the_run_here(
    there: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    here = tmp_path / "run"
    go(PLAN, [tmp_path / "c.jsonl"], here, lines=10)
    said = []
    for run in (str(here), f"{there}/run"):
        code = main(["gate", run])
        said.append((code, capfd.readouterr().out.replace(run, "RUN")))
    assert said[0] == said[1]
    assert said[0][0] == 1
