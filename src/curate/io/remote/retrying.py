"""A store that falters is asked again; one that stays away is an outage, and never a verdict."""

import time
from collections.abc import Callable
from typing import TypeVar

from curate.errors import CurateError, InputError, OutageError, UsageError
from curate.io.remote.urls import first_line

T = TypeVar("T")

TRIES = 5
FIRST_WAIT = 0.25
"""Seconds after the first try; twice as long after each one more."""

_CREDENTIALS = {
    "s3": "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE",
    "gs": "GOOGLE_APPLICATION_CREDENTIALS",
    "hf": "HF_TOKEN",
    "abfs": "AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY",
    "az": "AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY",
}
"""Protocol -> where the store's own library looks for credentials."""
_DENIED = (401, 403)


def retried(where: str, call: Callable[[], T]) -> T:
    """Return what `call` returns, asking again when it fails.

    Args:
        where: The URL that is asked for, for messages; without secrets.
        call: May be done again after it failed or half succeeded.

    Raises:
        OutageError: it failed every time.
        InputError: the store says that something is not there.
        UsageError: the store does not let us in.
    """
    wait = FIRST_WAIT
    for tried in range(1, TRIES + 1):
        try:
            return call()
        except CurateError:
            raise
        except FileNotFoundError as error:  # an answer, such as that there is no such bucket
            raise InputError(f"{where}: is not there: {first_line(error)}") from None
        except Exception as error:  # each store has errors of its own
            if _is_denied(error):
                raise _denied(where, error) from None
            if tried == TRIES:
                told = first_line(error) or "no answer in time"
                raise OutageError(
                    f"{where}: {type(error).__name__}: {told} ({TRIES} tries); when "
                    "the store is back, give the same command again: a run goes on where it was"
                ) from error
        time.sleep(wait)
        wait *= 2
    raise AssertionError  # the last try returned or raised


def _is_denied(error: Exception) -> bool:
    return (
        isinstance(error, PermissionError)
        or getattr(error, "status", None) in _DENIED  # a web server's
        or type(error).__name__ == "NoCredentialsError"  # botocore's, which has no parent to name
    )


def _denied(where: str, error: Exception) -> UsageError:
    known = _CREDENTIALS.get(where.partition("://")[0].lower())
    looked = f" ({known})" if known else ""
    return UsageError(
        f"{where}: access denied ({first_line(error)}); the store's own library finds "
        f"credentials in the environment{looked}"
    )
