import math

import numpy as np
import pytest

from curate.audits.statistics.outcomes import Outcomes, Table
from curate.errors import UsageError

TEMPLATES = {"p": "a", "q": "a", "r": "b"}
SCORES = np.array([[0.0, 0.5, 1.0], [0.2, 0.4, 0.6]])


def _table(**changed: object) -> Table:
    return Table(**{"seeds": (1, 2), "prompts": ("p", "q", "r"), "scores": SCORES, **changed})  # type: ignore[arg-type]


def test_arms_are_lined_up_by_seed_and_prompt() -> None:
    other = _table(seeds=(2, 1), prompts=("r", "p", "q"), scores=SCORES[::-1][:, [2, 0, 1]])
    found = Outcomes.paired({"clean": _table(), "drop": other}, TEMPLATES)
    assert not found.table({"drop": 1, "clean": -1}).any()
    assert found.templates == ("a", "a", "b")


def test_a_model_without_seeds_stands_beside_each() -> None:
    base = _table(seeds=(), scores=SCORES[:1])
    found = Outcomes.paired({"base": base, "clean": _table()}, TEMPLATES)
    assert found.by_seed({"base": 1}) == pytest.approx([0.5, 0.5])
    assert found.mean({"clean": 1, "base": -1}) == pytest.approx(-0.05)


@pytest.mark.parametrize(
    ("other", "says"),
    [
        pytest.param(_table(seeds=(1, 3)), "seeds that are not the other arms': 2, 3", id="seeds"),
        pytest.param(_table(prompts=("p", "q", "s")), "prompts that are not", id="prompts"),
        pytest.param(_table(prompts=("p", "q", "q")), "prompts that are not", id="twice"),
        pytest.param(_table(seeds=(1, 1)), "seeds that are not", id="seed twice"),
        pytest.param(_table(scores=SCORES[:1]), "shape", id="shape"),
        pytest.param(_table(scores=SCORES + 0.5), "seed 1, prompt 'r': score 1.5", id="bounds"),
        pytest.param(_table(scores=SCORES * np.nan), "score nan is not between", id="missing"),
    ],
)
def test_arms_that_are_not_paired_are_refused(other: Table, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        Outcomes.paired({"clean": _table(), "drop": other}, TEMPLATES)


@pytest.mark.parametrize("bounds", [(0.0, math.inf), (1.0, 1.0), (math.nan, 1.0)])
def test_scores_without_a_range_are_refused(bounds: tuple[float, float]) -> None:
    with pytest.raises(UsageError, match="needs a range"):
        Outcomes.paired({"clean": _table()}, TEMPLATES, bounds)


def test_one_seed_is_not_an_audit() -> None:
    with pytest.raises(UsageError, match="1 seeds and 3 prompts"):
        Outcomes.paired({"clean": _table(seeds=(1,), scores=SCORES[:1])}, TEMPLATES)


def test_a_prompt_without_a_template_is_named() -> None:
    with pytest.raises(UsageError, match="without a template: 'r'"):
        Outcomes.paired({"clean": _table()}, {"p": "a", "q": "a"})


def test_an_arm_that_was_not_trained_is_named() -> None:
    with pytest.raises(UsageError, match="no arm 'cleam' was trained; did you mean 'clean'"):
        Outcomes.paired({"clean": _table()}, TEMPLATES).mean({"cleam": 1})
