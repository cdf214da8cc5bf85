"""A store that falters is asked again; one that stays away is an outage, and never a verdict."""

import time
from collections.abc import Callable
from typing import TypeVar

from curate.errors import CurateError, OutageError, UsageError

T = TypeVar("T")

TRIES = 5
FIRST_WAIT = 0.25
"""Seconds after the first try; twice as long after each one more."""


def retried(where: str, call: Callable[[], T]) -> T:
    """Return what `call` returns, asking again when it fails.

    Args:
        where: The URL that is asked for, for messages.
        call: May be done again after it failed or half succeeded.

    Raises:
        OutageError: it failed every time.
        UsageError: the store does not let us in.
    """
    wait = FIRST_WAIT
    for tried in range(1, TRIES + 1):
        try:
            return call()
        except CurateError:
            raise
        except PermissionError as error:
            raise UsageError(
                f"{where}: access denied ({_first_line(error)}); the store's own library finds "
                "credentials in the environment"
            ) from None
        except Exception as error:  # each store has errors of its own
            if tried == TRIES:
                raise OutageError(
                    f"{where}: {type(error).__name__}: {_first_line(error)} ({TRIES} tries); when "
                    "the store is back, the same command goes on from here"
                ) from error
        time.sleep(wait)
        wait *= 2
    raise AssertionError  # the last try returned or raised


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0][:200]
