"""Every error `curate` raises on purpose, as one small tree.

    CurateError
    ├── UsageError     a command, option or argument is wrong                       exit 2
    │   ├── PlanError      a plan, policy or card is wrong; the message carries `file:line`
    │   ├── InputError     an input is missing, is not what it says, or changed
    │   └── ResumeError    the run directory belongs to another plan, input or plugin
    ├── PluginError    a plugin broke its contract (raised, hung, wrong length …)   exit 3
    ├── OutageError    a service or resource went away: never a verdict             exit 3
    ├── LedgerError    the books do not balance, or a file is not what was written  exit 3
    └── NotARecord     valid JSON, but not a row of the declared shape (quarantines the row)

A message says what is wrong, where, and what to do. The command line prints it in one place,
without a traceback.
"""

from collections.abc import Iterable
from difflib import get_close_matches


class CurateError(Exception):
    """The root: everything a user can act on."""

    exit_code = 3


class UsageError(CurateError):
    """A command, option or argument is wrong."""

    exit_code = 2


class PlanError(UsageError):
    """A plan is wrong, or what is written like one: a policy, a card, the spec of a plugin."""


class InputError(UsageError):
    """An input is missing, unreadable as a file, or not what it claims to be."""


class ResumeError(UsageError):
    """The run directory belongs to another plan, input or plugin version."""


class PluginError(CurateError):
    """A plugin broke its contract."""


class OutageError(CurateError):
    """A service or resource a plugin depends on went away. The run stops as incomplete."""


class LedgerError(CurateError):
    """The books do not balance, or a file is not what was written."""


class NotARecord(CurateError):  # noqa: N818  (named for what the row is, not for a failure of ours)
    """The row is valid JSON but has no turns in its shape; whoever needs turns quarantines it."""


def retold(error: CurateError, message: str) -> CurateError:
    """Return an error of the same kind that says `message`.

    It is one of our own classes: a plugin's may want other arguments, or not survive a journey.
    """
    ours = (cls for cls in type(error).__mro__ if cls.__module__ == CurateError.__module__)
    found: type[CurateError] = next(ours, CurateError)
    return found(message)


def suggest(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean 'x'?` or `; known: a, b, c` for an unknown `word`."""
    names = sorted(known)
    close = get_close_matches(word, names, n=1, cutoff=0.6)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; known: {', '.join(names)}" if names else ""
