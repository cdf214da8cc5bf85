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

pytestmark = pytest.mark.slow

AWAY = """
import sys
from pathlib import Path
from remote_runs import away
away(Path(sys.argv[1]), sys.argv[2], lines=50)
"""


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    for needed in ("moto", "s3fs"):
        pytest.importorskip(needed)
    import fsspec
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("AWS_ACCESS_KEY_ID", "nobody")
        patched.setenv("AWS_SECRET_ACCESS_KEY", "not-a-secret-of-anybody")
        patched.setenv("AWS_DEFAULT_REGION", "us-east-1")
        patched.setenv("AWS_ENDPOINT_URL_S3", f"http://{host}:{port}")
        fsspec.filesystem("s3").mkdir("runs-of-tests")
        yield "s3://runs-of-tests"
    server.stop()


def test_a_run_on_s3_is_the_run_here(tmp_path: Path, bucket: str) -> None:
    corpus = corpus_of(tmp_path)
    go(PLAN, [corpus], tmp_path / "local", lines=10)
    away(corpus, f"{bucket}/first")
    assert objects(f"{bucket}/first") == files_of(tmp_path / "local")
    assert verify(directory(f"{bucket}/first")).problems.total == 0


def test_a_run_that_is_killed_goes_on_from_an_empty_machine(tmp_path: Path, bucket: str) -> None:
    url, corpus = f"{bucket}/killed", write(tmp_path / "c.jsonl", *rows(3000, r3="bad"))
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
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
