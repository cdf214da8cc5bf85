"""Bytes are on disk before the state, or the name, that makes them count."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from checks import PLAN, go, rows, write
from curate.engine.appender import Appender
from curate.ledger import PART, RUN, STATE, Layout


class Disk:
    """What would be left if the power went: how much of each file was synced."""

    def __init__(self) -> None:
        self.synced: dict[int, int] = {}
        """Inode -> bytes."""
        self.commits = 0

    def fsync(self, number: int) -> None:
        told = os.fstat(number)
        self.synced[told.st_ino] = told.st_size

    def has(self, path: Path, size: int) -> bool:
        return size <= self.synced.get(path.stat().st_ino, 0)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    """A disk that checks every file which gets its name."""
    disk, replace = Disk(), os.replace

    def check(old: Any, new: Any) -> None:
        old, new = Path(old), Path(new)
        assert disk.has(old, old.stat().st_size), f"{new.name} was not synced"
        if new.name == STATE:
            disk.commits += 1
            for name, size in counted(json.loads(old.read_text())).items():
                assert disk.has(new.with_name(name + PART), size), f"{name} was not synced"
        if new.name == RUN:
            for path in new.parent.iterdir():
                assert disk.has(path, path.stat().st_size), f"{path.name} was not synced"
        if new.exists():  # its inode may soon be another file's
            del disk.synced[new.stat().st_ino]
        replace(old, new)

    monkeypatch.setattr(os, "fsync", disk.fsync)
    monkeypatch.setattr(os, "replace", check)
    return disk


def counted(state: dict[str, Any]) -> dict[str, int]:
    """Return how many bytes of each file count by a state."""
    sizes = {}
    for name, saved in state["sizes"].items():
        if isinstance(saved, int):
            sizes[name] = saved
            continue
        shards = saved["complete"]
        sizes |= {shard["name"]: shard["bytes"] for shard in shards}
        sizes[shard_name(name, len(shards))] = saved["stored"]
    return sizes


def shard_name(output: str, number: int) -> str:
    return f"{output.removesuffix('.jsonl')}-{number:05}.jsonl.zst"


@pytest.mark.parametrize("layout", [Layout(), Layout(100, "zst")], ids=["plain", "shards"])
def test_what_counts_was_synced_before(tmp_path: Path, disk: Disk, layout: Layout) -> None:
    corpus = write(tmp_path / "c.jsonl", *rows(40, r3="bad", r31="late"))
    go(PLAN, [corpus], tmp_path / "out", lines=5, layout=layout)
    assert disk.commits >= 8
    assert (tmp_path / "out" / RUN).exists()


@pytest.mark.parametrize(
    "forget", [lambda _self: None, lambda self: self._file.flush()], ids=["nothing", "flush"]
)
def test_the_check_has_power(
    tmp_path: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch, forget: Callable[[Appender], None]
) -> None:
    monkeypatch.setattr(Appender, "sync", forget)
    corpus = write(tmp_path / "c.jsonl", *rows(40))
    with pytest.raises(AssertionError, match="was not synced"):
        go(PLAN, [corpus], tmp_path / "out", lines=5)
