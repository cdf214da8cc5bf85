"""A function called in a process of its own: memory, CPU and imports are of that call alone."""

import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any


def apart(work: Callable[..., Any], *arguments: Any) -> Any:
    """Return what `work` returns in a fresh process.

    Raises:
        EOFError: it raised there.
    """
    spawning = multiprocessing.get_context("spawn")
    ours, theirs = spawning.Pipe(duplex=False)
    process = spawning.Process(target=_send, args=(theirs, work, *arguments))
    process.start()
    theirs.close()
    found = ours.recv()
    process.join()
    return found


def _send(pipe: Connection, work: Callable[..., Any], *arguments: Any) -> None:
    pipe.send(work(*arguments))
