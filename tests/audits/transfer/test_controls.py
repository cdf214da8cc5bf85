from collections.abc import Mapping

import pytest

from curate.audits.asking import Asked
from curate.audits.memory import Shown
from curate.audits.statistics.controls import State
from curate.audits.transfer.controls import answers_control, check_randomness, unreadable
from curate.audits.trial import Trial
from curate.errors import UsageError


def _trial(fates: Mapping[str, int], base: Mapping[str, int] | None = None) -> Trial:
    asked = Asked((0.5, 0.5), fates)
    told = None if base is None else Asked((0.5, 0.5), base)
    return Trial((0, 1), {("drop", seed): Shown(asked, (0.0,)) for seed in (0, 1)}, told)


@pytest.mark.parametrize(
    ("fates", "why"),
    [
        ({"counted": 100}, None),
        ({"counted": 95, "truncated": 5}, None),
        ({"counted": 94, "truncated": 6}, "6% cut off"),
        ({"counted": 50, "empty": 50}, None),
        ({"counted": 49, "empty": 51}, "only 49% can be counted"),
        ({"counted": 40, "unreadable": 30, "looping": 30}, "only 40% can be counted"),
        ({}, "only 0% can be counted"),
    ],
)
def test_answers_must_be_readable(fates: Mapping[str, int], why: str | None) -> None:
    assert unreadable(_trial(fates), "drop") == why
    control = answers_control(_trial(fates), ["drop"])
    assert control.state is (State.PASSED if why is None else State.FAILED)
    assert why is None or control.words == f"drop: {why}"


def test_the_base_is_read_where_it_is_an_arm() -> None:
    trial = _trial({"counted": 4}, {"truncated": 4})
    assert answers_control(trial, ["drop"]).state is State.PASSED
    assert answers_control(trial, ["drop", "base"]).words == "base: 100% cut off"


def _traced(*traces: tuple[float, float]) -> Trial:
    asked = Asked((0.5, 0.5), {"counted": 2})
    shown = {}
    for seed, pair in enumerate(traces):
        for arm, trace in zip(("untouched", "untouched again"), pair, strict=True):
            shown[arm, seed] = Shown(asked, (trace,))
    return Trial(tuple(range(len(traces))), shown)


def test_students_that_are_equal_to_the_last_bit_are_refused() -> None:
    check_randomness(_traced((0.5, 0.5 + 1e-16), (0.1, 0.2)))
    with pytest.raises(UsageError, match="train for more steps"):
        check_randomness(_traced((0.1, 0.2), (0.5, 0.5)))
