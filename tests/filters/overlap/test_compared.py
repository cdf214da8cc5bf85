"""What is found, against plain lists and nothing else."""

from collections.abc import Sequence
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.filters.overlap import index
from curate.filters.overlap.compared import Compared
from curate.filters.overlap.items import Item

some_words = st.lists(st.sampled_from("abcd"), max_size=12)


def covered(item: Sequence[str], turns: Sequence[Sequence[str]], n: int) -> set[int]:
    """The words of the item in any run of `n` (all of a shorter item) that stands in a turn."""
    size = min(n, len(item))
    runs = {tuple(turn[at : at + size]) for turn in turns for at in range(len(turn) - size + 1)}
    starts = [at for at in range(len(item) - size + 1) if tuple(item[at : at + size]) in runs]
    return {word for at in starts for word in range(at, at + size)}


def pointed_at(item: Sequence[str], turn: Sequence[str], n: int) -> set[int]:
    """The words of a turn in any run that stands in the item."""
    return covered(turn, [item], min(n, len(item))) if len(turn) >= min(n, len(item)) else set()


@given(
    items=st.lists(some_words, max_size=12),
    turns=st.lists(some_words, max_size=3),
    n=st.integers(1, 5),
    least=st.integers(1, 4),
    common=st.sampled_from([0, 1, 2, 64]),
)
def test_finds_what_plain_lists_find(
    items: list[list[str]], turns: list[list[str]], n: int, least: int, common: int
) -> None:
    with patch.object(index, "_COMMON", common):
        compared = Compared(
            (Item(" ".join(each), "f", line) for line, each in enumerate(items)), n, least
        )
        finding = compared.find([" ".join(turn) for turn in turns])
    shares = {
        line: len(covered(item, turns, n)) / len(item)
        for line, item in enumerate(items)
        if len(item) >= least
    }
    best = max(shares.values(), default=0)
    if not best:
        assert finding is None
        return
    assert finding is not None
    line = next(line for line, share in shares.items() if share == best)
    assert (finding.overlap.share, finding.item.line) == (best, line)
    seen = {
        (number, at // 2)  # words of one letter
        for number, start, end in finding.spans
        for at in range(start, end, 2)
    }
    assert seen == {
        (number, at) for number, turn in enumerate(turns) for at in pointed_at(items[line], turn, n)
    }


@pytest.mark.parametrize("common", [0, 64])
def test_every_item_that_holds_a_run_is_looked_at(common: int) -> None:
    texts = ["x a b", "x y a b", "a b", "a b y", "a b x y"]
    with patch.object(index, "_COMMON", common):
        compared = Compared((Item(text, "f", n) for n, text in enumerate(texts)), 2, 2)
        finding = compared.find(["a b"])
    assert finding is not None
    assert (finding.item.line, finding.overlap.share) == (2, 1.0)


def test_a_template_that_many_items_share_is_no_trap() -> None:
    template = "answer the following question about the passage above and give one letter only"
    items = [Item(f"{template} {'pad ' * (n % 7)}q{n} r{n} s{n}", "f", n) for n in range(500)]
    compared = Compared(items, 8, 5)
    own = compared.find([f"{template} pad pad q135 r135 s135"])
    assert own is not None
    assert (own.item.line, own.overlap.share) == (135, 1.0)
    only = compared.find([template + " nothing else"])
    assert only is not None
    assert (only.item.line, only.overlap.share) == (0, 13 / 16)  # the first of the shortest
