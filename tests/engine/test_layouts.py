"""However a run stores its outputs, their rows are the same, and equal runs write equal bytes."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from checks import PLAN, crash, files_of, go, rows, tear, unpacked, write
from curate import ledger
from curate.errors import LedgerError, PluginError, ResumeError
from curate.exporting.rows import rows as exported
from curate.ledger import OUTPUTS, Layout
from curate.looking.changes.comparison import compare
from curate.looking.verifying import verify

layouts = st.builds(
    Layout, st.sampled_from([None, 1, 60, 10**6]), st.sampled_from([None, "gz", "zst"])
).filter(lambda layout: not layout.plain)
ZST = Layout(100, "zst")


def joined(run: Path, name: str) -> bytes:
    """Return the rows of an output, by nothing but the names of its files."""
    stem = name.removesuffix(".jsonl")
    return b"".join(map(unpacked, sorted(run.glob(f"{stem}*.jsonl*"))))


def corpus_of(folder: Path) -> list[Path]:
    lines = rows(40, r3="bad", r9="late", r31="bad")
    lines.insert(7, b"\n")
    return [
        write(folder / "a.jsonl", *lines, b"{broken\n"),
        write(folder / "b.jsonl"),
        write(folder / "c.jsonl", *lines[:9], b" \n"),
    ]


@settings(max_examples=12, deadline=None)
@given(layout=layouts, lines=st.integers(1, 9), workers=st.integers(1, 3), data=st.data())
def test_every_layout_holds_the_same_rows(
    tmp_path_factory: pytest.TempPathFactory,
    layout: Layout,
    lines: int,
    workers: int,
    data: st.DataObject,
) -> None:
    folder = tmp_path_factory.mktemp("run")
    corpus = corpus_of(folder)
    go(PLAN, corpus, folder / "plain", lines=lines)
    go(PLAN, corpus, folder / "whole", lines=lines, layout=layout)
    out = folder / "out"
    for _ in range(data.draw(st.integers(0, 2))):
        at, commit = data.draw(st.integers(1, 8)), data.draw(st.sampled_from([0.0, 1e9]))
        crash(corpus, out, lines, at, commit, layout=layout)
        if not (out / "run.json").exists():
            tear(out, data.draw(st.binary(max_size=20)))
    go(PLAN, corpus, out, lines=lines, workers=workers, layout=layout)
    assert files_of(out) == files_of(folder / "whole")
    for name in OUTPUTS:
        assert joined(out, name) == (folder / "plain" / name).read_bytes()
        with ledger.opened(out, name) as read:
            assert read.read() == (folder / "plain" / name).read_bytes()
    assert not verify(out).problems.total
    assert list(ledger.rows(out)) == list(ledger.rows(folder / "plain"))


def test_shards_end_with_the_segment_that_fills_them(tmp_path: Path) -> None:
    corpus = write(tmp_path / "c.jsonl", *(b'"%07d"\n' % n for n in range(10)))
    facts = go("steps: []", [corpus], tmp_path / "out", lines=2, layout=Layout(30))
    told = facts["outputs"]["kept.jsonl"]
    assert [(file["name"], file["bytes"], file["lines"]) for file in told["files"]] == [
        ("kept-00000.jsonl", 40, 4),
        ("kept-00001.jsonl", 40, 4),
        ("kept-00002.jsonl", 20, 2),
    ]
    assert (told["bytes"], told["lines"]) == (100, 10)


def test_the_manifest_lists_every_file(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path)
    facts = go(PLAN, corpus, tmp_path / "out", lines=5, layout=ZST)
    listed = json.loads((tmp_path / "out" / "manifest.json").read_text())["files"]
    written = set(files_of(tmp_path / "out"))
    assert {file["name"] for file in listed} == written - {"run.json", "manifest.json"}
    for file in listed:
        assert (tmp_path / "out" / file["name"]).stat().st_size == file["bytes"]
    kept = sum(file["rows"] for file in listed if file["holds"] == "kept")
    assert kept == facts["counts"]["kept"]
    assert "manifest.json" in facts["outputs"]


def test_complete_shards_are_not_read_again(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path)
    layout = Layout(100)
    crash(corpus, tmp_path / "out", 3, 6, 0.0, layout=layout)
    shards = sorted((tmp_path / "out").glob("kept-*.part"))
    assert len(shards) > 2
    before = shards[0].read_bytes()
    shards[0].write_bytes(bytes(len(before)))
    go(PLAN, corpus, tmp_path / "out", lines=3, layout=layout)
    assert any("kept-00000" in problem.place for problem in verify(tmp_path / "out").problems.first)


def test_a_complete_shard_that_is_gone_is_an_error(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path)
    crash(corpus, tmp_path / "out", 3, 6, 0.0, layout=ZST)
    (tmp_path / "out" / "kept-00000.jsonl.zst.part").unlink()
    with pytest.raises(LedgerError, match=r"kept-00000\.jsonl\.zst\.part.*--fresh"):
        go(PLAN, corpus, tmp_path / "out", lines=3, layout=ZST)


def test_another_layout_is_another_run(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path)
    go(PLAN, corpus, tmp_path / "out", layout=ZST)
    with pytest.raises(ResumeError, match="layout"):
        go(PLAN, corpus, tmp_path / "out")
    go(PLAN, corpus, tmp_path / "out", fresh=True)
    go(PLAN, corpus, tmp_path / "plain")
    assert files_of(tmp_path / "out") == files_of(tmp_path / "plain")


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-3])


@pytest.mark.parametrize("damage", [flip, cut, Path.unlink], ids=["flipped", "cut", "gone"])
@pytest.mark.parametrize("compression", [None, "gz", "zst"])
@pytest.mark.parametrize("output", ["kept", "ledger"])
def test_a_damaged_shard_is_found_and_named(
    tmp_path: Path, damage: Any, compression: Any, output: str
) -> None:
    go(PLAN, corpus_of(tmp_path), tmp_path / "out", lines=3, layout=Layout(100, compression))
    shard = sorted((tmp_path / "out").glob(f"{output}-*"))[1]
    damage(shard)
    problems = verify(tmp_path / "out").problems.first
    assert any(problem.place.startswith(shard.name) for problem in problems)
    assert f"{output}.jsonl" not in "".join(problem.place for problem in problems)
    if output == "kept":
        with pytest.raises(LedgerError, match=shard.name):
            list(exported([str(tmp_path / "out")], "kept").each())


def change(shard: Path, line: int, new: bytes) -> None:
    """Give a shard another line, as if it had been written so."""
    lines = unpacked(shard).splitlines(keepends=True)
    lines[line - 1] = new
    content = b"".join(lines)
    shard.write_bytes(zstandard.compress(content) if shard.suffix == ".zst" else content)


@pytest.mark.parametrize("compression", [None, "zst"])
def test_a_damaged_line_is_named_by_its_shard(tmp_path: Path, compression: Any) -> None:
    out = tmp_path / "out"
    go(PLAN, corpus_of(tmp_path), out, lines=3, layout=Layout(100, compression))
    shard = sorted(out.glob("ledger-*"))[1]
    change(shard, 2, b"{}\n")
    reading = (ledger.entries, ledger.rows, ledger.originals, lambda run: compare(run, run, 1))
    for read in reading:
        with pytest.raises(LedgerError, match=f"{re.escape(str(shard))}:2: damaged"):
            list(read(out))
    assert f"{shard.name}:2" in [problem.place for problem in verify(out).problems.first]


@pytest.mark.parametrize("compression", [None, "zst"])
def test_a_row_that_is_gone_is_missed_in_a_file_that_is_there(
    tmp_path: Path, compression: Any
) -> None:
    out = tmp_path / "out"
    go(PLAN, corpus_of(tmp_path), out, lines=3, layout=Layout(100, compression))
    shard = sorted(out.glob("kept-*"))[-1]
    change(shard, 1, b"")
    with pytest.raises(LedgerError, match=f"{re.escape(str(shard))}: ends before the ledger's"):
        list(ledger.rows(out))
    problems = verify(out).problems.first
    assert any(each.place == shard.name and "has no line for" in each.what for each in problems)


def test_a_shard_is_read_once_to_be_hashed_and_once_to_be_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    go(PLAN, corpus_of(tmp_path), out, lines=3, layout=ZST)
    opened: Counter[str] = Counter()
    really = Path.open

    def count(path: Path, *args: Any, **more: Any) -> Any:
        opened[path.name] += 1
        return really(path, *args, **more)

    monkeypatch.setattr(Path, "open", count)
    assert not verify(out).problems.total
    shards = {name: times for name, times in opened.items() if name.endswith(".zst")}
    assert set(shards.values()) == {2}
    assert len(shards) > len(OUTPUTS)


@pytest.mark.parametrize("layout", [Layout(), ZST, Layout(None, "gz")])
def test_a_spent_budget_names_files_that_are_there(tmp_path: Path, layout: Layout) -> None:
    corpus = write(tmp_path / "c.jsonl", *rows(10, r3="bad", r7="bad"))
    plan = "steps: [{use: raises, on_error: quarantine, max_errors: 1}]"
    with pytest.raises(PluginError) as told:
        go(plan, [corpus], tmp_path / "out", layout=layout)
    (pattern,) = re.findall(r"see (\S+), fix it", str(told.value))
    (file,) = (tmp_path / "out").glob(pattern)
    assert file.stat().st_size


def test_a_file_too_many_is_found(tmp_path: Path) -> None:
    go(PLAN, corpus_of(tmp_path), tmp_path / "out", lines=3, layout=Layout(100))
    write(tmp_path / "out" / "kept-00099.jsonl", b"{}\n")
    assert [problem.place for problem in verify(tmp_path / "out").problems.first] == [
        "kept-00099.jsonl"
    ]


def test_each_file_has_its_counts(tmp_path: Path) -> None:
    facts = go(PLAN, corpus_of(tmp_path), tmp_path / "out", lines=5)
    a, b, c = facts["inputs"]
    columns = ("read", "kept", "dropped", "quarantined", "blank")
    assert [a["read"], a["blank"], a["quarantined"]] == [41, 1, 1]
    assert [b[name] for name in columns] == [0, 0, 0, 0, 0]
    assert [c["read"], c["blank"]] == [8, 2]
    for name in columns:
        assert sum(file[name] for file in facts["inputs"]) == facts["counts"][name]


def test_verify_recounts_each_file(tmp_path: Path) -> None:
    out = tmp_path / "out"
    facts = go(PLAN, corpus_of(tmp_path), out, lines=5)
    facts["inputs"][0]["dropped"] += 1
    facts["inputs"][2]["dropped"] -= 1
    (out / "run.json").write_text(json.dumps(facts))
    told = [problem.what for problem in verify(out).problems.first]
    assert len(told) == 2
    assert all(".dropped is " in what for what in told)
