"""The checks of a run's promises catch an engine that breaks them.

Each fault is planted in the engine on purpose; the check that stands for the promise must fail.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from checks import check_conservation, crash, files_of, go, rows, tear, write
from curate import ledger
from curate.engine import one_pass, rundir
from curate.engine import run as engine
from curate.engine.rundir import Appender
from curate.engine.second_look import SecondLook
from curate.errors import CurateError
from curate.io.reading import Reader

BATCHES = "steps: [{use: batch}, {use: slow, with: {seconds: 0.002}}, {use: first, do: drop}]"


def check_workers(folder: Path) -> None:
    """Any number of workers writes the same bytes."""
    lines = rows(60, r0="slow")
    corpus = write(folder / "c.jsonl", *lines, *lines[:30])
    written = []
    for workers in (1, 4):
        options = {"lines": 10, "workers": workers, "executor": "processes"}
        go(BATCHES, [corpus], folder / str(workers), **options)
        written.append(files_of(folder / str(workers)))
    assert written[0] == written[1]


def check_resume(folder: Path) -> None:
    """A crash with half-written files, then a resume, gives the same bytes."""
    corpus = write(folder / "c.jsonl", *rows(40, r3="bad"))
    go("steps: [{use: word, do: drop}]", [corpus], folder / "whole", lines=10)
    crash(corpus, folder / "out", 10, 2, 0.0, "steps: [{use: word, do: drop}]")
    tear(folder / "out", b"torn")
    go("steps: [{use: word, do: drop}]", [corpus], folder / "out", lines=10)
    assert files_of(folder / "whole") == files_of(folder / "out")


def check_bytes(folder: Path) -> None:
    """A kept line is written byte for byte."""
    content = b'{"b": 1.0, "a": 99999999999999999999}\r\n{"a":1,"a":2}\n{"s": "\\u00e9"}\n'
    corpus = write(folder / "c.jsonl", content)
    facts = go("steps: []", [corpus], folder / "out")
    check_conservation(content, folder / "out", facts)


def check_rewrites(folder: Path) -> None:
    """A new text is clean, other rows keep their bytes, and the corpus can be given back."""
    lines = rows(30, r3="bad", r11="bad")
    lines.insert(7, b"\n")
    corpus = write(folder / "c.jsonl", *lines)
    texts = "[a bad answer, I cannot help with that., a good answer]"
    do = f"{{rewrite: {{use: says, with: {{texts: {texts}}}}}, otherwise: flag}}"
    facts = go(f"steps: [{{use: word, do: {do}}}]", [corpus], folder / "out", lines=10)
    kept = (folder / "out" / "kept.jsonl").read_bytes().splitlines(keepends=True)
    assert [new == old for new, old in zip(kept, filter(bytes.strip, lines), strict=True)] == [
        n not in (3, 11) for n in range(30)
    ]
    assert all(b"a good answer" in kept[n] for n in (3, 11))
    assert facts["steps"][0]["rewrite"]["refused"] == {"still_hit": 2, "guard:refusals": 2}
    assert b"".join(line for _, line in ledger.originals(folder / "out")) == b"".join(lines)


def segments_by_workers(patch: pytest.MonkeyPatch) -> None:
    """Batches that cross segments: their size depends on the workers."""
    plain = engine.run

    def run(resolved: Any, sources: Any, out: Any, options: Any, *rest: Any) -> Any:
        factor = options.workers
        patch.setattr(engine, "Reader", lambda s, lines, size: Reader(s, lines * factor, size))
        return plain(resolved, sources, out, options, *rest)

    patch.setattr("checks.run", run)


def completion_order(patch: pytest.MonkeyPatch) -> None:
    """Segments are written as they are finished."""
    advance = one_pass.Pass._advance

    def eager(self: Any) -> None:
        self.jobs = type(self.jobs)(sorted(self.jobs, key=lambda job: not job.judged))
        self.admitted = [job.segment.number for job in list(self.jobs)[:1]] * len(self.stages)
        advance(self)

    def find(self: Any, number: int, task: Any, outcome: Any) -> None:
        job = next(job for job in self.jobs if job.segment.number == number)
        if job.part is None:
            job.part = outcome
        else:
            job.part.join(outcome, task.alive or ())
        job.judged = True

    patch.setattr(one_pass.Pass, "_advance", eager)
    patch.setattr(one_pass.Pass, "_receive", find)


def no_cut_back(patch: pytest.MonkeyPatch) -> None:
    """Files are not cut back to the last commit."""
    init = Appender.__init__

    def keep_all(self: Appender, path: Path, keep: int) -> None:
        init(self, path, path.stat().st_size if path.exists() else keep)

    patch.setattr(Appender, "__init__", keep_all)


def re_serialised(patch: pytest.MonkeyPatch) -> None:
    """Rows are written from the decoded view."""
    plain = rundir.row_lines

    def encode(part: Any, data: bytes, fate: int) -> bytes:
        lines = plain(part, data, fate).splitlines()
        return b"".join(orjson.dumps(orjson.loads(line)) + b"\n" for line in lines)

    patch.setattr(rundir, "row_lines", encode)


def not_judged_again(patch: pytest.MonkeyPatch) -> None:
    """A new text is taken without a second look."""
    patch.setattr(SecondLook, "_judged", lambda self, number, drafts: drafts)


def not_guarded(patch: pytest.MonkeyPatch) -> None:
    """A refusal takes the place of an answer."""
    patch.setattr(SecondLook, "_guarded", lambda self, guard, judge, drafts: drafts)


def originals_lost(patch: pytest.MonkeyPatch) -> None:
    """What was replaced is not kept anywhere."""
    patch.setattr(rundir, "replaced_lines", lambda part, data: b"")


def one_row_off(patch: pytest.MonkeyPatch) -> None:
    """The new row takes the place of a neighbour."""
    plain = rundir.row_lines

    def shifted(part: Any, data: bytes, fate: int) -> bytes:
        part.rewritten = {n + 1: new for n, new in part.rewritten.items()}
        return plain(part, data, fate)

    patch.setattr(rundir, "row_lines", shifted)


@pytest.mark.parametrize(
    ("fault", "check"),
    [
        (segments_by_workers, check_workers),
        (completion_order, check_workers),
        (no_cut_back, check_resume),
        (re_serialised, check_bytes),
        (not_judged_again, check_rewrites),
        (not_guarded, check_rewrites),
        (originals_lost, check_rewrites),
        (one_row_off, check_rewrites),
    ],
)
def test_a_planted_fault_is_caught(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: Callable[[pytest.MonkeyPatch], None],
    check: Callable[[Path], None],
) -> None:
    (tmp_path / "sound").mkdir()
    (tmp_path / "faulty").mkdir()
    check(tmp_path / "sound")
    fault(monkeypatch)
    with pytest.raises((AssertionError, CurateError)):
        check(tmp_path / "faulty")
