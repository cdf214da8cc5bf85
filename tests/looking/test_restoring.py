"""What a run gives back is what it read."""

import gzip
import hashlib
import io
import json
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.errors import InputError, LedgerError, UsageError
from curate.io.arrays import elements
from curate.looking.array_text import array_text
from curate.looking.restored_files import file_names, to_folder, to_stream
from curate.looking.verifying import verify
from fake_runs import facts, row, write_facts
from rewritten_runs import make

LINES = [
    row("a", answer="fine").rstrip(b"\n"),
    row("b", answer="bad").rstrip(b"\n"),
    row("c", answer="bad and stuck").rstrip(b"\n"),
    row("d", answer="z" * 1200).rstrip(b"\n"),
    row("e", answer="bad " + "z" * 1200).rstrip(b"\n"),
    b"{broken",
    b"[1]",
    b"\xc3(",
    b"",
    b" \t ",
    b"\r",
]
CONTENT = st.builds(
    lambda bom, lines, cut: b"\xef\xbb\xbf" * bom + b"".join(lines)[: -1 if cut else None],
    st.booleans(),
    st.lists(
        st.tuples(st.sampled_from(LINES), st.sampled_from([b"\n", b"\r\n"])).map(b"".join),
        max_size=12,
    ),
    st.booleans(),
)
CORPUS = st.lists(CONTENT, min_size=1, max_size=4)
OTHERWISE = """
judge_dropped: true
steps:
  - use: holds
    do: {rewrite: {use: cleaner}, guards: [], length: [0, 100], otherwise: keep, tries: 2}
  - {use: size, when: {at_least: 100}, do: drop, unsure: quarantine}
"""


def given_back(run: Path) -> bytes:
    stream = io.BytesIO()
    to_stream(run, stream.write)
    return stream.getvalue()


@pytest.mark.parametrize("plan", ["steps: []", None, OTHERWISE], ids=["nothing", "some", "all"])
@given(contents=CORPUS, lines=st.integers(1, 5))
@settings(max_examples=60, deadline=None)
def test_whatever_was_read_comes_back_and_is_verified(
    plan: str | None, contents: list[bytes], lines: int
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = {f"{n}.jsonl": content for n, content in enumerate(contents)}
        text = {} if plan is None else {"text": plan}
        run = make(folder, files, lines=lines, **text)
        restored = to_folder(run, folder / "out")
        assert {each.outcome for each in restored} == {"identical"}
        found = {path.name: path.read_bytes() for path in (folder / "out").iterdir()}
        assert found == files
        checked = verify(run, inputs=True)
        assert checked.problems.first == []


ENDS = {
    "empty": b"",
    "a byte order mark": b"\xef\xbb\xbf",
    "a blank line": b"\n",
    "blank lines": b"\n  \n\r\n\t\n",
    "a blank last line without its end": LINES[0] + b"\n   ",
    "blanks and no line end": b"   ",
    "a carriage return for an end": LINES[0] + b"\r",
    "a rewritten one with a carriage return for an end": LINES[1] + b"\r",
    "a blank carriage return at the end": LINES[1] + b"\n\r",
    "a rewritten last line without its end": LINES[0] + b"\n" + LINES[1],
    "a rewritten line with CRLF": LINES[1] + b"\r\n" + LINES[0],
    "blank lines around rewritten ones": b"\n" + LINES[1] + b"\n \n" + LINES[1] + b"\n\n",
}


@pytest.mark.parametrize("content", ENDS.values(), ids=ENDS)
def test_every_end_comes_back(tmp_path: Path, content: bytes) -> None:
    assert given_back(make(tmp_path, {"c.jsonl": content})) == content


def test_compressed_inputs_come_back_unpacked(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf" + b"\n".join([*LINES, LINES[1]])
    packed = {"a.jsonl.gz": gzip.compress(content), "b.jsonl.zst": zstandard.compress(content)}
    restored = to_folder(make(tmp_path, packed), tmp_path / "out")
    assert [each.file for each in restored] == [f"{tmp_path}/out/{n}.jsonl" for n in "ab"]
    assert (tmp_path / "out/a.jsonl").read_bytes() == (tmp_path / "out/b.jsonl").read_bytes()
    assert (tmp_path / "out/a.jsonl").read_bytes() == content


@pytest.mark.parametrize("limit", range(1, 8))
def test_of_a_limited_run_what_was_read_comes_back(tmp_path: Path, limit: int) -> None:
    """Two files of three lines, blank ones among them, and an empty one between."""
    one, two = LINES[0] + b"\n\n" + LINES[1] + b"\n", b" \n" + LINES[1] + b"\n" + LINES[0]
    run = make(tmp_path, {"1": one, "2": b"", "3": two}, limit=limit, lines=2)
    first, _, second = to_folder(run, tmp_path / "out")
    count = min(limit, 3), max(min(limit, 6) - 3, 0)
    assert (first.lines, second.lines) == count
    expected = [
        b"".join(text.splitlines(keepends=True)[:n])
        for text, n in zip((one, two), count, strict=True)
    ]
    found = [(tmp_path / "out" / name) for name in "13"]
    assert [path.read_bytes() if path.exists() else b"" for path in found] == expected
    names = {0: "unread", 3: "identical"}
    assert second.outcome == names.get(count[1], "cut")
    assert first.outcome == ("cut" if count[0] < 3 else "identical")


def test_of_several_inputs_without_a_folder_none_comes_back(tmp_path: Path) -> None:
    run = make(tmp_path, {"1": b"", "2": b""})
    with pytest.raises(UsageError, match="has 2 inputs: name a folder for them with --out"):
        to_stream(run, lambda _: None)


ARRAYS = {
    "none": b"[]",
    "none, and blanks": b" [ \n ] ",
    "no bytes": b"",
    "one": b"[" + LINES[0] + b"]",
    "a byte order mark": b"\xef\xbb\xbf[" + LINES[0] + b"]\n",
    "on lines of their own": b"[\n  " + LINES[0] + b",\n  " + LINES[1] + b"\n]\n",
    "with blanks": b"[ " + LINES[1] + b" , " + LINES[0] + b" ]",
    "arrays": b"[[1], [[2]]]",
    "one array": b"[[1, 2]]",
    "nothing between commas": b"[1,,2]",
    "a comma at the end": b"[1,2,]",
    "only commas": b"[,,]",
    "never closed": b'[{"a": 1}, {"b": ',
    "never closed, one": b'[{"a": 1',
    "never closed, an array": b"[[1]",
    "nothing but the bracket": b"[",
    "more after the end": b"[1, 2] and more\n[3]",
    "two ends": b"[1]]",
    "a line end in a string": b'[{"a": "x\n y"}, 1]',
    "lines of an object": b'[{"a":\n  1,\r\n  "b": 2}]',
}


@pytest.mark.parametrize("content", ARRAYS.values(), ids=ARRAYS)
def test_the_elements_of_an_array_come_back(tmp_path: Path, content: bytes) -> None:
    run = make(tmp_path, {"c.json": content}, "input: {format: json}\n" + PLAN_FOR_ARRAYS)
    (restored,) = to_folder(run, tmp_path / "out")
    again = (tmp_path / "out/c.json").read_bytes()
    assert restored.outcome == ("identical" if again == content else "elements")
    assert again.startswith(b"\xef\xbb\xbf") is content.startswith(b"\xef\xbb\xbf")
    assert lines(again) == lines(content)
    second = make(tmp_path, {"again.json": again}, PLAN_FOR_ARRAYS, out="second")
    assert rows(second) == rows(run)


PLAN_FOR_ARRAYS = """
steps:
  - {use: holds, do: {rewrite: {use: cleaner}, guards: []}}
"""


def lines(content: bytes) -> list[bytes]:
    return list(elements(iter([content.removeprefix(b"\xef\xbb\xbf")]), lambda _: None))


def rows(run: Path) -> list[bytes]:
    return [(run / name).read_bytes() for name in ("kept.jsonl", "quarantined.jsonl")]


BITS = [b"[", b"]", b"{", b"}", b",", b'"', b"\\", b"\n", b"\r\n", b" ", b"a", b"1", b"\xff", b":"]


@given(st.lists(st.sampled_from(BITS)).map(b"".join))
@settings(max_examples=500)
def test_an_array_of_any_bytes_is_read_as_the_same_lines_again(body: bytes) -> None:
    read = lines(b"[" + body)
    assert lines(b"".join(array_text(read))) == read


def test_a_cut_array_comes_back_as_an_array(tmp_path: Path) -> None:
    content = json.dumps([json.loads(line) for line in LINES[:4]]).encode()
    run = make(tmp_path, {"c.json": content}, limit=2)
    (restored,) = to_folder(run, tmp_path / "out")
    assert (restored.outcome, restored.lines) == ("cut", 2)
    assert json.loads((tmp_path / "out/c.json").read_bytes()) == json.loads(content)[:2]


@pytest.mark.parametrize(
    ("inputs", "names"),
    [
        (["a/x.jsonl", "b/x.jsonl", "c/X.JSONL"], ["x.jsonl", "x-2.jsonl", "X-3.JSONL"]),
        (["x.jsonl.gz", "x.jsonl", "x-2.jsonl"], ["x.jsonl", "x-2.jsonl", "x-2-2.jsonl"]),
        (["-"], ["stdin.jsonl"]),
        (["/etc/passwd", "../../up.jsonl.ZST"], ["passwd", "up.jsonl"]),
        (
            ["..", ".", "/", ".gz", "a/.."],
            ["input.jsonl", *(f"input-{n}.jsonl" for n in range(2, 6))],
        ),
        (["a\nb\x00\\c.json"], ["a_b__c.json"]),
    ],
    ids=["same names", "packed and plain", "stdin", "elsewhere", "no names", "odd characters"],
)
def test_names_are_safe_and_no_two_the_same(inputs: list[str], names: list[str]) -> None:
    assert file_names(inputs) == names


@given(st.lists(st.text(st.sampled_from("./\\-2a\n"))))
def test_no_name_leads_out_of_the_folder(inputs: list[str]) -> None:
    names = file_names(inputs)
    assert len({name.casefold() for name in names}) == len(inputs)
    assert all(Path("/out", name).parent == Path("/out") for name in names)
    assert all(Path("/out", name).resolve().parent == Path("/out") for name in names)


def test_nothing_is_overwritten_and_nothing_is_left_behind(tmp_path: Path) -> None:
    run = make(tmp_path, {"1": LINES[0], "2": LINES[0]})
    out = tmp_path / "out"
    out.mkdir()
    (out / "2").write_bytes(b"mine")
    with pytest.raises(UsageError, match=r"out/2 exists, and nothing is overwritten"):
        to_folder(run, out)
    assert [path.name for path in out.iterdir()] == ["2"]
    (out / "2").unlink()
    (out / "2").symlink_to("nowhere")
    with pytest.raises(UsageError, match="exists"):
        to_folder(run, out)


def test_neither_a_file_nor_the_run_itself_is_a_folder_for_it(tmp_path: Path) -> None:
    run = make(tmp_path, {"1": LINES[0]})
    with pytest.raises(UsageError, match="a file is in the way"):
        to_folder(run, tmp_path / "1")
    with pytest.raises(UsageError, match="is the run directory"):
        to_folder(run, run / ".." / run.name)


DAMAGES = {
    "a byte of a row": ("kept.jsonl", lambda data: data.replace(b"fine", b"find")),
    "a byte of an original": ("replaced.jsonl", lambda data: data.replace(b"bad", b"sad", 1)),
    "a row lost": ("kept.jsonl", lambda data: data[data.index(b"\n") + 1 :]),
    "an entry lost": ("ledger.jsonl", lambda data: data[: data.rindex(b'{"index')]),
    "a blank line lost": ("replaced.jsonl", lambda data: data.replace(b"}\n \t \n", b"}\n")),
    "another blank line": ("replaced.jsonl", lambda data: data.replace(b" \t \n", b"\t \t\n")),
    "originals lost": ("replaced.jsonl", lambda data: b""),
}
ROWS = [LINES[0], LINES[1], b" \t ", LINES[0]]


def check_no_file(run: Path, file: str, damage: Callable[[bytes], bytes]) -> None:
    before = (run / file).read_bytes()
    after = damage(before)
    assert after != before
    (run / file).write_bytes(after)
    with pytest.raises(LedgerError):
        to_folder(run, run / "../out")
    assert list((run / "../out").iterdir()) == []


@pytest.mark.parametrize(("file", "damage"), DAMAGES.values(), ids=DAMAGES)
def test_what_is_not_what_was_read_is_an_error_and_no_file(
    tmp_path: Path, file: str, damage: Callable[[bytes], bytes]
) -> None:
    run = make(tmp_path, {"c.jsonl": b"\n".join(ROWS), "0.jsonl": LINES[0]})
    check_no_file(run, file, damage)


@pytest.mark.parametrize("name", [name for name in DAMAGES if "blank" not in name])
@pytest.mark.parametrize("limit", [None, 4])
def test_what_has_no_hash_is_held_against_its_entries(
    tmp_path: Path, name: str, limit: int | None
) -> None:
    rows = [*ROWS, LINES[0]] if limit else ROWS
    content = b"[" + b", ".join(line.strip() for line in rows) + b"]"
    run = make(tmp_path, {"c.json": content}, limit=limit)
    check_no_file(run, *DAMAGES[name])


def test_run_json_of_another_kind_is_an_error(tmp_path: Path) -> None:
    run = make(tmp_path, {"c.jsonl": LINES[0]})
    told = facts(run)
    told["inputs"][0]["lines"] += 1
    write_facts(run, told)
    with pytest.raises(
        LedgerError, match="counts has 1 lines, blank ones included, and the inputs have 2"
    ):
        given_back(run)
    told["inputs"] = [None]
    write_facts(run, told)
    with pytest.raises(LedgerError, match="is not what a run writes"):
        given_back(run)


def test_a_run_without_originals_is_an_error(tmp_path: Path) -> None:
    run = make(tmp_path, {"c.jsonl": LINES[0]})
    told = facts(run)
    del told["outputs"]["replaced.jsonl"]
    write_facts(run, told)
    with pytest.raises(InputError, match="an earlier curate wrote it"):
        given_back(run)


def test_the_hash_told_is_that_of_the_file(tmp_path: Path) -> None:
    (restored,) = to_folder(make(tmp_path, {"c.jsonl": LINES[1]}), tmp_path / "out")
    assert restored.sha256 == hashlib.sha256(LINES[1]).hexdigest()
    assert restored.bytes == len(LINES[1])
