"""A few out of many are those with the smallest digests, whatever their order."""

from hypothesis import given
from hypothesis import strategies as st

from curate.looking.few import Few


@given(st.lists(st.text("abc", min_size=1, max_size=3)), st.integers(0, 5))
def test_the_smallest_digests_are_kept_and_each_once(digests: list[str], size: int) -> None:
    few: Few[int] = Few(size)
    for place, digest in enumerate(digests):
        few.offer(digest, place)
    smallest = sorted(set(digests))[:size]
    assert few.items() == [digests.index(digest) for digest in smallest]
