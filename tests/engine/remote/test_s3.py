"""A run on a real S3 server of this machine; needs moto[server] and s3fs."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from checks import PLAN, files_of, go, rows, write
from curate.engine.remote.fetching import states
from curate.engine.remote.store import Store
from curate.ledger.places import directory
from curate.looking.verifying import verify
from remote_runs import away, corpus_of, objects
from remote_store import bucket, s3

pytestmark = pytest.mark.slow

AWAY = """
import sys
from pathlib import Path
from remote_runs import away
away(Path(sys.argv[1]), sys.argv[2], lines=50)
"""


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    with s3():
        yield bucket()


def test_a_run_on_s3_is_the_run_here(tmp_path: Path, store: str) -> None:
    corpus = corpus_of(tmp_path)
    go(PLAN, [corpus], tmp_path / "local", lines=10)
    away(corpus, f"{store}/first")
    assert objects(f"{store}/first") == files_of(tmp_path / "local")
    assert verify(directory(f"{store}/first")).problems.total == 0


def test_a_run_that_is_killed_goes_on_from_an_empty_machine(tmp_path: Path, store: str) -> None:
    url, corpus = f"{store}/killed", write(tmp_path / "c.jsonl", *rows(3000, r3="bad"))
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "TMPDIR": str(tmp_path)}
    reached = 0
    for more in (3, 4, 5):
        with subprocess.Popen(
            [sys.executable, "-c", AWAY, corpus, url], env=environment
        ) as process:
            aim = reached + more
            while process.poll() is None and reached < aim:
                reached = max(states(Store(url)), default=0)
            process.kill()
        assert process.returncode == -signal.SIGKILL
    assert "run.json" not in objects(url)
    away(corpus, url, lines=50)
    go(PLAN, [corpus], tmp_path / "local", lines=50)
    assert objects(url) == files_of(tmp_path / "local")
