from collections.abc import Sequence

import numpy as np
import pytest

from curate.api import Context
from curate.audits.statistics.bootstrap import Bootstrap
from curate.audits.statistics.effects import Scale
from curate.audits.transfer.comparisons import compare, comparisons
from curate.audits.transfer.design import Design, design
from fake_students import material
from simulated_studies import Design as Size
from simulated_studies import Mix, study

LEVELS = {
    "base": 0.3,
    "untouched": 0.9,
    "clean": 0.1,
    "drop": 0.7,
    "switch": 0.18,
    "random drop": 0.86,
    "matched drop": 0.82,
    "random switch": 0.74,
    "clean + hits": 0.5,
    "drop, other base": 0.3,
    "clean, other base": 0.1,
}
TRUE = {
    "leak-through of drop": 0.75,
    "switch efficacy": 0.9,
    "advantage of switch over drop": 0.65,
    "advantage of drop over chance": 0.2,
    "advantage of drop over like rows": 0.15,
    "advantage of switch over chance": 0.7,
    "sufficiency": 0.5,
    "position of the base": 0.25,
    "subliminal index": 0.5,
}


def _plan(only: Sequence[str] = ()) -> Design:
    return design(material(), Context(), range(8), has_base=True, only=only)


def _known(without: Sequence[str] = ()) -> Bootstrap:
    levels = {name: level for name, level in LEVELS.items() if name not in without}
    quiet = Mix(0.01, 0.01, 0.01, 0.01, 0.01, 0.01)
    return Bootstrap(study(np.random.default_rng(0), levels, quiet, Size(samples=2000)), 0, 500)


def test_each_comparison_is_what_its_formula_says() -> None:
    made, missing = compare(_plan(), _known())
    assert missing == {}
    found = {each.name: each.position.value for each in made if each.position}
    assert found == pytest.approx(TRUE, abs=0.02)


@pytest.mark.parametrize("arm", [name for name in LEVELS if name not in ("untouched", "clean")])
def test_a_comparison_without_an_arm_is_not_tested_and_says_which(arm: str) -> None:
    needs = {name for name, of in comparisons(Scale()).items() if arm in of}
    others = [each for each in _plan().arms if each != arm]
    made, missing = compare(_plan(others), _known([arm]))
    assert set(missing) == needs
    assert {each.name for each in made} == TRUE.keys() - needs


def test_what_is_missing_is_told_with_its_reason() -> None:
    _, missing = compare(_plan(["switch"]), _known(["drop", "drop, other base"]))
    assert missing["leak-through of drop"] == "drop: not asked for (--arms)"
    assert missing["subliminal index"] == "drop: not asked for (--arms)"  # and --other-base was
    _, missing = compare(_plan(), _known(["drop, other base", "clean, other base"]))
    assert missing["subliminal index"].startswith("drop, other base: --other-base was not given")
    _, missing = compare(_plan(), _known(["base"]))
    assert missing["position of the base"] == "the student has no model to begin with"
