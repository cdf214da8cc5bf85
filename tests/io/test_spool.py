import hashlib
import io

import pytest

from curate.errors import ResumeError
from curate.io import spool as module
from curate.io.spool import spool

ROWS = b'{"text": "a"}\n' * 1000


class Dying(io.BytesIO):
    """A stream whose reader is killed after the first bytes."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell():
            raise KeyboardInterrupt
        return super().read(1 << 10)


class Terminal(io.BytesIO):
    def isatty(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> bytes:
        raise AssertionError("would wait for the keyboard")


@pytest.mark.parametrize("data", [b"", b"a", ROWS, ROWS * 200], ids=["empty", "byte", "rows", "MB"])
def test_all_bytes_are_saved(tmp_path, data):
    path = spool(io.BytesIO(data), tmp_path / "new" / "run")
    assert path.read_bytes() == data
    names = sorted(file.name for file in path.parent.iterdir())
    assert names == ["stdin.spool", "stdin.spool.sha256"]
    assert (path.parent / names[1]).read_text() == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("again", [b"", ROWS], ids=["nothing", "the same"])
def test_a_rerun_reads_what_was_saved(tmp_path, again):
    path = spool(io.BytesIO(ROWS), tmp_path)
    assert spool(io.BytesIO(again), tmp_path) == path
    assert path.read_bytes() == ROWS


def test_a_rerun_does_not_wait_for_a_terminal(tmp_path):
    path = spool(io.BytesIO(ROWS), tmp_path)
    assert spool(Terminal(), tmp_path) == path


@pytest.mark.parametrize("other", [b"x", ROWS[:-1], ROWS + b"x"], ids=["other", "less", "more"])
def test_other_bytes_are_refused(tmp_path, other):
    path = spool(io.BytesIO(ROWS), tmp_path)
    with pytest.raises(ResumeError, match=r"standard input is not what .*stdin\.spool holds"):
        spool(io.BytesIO(other), tmp_path)
    assert path.read_bytes() == ROWS


def test_half_a_stream_never_has_the_name(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_BLOCK", 1 << 10)
    with pytest.raises(KeyboardInterrupt):
        spool(Dying(ROWS), tmp_path)
    assert not (tmp_path / "stdin.spool").exists()
    with pytest.raises(ResumeError, match="cut off before"):
        spool(io.BytesIO(b""), tmp_path)
    assert spool(io.BytesIO(ROWS), tmp_path).read_bytes() == ROWS
