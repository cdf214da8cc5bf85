"""`transformers serve` with a tiny model: a real endpoint, and what its faults really are."""

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from curate.api import Context
from curate.errors import OutageError, UsageError
from curate.generators.hf import HuggingFace
from curate.generators.openai import OpenAI
from talking import prompt, texts

for package in ("httpx", "torch", "transformers", "fastapi", "uvicorn"):
    pytest.importorskip(package)

from tiny_llama import WORDS, save  # noqa: E402  (it needs torch and transformers)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
PROMPTS = [
    prompt(f"{WORDS[n % 19]} {WORDS[n * 7 % 19]} {WORDS[n * 5 % 17]}", max_tokens=8)
    for n in range(24)
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save(tmp_path_factory.mktemp("tiny-llama"))


@contextmanager
def serving(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    command = [str(Path(sys.executable).with_name("transformers")), "serve", str(folder)]
    process = subprocess.Popen(
        [*command, "--device", "cpu", "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(process, f"http://127.0.0.1:{port}/health")
        yield process
    finally:
        process.kill()
        process.wait()


def wait_for(process: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + 120
    while True:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            assert process.poll() is None, "the server ended"
            assert time.monotonic() < deadline, "the server does not come up"
            time.sleep(0.2)


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_a_real_server_says_what_the_model_says_and_can_die(
    folder: Path, port: int, tmp_path: Path
) -> None:
    with HuggingFace(model=str(folder), device="cpu").open(Context()) as talker:
        expected = texts(talker.generate(PROMPTS))
    ctx = Context(cache=tmp_path)
    remote = OpenAI(
        model=str(folder), base_url=f"http://127.0.0.1:{port}/v1", concurrency=4, retries=1
    )
    with serving(folder, port) as server, remote.open(ctx) as talker:
        first = talker.generate(PROMPTS[:12])
        assert texts(first) == expected[:12]
        assert all(each.tokens_in > 0 and each.tokens_out > 0 for each in first)
        with pytest.raises(UsageError, match="gives no log-likelihoods that can be trusted"):
            talker.log_likelihood(PROMPTS[:1], [" cat"])
        server.kill()
        server.wait()
        with pytest.raises(OutageError, match="does not answer, asked 2 times: ConnectError"):
            talker.generate(PROMPTS)
    with serving(folder, port), remote.open(ctx) as talker:
        assert texts(talker.generate(PROMPTS)) == expected
    with remote.open(Context(cache=tmp_path, replay=True)) as talker:
        assert texts(talker.generate(PROMPTS)) == expected
