import errno
import os
from pathlib import Path

import pytest

from curate.errors import OutageError
from curate.filters.spilled.mapped_file import MappedFile


def open_files(folder: Path) -> list[int]:
    """Return the descriptors of files in the folder, with a name or without."""
    numbers = map(int, os.listdir("/proc/self/fd"))
    paths = {number: os.path.realpath(f"/proc/self/fd/{number}") for number in numbers}
    return [number for number, path in paths.items() if path.startswith(str(folder))]


def test_what_was_written_stays_when_it_grows() -> None:
    file = MappedFile(10, None)
    assert file.map[:] == bytes(10)
    file.map[:3] = b"abc"
    for size in (11, 5000, 100_000):
        file.lengthen(size)
        assert file.map[:] == b"abc" + bytes(size - 3)
    file.close()


def test_a_map_from_before_sees_the_same_file() -> None:
    file = MappedFile(10, None)
    with memoryview(file.map) as before:
        file.lengthen(10_000)
        before[4] = 7
        assert file.map[4] == 7
    file.close()


def test_has_no_name_and_is_gone_when_closed(tmp_path: Path) -> None:
    file = MappedFile(100, tmp_path)
    assert not list(tmp_path.iterdir())
    assert open_files(tmp_path)
    file.close()
    assert not open_files(tmp_path)


def test_is_closed_while_an_interrupt_still_holds_what_it_came_through(tmp_path: Path) -> None:
    file = MappedFile(100, tmp_path)
    with memoryview(file.map) as held:
        file.close()
        assert held[0] == 0
    del file
    assert not open_files(tmp_path)


def test_every_block_is_there_before_it_is_written(tmp_path: Path) -> None:
    """A hole in a mapped file is a signal on a full disk, where no error can be told."""
    file = MappedFile(1 << 20, tmp_path)
    file.lengthen(1 << 22)
    assert os.fstat(open_files(tmp_path)[0]).st_blocks * 512 >= 1 << 22
    file.close()


def test_where_nothing_allocates_zeros_are_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delattr(os, "posix_fallocate")  # macOS
    file = MappedFile(3 << 20, tmp_path)
    file.map[:3] = b"abc"
    file.lengthen((4 << 20) + 1)
    assert file.map[:] == b"abc" + bytes((4 << 20) - 2)
    file.close()


@pytest.mark.usefixtures("full_disk")
@pytest.mark.parametrize("allocates", [True, False])
def test_a_full_disk_is_an_outage_that_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, allocates: bool
) -> None:
    if not allocates:
        monkeypatch.delattr(os, "posix_fallocate")
    file = MappedFile(1000, tmp_path)
    file.map[:3] = b"abc"
    said = f"{tmp_path}: .*cannot grow.*{os.strerror(errno.EFBIG)}.*make room and run again"
    with pytest.raises(OutageError, match=said):
        file.lengthen(1 << 20)
    assert file.map[:] == b"abc" + bytes(997)
    file.close()
    with pytest.raises(OutageError, match=said):
        MappedFile(1 << 20, tmp_path)
    assert not open_files(tmp_path)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutageError, match=r"gone.*name another folder"):
        MappedFile(10, tmp_path / "gone")
