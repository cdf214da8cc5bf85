"""Runs on a data set of a hub, asked by the real clients over the loopback."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from checks import rows
from fake_hub import REPO, Hub, serving

FIRST, SECOND = "1" * 40, "2" * 40
ROWS = [json.loads(line) for line in rows(60, r3="bad")]


def parquet(values: list) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(values), file)
    return file.getvalue()


@pytest.fixture
def hub():
    hub = Hub()
    hub.commit(FIRST, train__parquet=parquet(ROWS), test__parquet=parquet(ROWS[:5]))
    with serving(hub) as found:
        yield found


def curate(hub: Hub, folder: Path, *arguments: str) -> tuple[int, str]:
    """Run curate in a process of its own, whose hub is this one."""
    environment = os.environ | {"HF_ENDPOINT": hub.url, "HF_HOME": str(folder / "hf")}
    environment.pop("HF_HUB_OFFLINE", None)
    done = subprocess.run(
        [sys.executable, "-m", "curate", *arguments],
        check=False,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.slow
def test_a_branch_is_read_at_its_commit_and_stays_there(hub, tmp_path):
    (tmp_path / "plan.yaml").write_text("steps: []\n")
    run = ["run", "plan.yaml", f"hf://datasets/{REPO}?split=train", "--out", "r", "--workers", "1"]
    code, said = curate(hub, tmp_path, *run)
    assert code == 0, said
    name = f"hf://datasets/{REPO}@{FIRST}?split=train"
    assert f"{name}: 60 lines, shape messages" in said
    kept = [json.loads(line) for line in (tmp_path / "r" / "kept.jsonl").read_text().splitlines()]
    assert kept == ROWS
    hub.commit(SECOND, train__parquet=parquet(ROWS[:50]))
    code, said = curate(hub, tmp_path, *run)
    assert code == 2
    assert f'was "{name}", now "hf://datasets/{REPO}@{SECOND}?split=train"' in said
    code, said = curate(hub, tmp_path, "verify", "r", "--inputs")  # from the first commit
    assert code == 0, said


@pytest.mark.slow
def test_what_the_hub_does_not_have(hub, tmp_path):
    (tmp_path / "plan.yaml").write_text("steps: []\n")
    for argument, message in (
        ("hf://datasets/org/other", "the hub has no such data set"),
        (f"hf://datasets/{REPO}@dev", "the data set has no revision 'dev'"),
        (f"hf://datasets/{REPO}", "has the splits train, test; name one with split="),
    ):
        code, said = curate(hub, tmp_path, "run", "plan.yaml", argument, "--out", "r")
        assert code == 2
        assert message in said
