"""Works for an executor, which every process can import."""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from curate.errors import UsageError


@contextmanager
def squaring() -> Iterator[Callable[[int], int]]:
    """Squares slowly enough that something may happen meanwhile."""

    def square(item: int) -> int:
        time.sleep(0.02)
        return item * item

    yield square


@contextmanager
def naming() -> Iterator[Callable[[int], int]]:
    yield lambda item: -item


@contextmanager
def counting() -> Iterator[Callable[[str], int]]:
    seen: Counter[str] = Counter()

    def count(item: str) -> int:
        if item == "die":
            os._exit(1)
        seen[item] += 1
        return seen[item]

    yield count


@contextmanager
def placing() -> Iterator[Callable[[int], str]]:
    """Answers slowly with the node it is on."""
    import ray

    node = ray.get_runtime_context().get_node_id()

    def place(_: int) -> str:
        time.sleep(0.02)
        return node

    yield place


@contextmanager
def listing() -> Iterator[Callable[[str], tuple[str, tuple[str, ...]]]]:
    """Answers with the node it is on, and with every item it was told."""
    import ray

    told: list[str] = []

    def tell(item: str) -> tuple[str, tuple[str, ...]]:
        time.sleep(0.02)
        told.append(item)
        return ray.get_runtime_context().get_node_id(), tuple(told)

    yield tell


@contextmanager
def dying() -> Iterator[Callable[[int], int]]:
    """Takes its process down at item 3, every time."""

    def die(item: int) -> int:
        if item == 3:
            os._exit(1)
        return item

    yield die


@contextmanager
def dying_once(marker: Path) -> Iterator[Callable[[int], int]]:
    """Takes its process down at item 3, once."""

    def die(item: int) -> int:
        if item == 3 and not marker.exists():
            marker.touch()
            os._exit(1)
        return item

    yield die


@contextmanager
def refusing() -> Iterator[Callable[[int], int]]:
    raise UsageError("no model here; fetch it first")
    yield


@contextmanager
def never_ready() -> Iterator[Callable[[int], int]]:
    """Takes its process down when it is opened."""
    os._exit(1)
    yield


@contextmanager
def breaking() -> Iterator[Callable[[int], int]]:
    raise ZeroDivisionError("by a plugin")
    yield


class Missing:
    """Cannot be imported where it arrives."""

    def __reduce__(self) -> tuple[object, ...]:
        return (__import__, ("no_such_module_at_all",))

    def __call__(self) -> None:
        raise AssertionError
