"""The sample is the same whatever the order, and as fair as a hash."""

from hypothesis import given
from hypothesis import strategies as st

from curate.records import Record
from curate.surveying.sample import Sample
from rollout_rows import record, row


def sampled(records: list[Record], size: int) -> list[bytes]:
    sample = Sample(size)
    for each in records:
        sample.add(each)
    return [each.raw for each in sample.records()]


@given(st.lists(st.integers(0, 40), max_size=60), st.integers(1, 30), st.randoms())
def test_order_decides_nothing(numbers: list[int], size: int, random):
    records = [record(row(f"{n}", "x")) for n in numbers]
    first = sampled(records, size)
    lowest = sorted(records, key=lambda each: each.digest)[:size]
    assert sorted(first) == sorted(each.raw for each in lowest)
    random.shuffle(records)
    assert sorted(sampled(records, size)) == sorted(first)


def test_it_comes_in_the_order_of_the_corpus():
    records = [record(row(f"{n}", "x")) for n in range(100)]
    found = sampled(records, 30)
    assert found == [each.raw for each in records if each.raw in set(found)]
