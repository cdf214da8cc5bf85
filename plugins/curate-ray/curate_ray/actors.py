"""Actors: made, opened, asked and ended, with Ray's errors told apart."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import ray
from ray import cloudpickle
from ray.exceptions import (
    NodeDiedError,
    ObjectLostError,
    OutOfMemoryError,
    RayActorError,
    RayError,
    RayTaskError,
    WorkerCrashedError,
)

from curate.api import Work
from curate.errors import OutageError, PluginError
from curate_ray.telling import first_line
from curate_ray.worker import Worker, versions

LOST = (
    NodeDiedError,
    ObjectLostError,
    OutOfMemoryError,
    RayActorError,
    WorkerCrashedError,
)
"""What Ray raises where an actor, its node, or an answer that lay there is gone."""
_REMOTE: Any = ray.remote(Worker)
CLOSING = 5.0
"""Seconds a worker has to close when the run is over."""


@contextmanager
def reached() -> Iterator[None]:
    """Tell apart what Ray raises where this machine's way to the cluster is gone.

    Raises:
        OutageError: it is gone: its own node, or with `ray://` the connection.
    """
    try:
        yield
    except (OSError, RayError) as error:
        raise OutageError(
            "Ray: this machine's node of the cluster, or its connection to one, is gone "
            f"({first_line(error)}); when it is back, run the same command again to go on"
        ) from error


@dataclass(eq=False, slots=True)
class Actor:
    """One actor, and what it was sent and has not answered."""

    handle: Any
    checked: Any
    """Ready as soon as it has a place."""
    opened: Any
    """Ready when its work is open."""
    lost: int = 0
    """Actors lost in its place, one after the other, before they were open."""
    sent: dict[Any, int] = field(default_factory=dict)
    """Reference of an answer -> key of the item."""
    placed: bool = False
    is_open: bool = False


def packed(work: Work) -> Any:
    """Return a work as bytes in Ray's store, for any number of actors."""
    return ray.put(cloudpickle.dumps(work))


def make(work: Any, options: Mapping[str, Any], lost: int = 0) -> Actor:
    """Make an actor and tell it to open a packed work; it may wait for a place.

    Args:
        work: What `packed` returned.
        options: What Ray is told of the actor.
        lost: Actors that were lost in its place before they were open.
    """
    # an actor that Ray restarted by itself would have forgotten its work
    told = {"max_restarts": 0, "max_task_retries": 0, "scheduling_strategy": "SPREAD", **options}
    handle = _REMOTE.options(**told).remote()
    return Actor(handle, handle.check.remote(versions()), handle.open.remote(work), lost)


def answer(reference: Any) -> Any:
    """Return what an actor answered.

    Raises:
        PluginError: an item or its answer cannot travel.
        OutageError: Ray itself failed.
        RayError: one of `LOST`.
    """
    try:
        return ray.get(reference)
    except LOST:
        raise
    except RayTaskError as error:
        cause = error.cause
        raise PluginError(f"executor 'ray': {type(cause).__name__}: {cause}") from error
    except RayError as error:
        raise OutageError(f"Ray: {type(error).__name__}: {error}") from error


def check(reference: Any) -> None:
    """Raise what an actor answered to `check` or `open`, if that is an error."""
    error = answer(reference)
    if error is not None:
        raise error


def end(actors: list[Actor], in_peace: bool) -> None:
    """End actors; those that are open may close their works first, if all is well."""
    with suppress(Exception):  # whatever Ray raises where it is gone: they end with the run
        closing = [actor.handle.close.remote() for actor in actors if in_peace and actor.is_open]
        if closing:
            ray.wait(closing, num_returns=len(closing), timeout=CLOSING)
        for actor in actors:
            ray.kill(actor.handle)
