import numpy as np
import pytest

from curate.audits.statistics.bootstrap import Bootstrap
from curate.audits.statistics.effects import (
    Effect,
    Scale,
    base_position,
    leak_through,
    measure,
    subliminal_index,
)
from curate.audits.transfer.comparisons import comparisons
from curate.errors import UsageError
from simulated_studies import Design, Mix, study

LEVELS = {
    "base": 0.3,
    "clean": 0.1,
    "untouched": 0.9,
    "drop": 0.7,
    "switch": 0.14,
    "random drop": 0.84,
    "clean + hits": 0.5,
    "drop, other head": 0.46,
}
QUIET = Mix(0.01, 0.01, 0.01, 0.01, 0.01, 0.01)
BOOTSTRAP = Bootstrap(
    study(np.random.default_rng(0), LEVELS, QUIET, Design(samples=200)), 0, draws=1000
)
SCALE = Scale()


def _compared(name: str) -> Effect:
    """A comparison of the transfer audit."""
    return measure(BOOTSTRAP, SCALE, name, comparisons(SCALE)[name])


@pytest.mark.parametrize(
    ("effect", "place"),
    [
        pytest.param(leak_through(BOOTSTRAP, SCALE), 0.75, id="leak-through"),
        pytest.param(_compared("switch efficacy"), 0.95, id="switch efficacy"),
        pytest.param(_compared("sufficiency"), 0.5, id="sufficiency"),
        pytest.param(base_position(BOOTSTRAP, SCALE), 0.25, id="base"),
        pytest.param(
            _compared("advantage of drop over chance"),
            0.175,
            id="advantage over chance",
        ),
        pytest.param(
            subliminal_index(BOOTSTRAP, SCALE, "drop", "drop, other head"), 0.3, id="subliminal"
        ),
    ],
)
def test_effects_are_what_their_formulas_say(effect: object, place: float) -> None:
    assert effect.position.value == pytest.approx(place, abs=0.02)  # type: ignore[attr-defined]
    assert effect.scores.value == pytest.approx(0.8 * place, abs=0.02)  # type: ignore[attr-defined]
    assert effect.position.low < place < effect.position.high  # type: ignore[attr-defined]
    assert effect.p == 2 / 2**8  # type: ignore[attr-defined]


def test_without_clean_rollouts_the_base_is_zero() -> None:
    found = leak_through(BOOTSTRAP, Scale(zero="base"))
    assert found.position is not None
    assert found.position.value == pytest.approx(0.4 / 0.6, abs=0.02)


def test_where_the_scale_has_no_length_effects_are_told_in_scores() -> None:
    outcomes = study(np.random.default_rng(1), {"clean": 0.3, "untouched": 0.3, "drop": 0.3})
    found = leak_through(Bootstrap(outcomes, 0), SCALE)
    assert found.position is None
    assert found.scores.low < 0 < found.scores.high
    assert 0 < found.detectable < 0.3


@pytest.mark.parametrize(("arm", "place"), [("clean", 0.0), ("untouched", 1.0)])
def test_the_ends_of_the_scale_are_certain(arm: str, place: float) -> None:
    found = leak_through(BOOTSTRAP, SCALE, arm)
    assert found.position == pytest.approx((place,) * 3)


def test_an_arm_nobody_trained_is_named() -> None:
    with pytest.raises(UsageError, match="no arm 'switched'"):
        leak_through(BOOTSTRAP, SCALE, "switched")
