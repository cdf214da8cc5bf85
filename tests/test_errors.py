"""Errors told in other words."""

import pickle

from curate.errors import CurateError, OutageError, retold


class StubbornError(OutageError):
    """An error of a plugin that wants more than a message."""

    def __init__(self, service: str, *, code: int) -> None:
        super().__init__(f"{service}: {code}")


def test_an_error_of_a_plugin_becomes_the_nearest_of_ours():
    told = retold(StubbornError("judge", code=503), "step 'a': judge: 503")

    assert type(told) is OutageError
    assert str(pickle.loads(pickle.dumps(told))) == "step 'a': judge: 503"


def test_one_of_ours_stays_what_it_is():
    assert type(retold(CurateError("x"), "y")) is CurateError
