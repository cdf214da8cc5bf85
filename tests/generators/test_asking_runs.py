"""`curate run` with a filter that asks a model: killed, cut off, out of money, played back.

The filter is a plugin of its own, installed for the test, as a third party's would be.
"""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from checks import files_of, rows
from endpoints import Asked, Endpoint, Reply, answer

SECRET = "sk-live-f00dfacef00dfacef00dface-DO-NOT-PRINT"
PLUGIN = '''
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from curate.api import Filter, Generator, Inner, Message, Prompt, Verdict, hookimpl


class Asks(Filter):
    """Scores the length of what a model says about a response."""

    name: ClassVar[str] = "asks"
    high: ClassVar[float] = 1000.0
    concurrent: ClassVar[bool] = True
    generator: Inner[Generator]

    @contextmanager
    def open(self, ctx):
        with self.generator.open(ctx) as talker:
            def judge(records):
                said = [(Message("user", record.response),) for record in records]
                prompts = [Prompt(messages, max_tokens=10) for messages in said]
                return [
                    Verdict(float(len(c.text)), "asked", {"raw": c.text})
                    for c in talker.generate(prompts)
                ]
            yield judge


@hookimpl
def curate_filters():
    return [Asks]
'''
LINES = 2400
"""A segment, and a fifth of the next one."""


@pytest.fixture
def folder(tmp_path: Path, endpoint: Endpoint) -> Path:
    """A corpus, a plan that asks the endpoint about each row, and the plugin."""
    plugin = tmp_path / "plugin"
    info = plugin / "asks_plugin-1.0.dist-info"
    info.mkdir(parents=True)
    (plugin / "asks_plugin.py").write_text(PLUGIN)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: asks-plugin\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[curate.plugins]\nasks = asks_plugin\n")
    write_corpus(tmp_path, LINES)
    write_plan(tmp_path, endpoint)
    return tmp_path


def write_corpus(folder: Path, lines: int) -> None:
    (folder / "corpus.jsonl").write_bytes(b"".join(rows(lines)))


def write_plan(folder: Path, endpoint: Endpoint, **options: Any) -> None:
    options = {"model": "m", "base_url": endpoint.url, "concurrency": 16, "retries": 1} | options
    step = {"use": "asks", "with": {"generator": {"use": "openai", "with": options}}}
    (folder / "plan.yaml").write_text(json.dumps({"steps": [step | {"when": {"at_least": 1}}]}))


def start(folder: Path, out: str, *more: str, **variables: str) -> subprocess.Popen[str]:
    paths = [str(folder / "plugin"), os.environ.get("PYTHONPATH", "")]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
        "OPENAI_API_KEY": SECRET,
        "CURATE_CACHE": str(folder / "cache"),
        **variables,
    }
    command = [sys.executable, "-m", "curate", "run", "plan.yaml", "corpus.jsonl", "--out", out]
    return subprocess.Popen(
        [*command, *more], cwd=folder, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip


def curate(folder: Path, out: str, *more: str, **variables: str) -> tuple[int, str, str]:
    process = start(folder, out, *more, **variables)
    said, complained = process.communicate(timeout=100)
    return process.returncode, said, complained


def quick(asked: Asked) -> Reply:
    return answer(f"re: {asked.said}", delay=0.002)


def until(happens: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not happens():
        assert time.monotonic() < deadline
        time.sleep(0.005)


@pytest.mark.slow
def test_kill_9_repeats_no_more_than_was_on_its_way(folder: Path, endpoint: Endpoint) -> None:
    endpoint.script = quick
    kills = 3
    for kill in range(1, kills + 1):
        process = start(folder, "out")
        until(lambda kill=kill: len(endpoint.asked) > kill * 700)  # the last in segment 2
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        assert not (folder / "out" / "run.json").exists()
    code, said, complained = curate(folder, "out")
    assert (code, complained) == (0, "")
    assert f"read {LINES:,} = kept {LINES:,} + dropped 0 + quarantined 0" in said
    times = endpoint.texts()
    assert len(times) == LINES
    assert sum(times.values()) - LINES <= kills * 16
    assert curate(folder, "whole")[0] == 0
    assert sum(endpoint.texts().values()) == sum(times.values())  # all from the cache
    assert files_of(folder / "out") == files_of(folder / "whole")


@pytest.mark.slow
def test_an_endpoint_that_dies_half_way_ends_the_run_as_incomplete(
    folder: Path, endpoint: Endpoint
) -> None:
    endpoint.script = lambda asked: quick(asked) if len(endpoint.asked) < 2200 else Reply({}, 503)
    code, said, complained = curate(folder, "out")
    assert (code, said) == (3, "")
    assert "does not answer, asked 2 times: HTTP 503" in complained
    assert "run the same command again" in complained
    assert not (folder / "out" / "kept.jsonl").exists()
    endpoint.script = quick
    answered = endpoint.texts()
    code, said, _ = curate(folder, "out")
    assert code == 0
    assert f"kept {LINES:,}" in said
    again = endpoint.texts() - answered
    assert sum(again.values()) <= LINES - 2199 + 16


@pytest.mark.slow
def test_a_replay_is_the_same_run_without_an_endpoint(folder: Path, endpoint: Endpoint) -> None:
    endpoint.script = quick
    assert curate(folder, "asked")[0] == 0
    endpoint.script = lambda _: Reply({}, 500)
    code, _, complained = curate(folder, "replayed", "--replay", "--offline", OPENAI_API_KEY="")
    assert (code, complained) == (0, "")
    assert files_of(folder / "asked") == files_of(folder / "replayed")
    assert len(endpoint.asked) == LINES
    code, _, complained = curate(folder, "other", "--replay", "--cache", "empty")
    assert code == 3
    assert re.search(r"([\d,]+) of \1 answers are not in the cache", complained)


@pytest.mark.slow
def test_a_budget_ends_the_run_and_a_wider_one_goes_on(folder: Path, endpoint: Endpoint) -> None:
    endpoint.script = quick
    write_corpus(folder, lines := 1000)
    write_plan(folder, endpoint, price={"in": 0, "out": 1e6})  # 5 an answer, at most 10
    code, _, complained = curate(folder, "out", "--max-cost", "3000")
    assert code == 3
    assert "the budget is spent: 299" in complained
    assert "give a higher --max-cost" in complained
    assert 590 <= len(endpoint.asked) <= 600
    assert curate(folder, "out", "--max-cost", "1e9")[0] == 0
    assert len(endpoint.asked) == lines


def test_a_budget_is_not_kept_by_processes(folder: Path, endpoint: Endpoint) -> None:
    arguments = ("--max-cost", "1", "--executor", "processes")
    code, _, complained = curate(folder, "out", *arguments)
    assert code == 2
    assert "--max-cost needs --executor threads" in complained
    for amount in ("nan", "-1"):
        assert curate(folder, "out", "--max-cost", amount)[0] == 2


@pytest.mark.slow
def test_the_last_slow_answers_of_a_segment_hold_up_nobody(
    folder: Path, endpoint: Endpoint
) -> None:
    """One answer of the first segment does not come before all of the third was asked."""
    everything, in_time, lines = threading.Event(), [], 4001
    write_corpus(folder, lines)

    def script(asked: Asked) -> Reply:
        if asked.said == "answer 1999 ":
            in_time.append(everything.wait(60))
        elif len(endpoint.asked) >= lines - 1:
            everything.set()
        return answer("")

    endpoint.script = script
    assert curate(folder, "out")[0] == 0
    assert in_time == [True]


def test_a_row_that_the_endpoint_refuses_is_quarantined_and_no_other(
    folder: Path, endpoint: Endpoint
) -> None:
    def script(asked: Asked) -> Reply:
        return Reply({}, 400) if asked.said == "answer 7 " else quick(asked)

    endpoint.script = script
    plan = json.loads((folder / "plan.yaml").read_text())
    code, _, complained = curate(folder, "out", "--limit", "100")
    assert code == 3
    assert "step 'asks' failed on corpus.jsonl:8: Refused: the endpoint refuses" in complained
    plan["steps"][0]["on_error"] = "quarantine"
    (folder / "plan.yaml").write_text(json.dumps(plan))
    code, said, _ = curate(folder, "out", "--limit", "100", "--fresh")
    assert code == 0
    assert "read 100 = kept 99 + dropped 0 + quarantined 1" in said
    assert all(endpoint.texts()[f"answer {n} "] == 1 for n in range(100) if n != 7)


def test_ctrl_c_ends_a_run_that_waits(folder: Path, endpoint: Endpoint) -> None:
    endpoint.script = lambda _: answer("", delay=20)
    process = start(folder, "out")
    until(lambda: len(endpoint.asked) == 16)
    begun = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    _, complained = process.communicate(timeout=60)
    assert process.returncode == 130
    assert complained == "curate: interrupted; the same command goes on from here\n"
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize("fault", ["none", "401", "500", "400", "echo"])
def test_the_key_is_nowhere(folder: Path, endpoint: Endpoint, fault: str) -> None:
    """Not in what is printed, not in the run directory, not in the cache, not with --json."""

    def script(asked: Asked) -> Reply:
        if fault == "none":
            return quick(asked)
        told = {"error": {"message": f"wrong: {asked.headers['authorization']}"}}
        return Reply(told, 200 if fault == "echo" else int(fault))

    endpoint.script = script
    code, said, complained = curate(folder, "out", "--json", "--limit", "50")
    assert code == {"none": 0, "401": 2, "500": 3, "400": 2, "echo": 3}[fault]
    assert endpoint.asked[0].headers["authorization"] == f"Bearer {SECRET}"
    written = [file.read_bytes() for file in folder.rglob("*") if file.is_file()]
    for text in (said.encode(), complained.encode(), *written):
        assert SECRET.encode() not in text


def test_the_key_is_in_no_debug_log(folder: Path, endpoint: Endpoint) -> None:
    (folder / "plugin" / "sitecustomize.py").write_text(
        "import logging; logging.basicConfig(level=logging.DEBUG)"
    )
    code, said, complained = curate(folder, "out", "--limit", "5")
    assert code == 0
    assert "httpcore" in complained
    assert SECRET not in said + complained
