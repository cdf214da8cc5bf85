"""How long a store may take for one try, so that one that hangs or trickles is an outage."""

from typing import Any

ANSWER = 30.0
"""Seconds for an answer without a body."""
SLOWEST = 128 << 10
"""Bytes a second; a store that is slower counts as one that is away."""
LISTING = 600.0
"""Seconds for the names of a folder or a glob, which may be millions."""


def within(fs: Any, size: int = 0) -> dict[str, float]:
    """Return the argument with which a call of `fs` gives up in time.

    Args:
        fs: What speaks the protocol. One that is not asynchronous (that of the hub) takes no such
            argument, and has times of its own.
        size: Bytes that the call reads or writes.
    """
    return _argument(fs, ANSWER + size / SLOWEST)


def listing(fs: Any) -> dict[str, float]:
    """Return the argument with which a call that asks `fs` for names gives up in time."""
    return _argument(fs, LISTING)


def _argument(fs: Any, seconds: float) -> dict[str, float]:
    return {"timeout": seconds} if fs.async_impl else {}
