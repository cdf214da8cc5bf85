"""How works and errors of Ray are told in messages."""

from curate.api import Work


def told(work: Work) -> str:
    """Return the names of the steps that a work does."""
    return ", ".join(map(repr, work.steps)) or "no steps"


def first_line(error: Exception) -> str:
    """Return the first line of what an error says, or its kind where it says nothing."""
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
