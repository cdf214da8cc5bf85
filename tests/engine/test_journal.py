"""What a corpus filter was told, written down and read back."""

from collections.abc import Sequence
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.api import Context, Verdict
from curate.engine.journal import BATCH, Entry, batches, pack, unpack
from curate.engine.judging import Trouble
from curate.engine.remembering import remembering, replay
from curate.errors import LedgerError, PluginError
from fakes import First

ENTRIES = st.lists(st.tuples(st.integers(0, 2**64 - 1), st.binary(max_size=40)), max_size=30)


def cut(data: bytes, sizes: Sequence[int]) -> list[bytes]:
    blocks, at = [], 0
    for size in sizes:
        blocks.append(data[at : at + size])
        at += size
    return [*blocks, data[at:]]


@given(entries=ENTRIES, sizes=st.lists(st.integers(0, 50)))
def test_a_journal_comes_back_however_it_is_cut(entries: list[Entry], sizes: list[int]) -> None:
    assert list(unpack(cut(pack(entries), sizes))) == entries


@given(entries=ENTRIES.filter(bool), left=st.integers(1, 11), sizes=st.lists(st.integers(0, 50)))
def test_a_journal_that_lost_its_end(entries: list[Entry], left: int, sizes: list[int]) -> None:
    with pytest.raises(LedgerError, match="cut off"):
        list(unpack(cut(pack(entries)[:-left] if left < 12 else b"", sizes)))


def test_a_journal_is_read_back_some_at_a_time() -> None:
    entries = [(n, b"s") for n in range(BATCH + 3)]
    assert [len(batch) for batch in batches([pack(entries)])] == [BATCH, 3]


class Choosy:
    """Breaks on one signature."""

    def __init__(self) -> None:
        self.took: list[int] = []
        self.is_open = True

    def admit(self, signature: bytes, index: int) -> Verdict:
        if signature == b"bad":
            raise ValueError("a bad one")
        self.took.append(index)
        return Verdict(0.0)

    def close(self) -> None:
        self.is_open = False


class Remembers(First):
    """Has a memory that the test sees."""

    memories: ClassVar[list[Choosy]] = []

    def memory(self, ctx: Context) -> Any:
        self.memories.append(Choosy())
        return self.memories[-1]


def test_a_memory_that_breaks_is_asked_no_further() -> None:
    with remembering("remembers", Remembers(), Context()) as remember:
        answers = remember([(3, b"a"), (5, b"bad"), (8, b"b")])
    assert answers == [Verdict(0.0), Trouble("plugin_error", "ValueError: a bad one")]
    memory = Remembers.memories[-1]
    assert (memory.took, memory.is_open) == ([3], False)


def test_a_memory_that_breaks_on_its_own_journal() -> None:
    told, journal = (
        "step 'first' cannot go on from its journal: ValueError",
        [(3, b"a"), (5, b"bad")],
    )
    with (
        remembering("remembers", Remembers(), Context()) as remember,
        pytest.raises(PluginError, match=told),
    ):
        replay("first", [pack(journal)], remember)
