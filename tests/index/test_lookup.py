"""An index is only read, and a broken one is named."""

import os
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.errors import InputError
from curate.index import stored
from curate.index.keys import keys
from curate.index.lookup import Index
from curate.index.rollout import Rollout
from rollout_rows import built, index, record, row, write

ROWS = [row(f"Question {n}?", f"Answer {n} " * 50, "ab"[n % 2], source="s") for n in range(60)]


def wanted() -> list[bytes]:
    return [each.normalised for some in ROWS if (each := keys(record(some)))]


def everything(path: Path) -> dict[bytes, list[Rollout]]:
    with Index(path) as opened:
        opened.check()
        return opened.find(wanted())


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return index(tmp_path_factory.mktemp("whole"), ROWS)


def test_finds_many_and_leaves_out_what_is_not_there(whole: Path):
    found = everything(whole)
    assert len(found) == 60
    with Index(whole) as opened:
        assert opened.find([b"\0" * 16]) == {}
        assert opened.find([]) == {}
        assert opened.find([b"\0" * 16, *wanted(), *wanted()]) == found


def test_nothing_can_be_written(whole: Path):
    before = whole.read_bytes()
    with Index(whole) as opened, pytest.raises(sqlite3.OperationalError, match="readonly"):
        opened._db.execute("DELETE FROM rollouts")
    assert whole.read_bytes() == before
    assert {path.name for path in whole.parent.iterdir()} == {"clean.jsonl", "clean.index"}


def test_a_folder_that_cannot_be_written_is_no_hindrance(tmp_path: Path):
    path = index(tmp_path, ROWS)
    path.chmod(0o400)
    tmp_path.chmod(0o500)
    try:
        assert len(everything(path)) == 60
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.parametrize("name", ["a b?c#d%20.index", "\u00fc.index", os.fsdecode(b"\xff.index")])
def test_a_file_may_have_any_name(tmp_path: Path, name: str):
    path = tmp_path / name
    try:
        built(path, write(tmp_path / "c.jsonl", ROWS))
    except OSError:
        pytest.skip("the file system does not take such a name")
    assert len(everything(path)) == 60


def other_version(data: bytearray) -> None:
    data[60:64] = (7).to_bytes(4, "big")


def other_database(data: bytearray) -> None:
    data[68:72] = bytes(4)


def shorter(data: bytearray) -> None:
    del data[-1:]


def only_a_head(data: bytearray) -> None:
    del data[80:]


def another_text(data: bytearray) -> None:
    at = data.index(b"Answer 7 ")
    data[at : at + 9] = b"Answer 8 "


def another_teacher(data: bytearray) -> None:
    at = data.index(b'{"a": 30, "b": 30}')
    data[at : at + 18] = b'{"b": 30, "a": 30}'


@pytest.mark.parametrize(
    ("break_it", "told"),
    [
        (other_version, "is an index of format 7, this version reads 1; build it again"),
        (other_database, "is no index of rollouts"),
        (shorter, "damaged: .* bytes where it had"),
        (only_a_head, "damaged: its head was cut off"),
        (another_text, "damaged: its rows are not those it was built of"),
        (another_teacher, "damaged: what it says about itself is not what was written"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_is_broken_is_named(whole: Path, tmp_path: Path, break_it, told: str):
    data = bytearray(whole.read_bytes())
    break_it(data)
    broken = tmp_path / "broken.index"
    broken.write_bytes(data)
    with pytest.raises(InputError, match=rf"broken\.index: .*{told}"):
        everything(broken)


def test_every_prompt_can_be_found_where_the_check_is_passed(whole: Path, tmp_path: Path):
    """A page that says it has more cells than it has is read through, and not searched."""
    content = bytearray(whole.read_bytes())
    content[2 * stored.PAGE + 3] ^= 1
    broken = tmp_path / "i"
    broken.write_bytes(content)
    with pytest.raises(InputError, match="damaged"):
        everything(broken)


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_a_flipped_bit_is_named_or_changes_nothing(
    whole: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
):
    content = bytearray(whole.read_bytes())
    pages = range(len(content) // stored.PAGE)
    at = data.draw(st.sampled_from(pages)) * stored.PAGE + data.draw(
        st.one_of(st.integers(0, 120), st.integers(0, stored.PAGE - 1))
    )
    content[at] ^= 1 << data.draw(st.integers(0, 7))
    broken = tmp_path_factory.mktemp("flipped") / "i"
    broken.write_bytes(content)
    try:
        found = everything(broken)
    except InputError as error:
        told = str(error)
    else:
        told = str(broken)
        assert found == everything(whole)
    assert str(broken) in told


@pytest.mark.parametrize(
    ("content", "told"),
    [(None, "cannot be read"), (b"", "is no index"), (b"{}\n", "is no index")],
    ids=["not there", "empty", "a corpus"],
)
def test_what_is_no_index_is_named(tmp_path: Path, content: bytes | None, told: str):
    path = tmp_path / "i"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=told):
        Index(path)
