"""`curate run` in a process of its own, watched from outside."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import orjson

PATIENCE = 90.0
"""Seconds that a run may take to get somewhere."""


class Runs:
    """Runs of one plan over one corpus.

    Args:
        folder: Where the plan, the corpus and the outputs are.
        plan: The plan.
        rows: What is asked and answered.
        surroundings: The variables of the process.
    """

    def __init__(
        self, folder: Path, plan: str, rows: list[tuple[str, str]], surroundings: dict[str, str]
    ) -> None:
        self.folder, self.surroundings = folder, surroundings
        self.plan, self.corpus = folder / "plan.yaml", folder / "rows.jsonl"
        self.plan.write_text(plan, "utf-8")
        self.corpus.write_text("".join(_line(*row) for row in rows), "utf-8")

    def start(self, out: str, *options: str) -> "Process":
        """Start a run."""
        command = [sys.executable, "-m", "curate", "run", self.plan, self.corpus]
        process = subprocess.Popen(
            [*command, "--out", self.folder / out, *options],
            env={**os.environ, **self.surroundings},
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        return Process(process, self.folder / out)

    def files(self, out: str, *options: str) -> dict[str, bytes]:
        """Run to the end and return the files."""
        code, said = self.start(out, *options).ended()
        assert code == 0, said
        return self.written(out)

    def written(self, out: str) -> dict[str, bytes]:
        return {file.name: file.read_bytes() for file in (self.folder / out).iterdir()}


class Process:
    """A run that goes on."""

    def __init__(self, process: subprocess.Popen[str], out: Path) -> None:
        self._process, self._state = process, out / "state.json"

    def committed(self, segments: int) -> None:
        """Wait until so many segments are committed."""
        deadline = time.monotonic() + PATIENCE
        while self._segments() < segments:
            assert self._process.poll() is None, self.ended()
            assert time.monotonic() < deadline, f"{self._segments()} segments in {PATIENCE:g} s"
            time.sleep(0.02)

    def send(self, number: signal.Signals, everyone: bool = False) -> None:
        """Send a signal; to everyone: also to what the run started, as a terminal does."""
        if everyone:
            os.killpg(self._process.pid, number)
        else:
            self._process.send_signal(number)

    def ended(self) -> tuple[int, str]:
        """Wait for its end, and return its exit code and what it said."""
        try:
            _, said = self._process.communicate(timeout=PATIENCE)
        finally:
            self._process.kill()
        return self._process.returncode, said

    def _segments(self) -> int:
        try:
            state: dict[str, Any] = orjson.loads(self._state.read_bytes())
        except FileNotFoundError:
            return 0
        return int(state["segments"])


def _line(prompt: str, response: str) -> str:
    messages = [
        {"role": "user", "content": prompt},
        {"role": "assistant", "content": response},
    ]
    return json.dumps({"messages": messages}) + "\n"
