"""How many workers a pool has, and what each of them asks of its node."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from curate.api import Work
from curate.errors import UsageError
from curate_ray import telling
from curate_ray.cluster import Node


class Resources(BaseModel):
    """What each worker of a step asks of its node, and how many workers there are."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cpus: float = Field(1.0, ge=0, description="CPUs of each worker")
    gpus: float = Field(0.0, ge=0, description="GPUs of each worker; may be a part of one")
    memory: int = Field(0, ge=0, description="bytes of memory of each worker")
    workers: int | None = Field(None, ge=1, description="how many; none: as many as fit")
    custom: Mapping[str, float] = Field(
        default_factory=dict, description="resources that the cluster has a name for"
    )

    def asked(self) -> dict[str, float]:
        """Return what a worker asks for, under Ray's names."""
        told = {"CPU": self.cpus, "GPU": self.gpus, "memory": float(self.memory), **self.custom}
        return {name: amount for name, amount in told.items() if amount}


@dataclass(frozen=True, slots=True)
class Crew:
    """The workers of one pool."""

    count: int
    asked: Mapping[str, float]
    """What each asks of its node, under Ray's names."""

    def options(self) -> dict[str, Any]:
        """Return what Ray is told when an actor is made."""
        own = {k: v for k, v in self.asked.items() if k not in ("CPU", "GPU", "memory")}
        return {
            "num_cpus": self.asked.get("CPU", 0),
            "num_gpus": self.asked.get("GPU", 0),
            "memory": self.asked.get("memory") or None,
            "resources": own,
        }


def share(
    works: Sequence[Work],
    steps: Mapping[str, Resources],
    workers: int | None,
    nodes: Sequence[Node],
) -> list[Crew]:
    """Share a cluster among the pools: first those with wishes, then all others alike.

    The others have a worker for each CPU that is left, or as many as are wanted; they take turns,
    so each asks for its part of a CPU only.

    Raises:
        UsageError: no node has what a step asks for.
    """
    told = [[steps[name] for name in work.steps if name in steps] for work in works]
    left: dict[str, float] = {}
    for node in nodes:
        for name, amount in node.items():
            left[name] = left.get(name, 0.0) + amount
    crews: dict[int, Crew] = {}
    for number, (work, wishes) in enumerate(zip(works, told, strict=True)):
        if wishes:
            asked = _largest(wishes)
            _check(work, asked, nodes)
            counts = [wish.workers for wish in wishes if wish.workers]
            fitting = min((int(left[k] / v) for k, v in asked.items()), default=1)
            count = max(counts, default=max(1, fitting // _rivals(asked, told)))
            crews[number] = Crew(count, asked)
            for name, amount in asked.items():
                left[name] = max(left[name] - count * amount, 0.0)
    others = max(told.count([]), 1)
    cpus = left.get("CPU", 0.0)
    count = workers or max(1, int(cpus))
    part = min(1.0, cpus / count) / others
    common = Crew(count, {"CPU": int(part * 10_000) / 10_000})  # rounded down, to what Ray counts
    return [crews.get(number, common) for number in range(len(works))]


def _largest(wishes: Sequence[Resources]) -> dict[str, float]:
    """Return, of each resource, the most that a step asks for: they share their workers."""
    asked: dict[str, float] = {}
    for wish in wishes:
        for name, amount in wish.asked().items():
            asked[name] = max(amount, asked.get(name, 0.0))
    return asked


def _rivals(asked: Mapping[str, float], told: Sequence[Sequence[Resources]]) -> int:
    """Return how many pools must share what limits this one: all of them where it is CPUs."""
    return len(told) if set(asked) <= {"CPU", "memory"} else 1


def _check(work: Work, asked: Mapping[str, float], nodes: Sequence[Node]) -> None:
    if not any(all(node.get(k, 0.0) >= v for k, v in asked.items()) for node in nodes):
        wanted = ", ".join(f"{name} {amount:g}" for name, amount in sorted(asked.items()))
        has = "; ".join(
            ", ".join(
                f"{name} {amount:g}"
                for name, amount in sorted(node.items())
                if not name.startswith(("node:", "object_store"))
            )
            for node in nodes
        )
        raise UsageError(
            f"executor 'ray': no node can give step {telling.told(work)} what it "
            f"asks for ({wanted}); the nodes have: {has}"
        )
