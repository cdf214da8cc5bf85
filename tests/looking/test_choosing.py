"""Which records are shown."""

from pathlib import Path

import pytest

from curate.errors import UsageError
from curate.ledger import Entry, Look
from curate.looking.choosing import Wanted, find, sample
from fake_runs import SECRET, make_run, row


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = [row(f"r{n % 90}", answer="y" * n) for n in range(100)]
    rows[10] = row("leaky", answer=SECRET)
    rows[20] = b"{broken\n"
    rows[30] = b"[1]\n"
    return make_run(tmp_path_factory.mktemp("choosing"), rows)


def indexes(run: Path, wanted: Wanted, count: int, seed: int = 0) -> list[int]:
    return [line.entry.index for line in sample(run, wanted, count, seed).lines]


def test_a_sample_is_reproducible_in_input_order_and_depends_on_the_seed(run: Path) -> None:
    first = indexes(run, Wanted(), 10)
    assert first == indexes(run, Wanted(), 10) == sorted(first)
    assert len(set(first)) == 10
    assert first != indexes(run, Wanted(), 10, seed=1)


def test_a_larger_sample_adds_to_a_smaller_one(run: Path) -> None:
    assert set(indexes(run, Wanted(), 5)) < set(indexes(run, Wanted(), 20))


def test_a_restriction_keeps_the_records_drawn_without_it(run: Path) -> None:
    kept = Wanted(frozenset({"kept"}))
    drawn = {line.entry.index for line in sample(run, Wanted(), 50, 0).lines} - {10, 20, 30}
    assert drawn <= set(indexes(run, kept, 50))


def test_every_record_is_drawn_about_as_often_as_any_other(run: Path) -> None:
    drawn = [0] * 100
    for seed in range(200):
        for index in indexes(run, Wanted(), 10, seed):
            drawn[index] += 1
    assert sum(drawn) == 2000
    assert 5 <= min(drawn) <= max(drawn) <= 38  # binomial(200, .1): beyond 4 standard deviations


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(frozenset({"dropped"})), [10]),
        (Wanted(frozenset({"quarantined"})), [20, 30]),
        (Wanted(frozenset({"dropped", "quarantined"})), [10, 20, 30]),
        (Wanted(step="secrets"), [10, 30]),
        (Wanted(step="reader"), [20]),
        (Wanted(reason="api-key"), [10]),
        (Wanted(reason="not_json"), [20]),
        (Wanted(step="secrets", reason="not_a_record"), [30]),
        (Wanted(reason="empty"), [0]),
        (Wanted(frozenset({"kept"}), step="secrets"), []),
    ],
    ids=lambda value: (
        "-".join([*sorted(value.fates), value.step, value.reason])
        if isinstance(value, Wanted)
        else "found"
    ),
)
def test_records_are_found_by_fate_step_and_reason(
    run: Path, wanted: Wanted, expected: list[int]
) -> None:
    chosen = sample(run, wanted, 100, 0)
    assert [line.entry.index for line in chosen.lines] == expected
    assert chosen.total == len(expected)


def test_the_row_belongs_to_the_entry(run: Path) -> None:
    for line in sample(run, Wanted(), 100, 0).lines:
        if line.entry.fate == "kept" and line.entry.id != line.entry.digest:
            assert f'"id": "{line.entry.id}"'.encode() in line.row


def test_a_reason_nobody_gave_is_an_error_that_names_the_closest(run: Path) -> None:
    with pytest.raises(UsageError, match="did you mean 'api-key'"):
        sample(run, Wanted(reason="apikey"), 5, 0)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("leaky", [10]), ("#42", [42]), ("r5", [5, 95]), ("#0", [0])],
)
def test_a_record_is_found_by_its_names(run: Path, name: str, expected: list[int]) -> None:
    found = find(run, Wanted(), name, 5)
    assert [line.entry.index for line in found.lines] == expected


def test_a_record_is_found_by_digest_and_by_place(run: Path) -> None:
    entry = sample(run, Wanted(), 1, 0).lines[0].entry
    for name in (entry.digest[:6], entry.digest.upper(), f"{entry.file}:{entry.line}"):
        assert entry in [line.entry for line in find(run, Wanted(), name, 5).lines]


def test_records_of_one_name_are_all_counted_and_some_listed(run: Path) -> None:
    found = find(run, Wanted(), "r5", 1)
    assert (len(found.lines), found.total) == (1, 2)


def test_an_unknown_id_names_close_ones(run: Path) -> None:
    with pytest.raises(UsageError, match=r"no record 'leeky'; close: leaky"):
        find(run, Wanted(), "leeky", 5)


def test_an_id_that_resembles_nothing_says_what_ids_are(run: Path) -> None:
    with pytest.raises(UsageError, match="'#INDEX' or FILE:LINE"):
        find(run, Wanted(), "q" * 40, 5)


def test_a_step_that_hit_but_did_not_decide_counts() -> None:
    looks = (Look("a", 1.0, True, "x"), Look("b", 0.0, False, "y"))
    entry = Entry(0, "f", 1, "i", "0" * 32, "dropped", looks, by="c")
    assert Wanted(step="a")(entry)
    assert not Wanted(step="b")(entry)
    assert Wanted(step="b", reason="y")(entry)
    assert not Wanted(step="b", reason="x")(entry)
    assert Wanted(step="c")(entry)
