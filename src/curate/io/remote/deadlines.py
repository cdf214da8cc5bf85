"""How long a store may take for one try, so that one that hangs or trickles is an outage."""

from typing import Any

from curate.extras import need

ANSWER = 30.0
"""Seconds for an answer without a body."""
SLOWEST = 128 << 10
"""Bytes a second; a store that is slower counts as one that is away."""
LISTING = 120.0
"""Seconds for all names that a glob looks at, or a folder with all in it: thousands a second."""


def within(size: int = 0) -> float:
    """Return the seconds for a call that reads or writes so many bytes."""
    return ANSWER + size / SLOWEST


def asked(fs: Any, limit: float | None, method: str, *arguments: Any, **options: Any) -> Any:
    """Call a method of a file system, and give up in time.

    The coroutine of the method is awaited here, as not every library lets its plain method end
    early. One that is not asynchronous at all (that of the hub) has times of its own.

    Args:
        fs: What speaks the protocol.
        limit: Seconds; None: as long as bytes come.
        method: Such as `cat_file`.
        *arguments: What it is called with.
        **options: The same, by name.

    Raises:
        Exception: what the library raises; `fsspec.FSTimeoutError` after `limit`.
    """
    if not fs.async_impl:
        return getattr(fs, method)(*arguments, **options)
    sync = need("fsspec.asyn", "remote").sync
    return sync(fs.loop, getattr(fs, f"_{method}"), *arguments, timeout=limit, **options)
