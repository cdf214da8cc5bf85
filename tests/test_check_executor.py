"""An executor that keeps its promises passes; one that breaks any is told which."""

import pytest

from curate.testing import check_executor
from fake_executors import Here


@pytest.mark.parametrize("pools", ["InTurn", "LatestFirst", "AnyOrder", "Twice"])
def test_lawful_executors_pass(pools: str) -> None:
    check_executor(Here(pools=pools))


@pytest.mark.parametrize(
    ("pools", "promise"),
    [
        ("AnswersTwice", "each key is answered once"),
        ("AnswersAnother", "each key is answered once"),
        ("AnswersNothing", "an answer is what the work returned"),
        ("NeverForgets", "a renewed keeper remembers nothing"),
        ("KeepsOne", "a keeper is asked in order, each for itself"),
    ],
)
def test_a_broken_promise_is_named(pools: str, promise: str) -> None:
    with pytest.raises(AssertionError, match=promise):
        check_executor(Here(pools=pools))
