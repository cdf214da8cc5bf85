"""`ray`: the segments of a run, judged on a Ray cluster.

A work is opened in a pool of actors; items go to the actor that has the least to do. Ray sees no
record: what travels is where a segment lies, and what became of it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import ClassVar

from pydantic import Field, field_validator

from curate.api import Executor, Pools, Work, hookimpl
from curate_ray.cluster import ADDRESS, AUTO, connected
from curate_ray.resources import Resources, share


class Ray(Executor):
    """Judges on a Ray cluster, or on one of this machine's own that ends with the run."""

    name: ClassVar[str] = "ray"

    address: str | None = Field(
        None, description="auto, HOST:PORT or ray://HOST:PORT; none: a cluster on this machine"
    )
    steps: Mapping[str, Resources] = Field(
        default_factory=dict, description="steps that get workers of their own, and of what kind"
    )
    patience: float = Field(
        300.0, gt=0, description="seconds without any worker until the run stops as incomplete"
    )

    @field_validator("address")
    @classmethod
    def _leads_somewhere(cls, address: str | None) -> str | None:
        if address not in (None, AUTO) and not re.fullmatch(ADDRESS, address):
            raise ValueError(
                f"an address is {AUTO}, HOST:PORT or ray://HOST:PORT, such as 10.0.0.5:6379"
            )
        return address

    def apart(self) -> frozenset[str]:
        """Return the steps that something is said of."""
        return frozenset(self.steps)

    @contextmanager
    def open(self, works: Sequence[Work], workers: int | None) -> Iterator[Pools]:
        """Connect, open a pool of actors for each work, and yield the pools.

        Raises:
            OutageError: there is no cluster at the address.
            UsageError: no node of the cluster has what a step asks for.
        """
        with connected(self.address) as (nodes, head):
            from curate_ray.dispatching import Dispatch  # a second: only where it is used

            crews = share(works, self.steps, workers, nodes)
            with Dispatch(works, crews, self.patience, head) as pools:
                yield pools


@hookimpl
def curate_executors() -> Sequence[type[Executor]]:
    """Name the executor for the registry."""
    return [Ray]
