"""Run, crash and check: what the tests of the engine share."""

import gzip
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import zstandard

from curate import ledger
from curate.api import Context
from curate.engine.run import Options, run
from curate.io import sources
from fakes import resolve

PLAN = """
steps:
  - {use: word, do: drop}
  - {use: first, do: drop}
  - {use: word, name: later, with: {word: late}, do: flag}
"""


class Stop(BaseException):
    """A crash."""


class Stopping:
    """Ends a run after some segments."""

    def __init__(self, left: int) -> None:
        self.left = left

    def __call__(self, *_: object) -> None:
        self.left -= 1
        if not self.left:
            raise Stop


def go(plan: str, files: list[Path], out: Path, **options: Any) -> dict[str, Any]:
    options = {"commit_every": 0.0, "workers": 1, "executor": "threads"} | options
    found = sources.expand([str(file) for file in files])
    return run(resolve(plan), found, out, Options(**options), Context())


def files_of(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(out.iterdir())}


def unpacked(file: Path) -> bytes:
    """Return the bytes of a file, decompressed by libraries alone."""
    data = file.read_bytes()
    if file.suffix == ".gz":
        return gzip.decompress(data)
    if file.suffix == ".zst":
        with zstandard.ZstdDecompressor().stream_reader(data, read_across_frames=True) as rows:
            return rows.read()
    return data


def write(path: Path, *lines: bytes) -> Path:
    path.write_bytes(b"".join(lines))
    return path


def rows(count: int, **special: str) -> list[bytes]:
    """Rows of messages; `special` maps `r<number>` to a word that row holds."""
    return [
        json.dumps(
            {"id": f"r{n}", "messages": [
                {"role": "user", "content": f"question {n}"},
                {"role": "assistant", "content": f"answer {n} {special.get(f'r{n}', '')}"},
            ]}
        ).encode() + b"\n"
        for n in range(count)
    ]  # fmt: skip


def check_conservation(content: bytes, out: Path, facts: dict[str, Any]) -> None:
    """Every line that is not blank is in exactly one row file, in order, byte for byte."""
    lines = [line for line in content.split(b"\n") if line.strip(b" \t\r\n")]
    parts = {fate: (out / name).read_bytes() for fate, name in ledger.ROWS.items()}
    queues = {fate: iter(part.split(b"\n")) for fate, part in parts.items()}
    entries = list(ledger.entries(out))
    assert len(entries) == len(lines) == facts["counts"]["read"]
    for line, entry in zip(lines, entries, strict=True):
        assert next(queues[entry.fate]) == line
    assert all(list(queue) == [b""] for queue in queues.values())
    assert facts["counts"]["read"] == sum(facts["counts"][fate] for fate in ledger.FATES)


def crash(
    corpus: Path | list[Path],
    out: Path,
    lines: int,
    at: int,
    commit_every: float,
    plan: str = PLAN,
    **more: Any,
) -> None:
    """Run until `at` segments are written, then die."""
    files = corpus if isinstance(corpus, list) else [corpus]
    count = 0

    def progress(*_: object) -> None:
        nonlocal count
        count += 1
        if count == at:
            raise Stop

    options = Options("threads", lines=lines, commit_every=commit_every, **more)
    with suppress(Stop):
        run(
            resolve(plan),
            sources.expand([str(file) for file in files]),
            out,
            options,
            Context(),
            progress,
        )


def tear(out: Path, garbage: bytes) -> None:
    """Leave half-written bytes at the end of every file, as a crash does."""
    for part in out.glob("*.part"):
        with part.open("ab") as file:
            file.write(garbage)
