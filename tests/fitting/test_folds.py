from hypothesis import given
from hypothesis import strategies as st

from curate.fitting.folds import assign

TEXTS = st.lists(st.tuples(st.sampled_from("abcdefghij"), st.booleans()), min_size=1, max_size=40)


@given(TEXTS, st.integers(2, 5), st.integers(0, 9), st.randoms())
def test_neither_order_nor_repeats_decide(rows, folds, seed, random) -> None:  # type: ignore[no-untyped-def]
    def dealt(some):  # type: ignore[no-untyped-def]
        keys, labels = zip(*some, strict=True)
        return dict(zip(keys, assign(keys, labels, folds, seed), strict=True))

    shuffled = rows * 2
    random.shuffle(shuffled)
    assert dealt(rows) == dealt(shuffled)


def test_every_fold_has_its_share_of_both_labels() -> None:
    keys = [str(n) for n in range(103)]
    labels = [n % 10 == 0 for n in range(103)]
    found = assign(keys, labels, 5, seed=0)
    for side in (True, False):
        of_side = [fold for fold, label in zip(found, labels, strict=True) if label is side]
        counts = [of_side.count(fold) for fold in range(5)]
        assert max(counts) - min(counts) <= 1


def test_equal_keys_stay_together() -> None:
    found = assign(["a", "b", "a", "c"], [True, False, False, True], 2, seed=3)
    assert found[0] == found[2]


def test_the_seed_decides() -> None:
    keys, labels = [str(n) for n in range(100)], [n < 50 for n in range(100)]
    assert assign(keys, labels, 5, seed=0) != assign(keys, labels, 5, seed=1)
