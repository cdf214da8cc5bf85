import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from curate.fitting.likeness import Likeness, likeness


def made(count: int = 2000) -> Likeness:
    """Texts of 100 n-grams, of which about 10 are unseen."""
    rng = np.random.default_rng(0)
    return likeness(np.full(count, 100), rng.binomial(100, 0.1, count), seed=0)


def test_the_middle_is_the_middle() -> None:
    assert abs(made().unlike(100, 10) - 0.45) < 0.1
    assert made().unlike(100, 0) == 0
    assert made().unlike(100, 40) == 1


def test_a_long_text_is_compared_with_bundles_as_long() -> None:
    """13 of 100 may be chance; 390 of 3,000 is not."""
    assert made().unlike(100, 13) < 0.9
    assert made().unlike(3000, 390) > 0.99


@given(st.integers(0, 5000), st.integers(0, 5000))
def test_the_number_is_a_share_and_rises_with_what_is_unseen(distinct: int, unseen: int) -> None:
    unseen = min(distinct, unseen)
    known = made(60)
    assert 0 <= known.unlike(distinct, unseen) <= known.unlike(distinct, distinct) <= 1


def test_few_texts_make_few_bundles() -> None:
    assert list(made(99).shares) == [1]
    assert list(made(100).shares) == [1, 2]
    assert list(made(2000).shares) == [1, 2, 4, 8, 16, 32]


def test_as_many_held_out_texts_lie_below_as_it_says() -> None:
    rng = np.random.default_rng(1)
    fresh = [made().unlike(100, int(unseen)) for unseen in rng.binomial(100, 0.1, 2000)]
    assert abs(np.mean([each >= 0.95 for each in fresh]) - 0.05) < 0.04
