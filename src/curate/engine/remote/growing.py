"""Which files of a run still grow, and which are complete, by what its state says."""

from collections.abc import Iterator, Mapping
from typing import Any

from curate.ledger import Layout


def growing(state: Mapping[str, Any], layout: Layout) -> dict[str, int]:
    """Return the committed bytes of each file that still grows, by name."""
    sizes = {}
    for name, saved in state["sizes"].items():
        if isinstance(saved, Mapping):
            sizes[layout.name(name, len(saved["complete"]))] = saved["stored"]
        else:
            sizes[name] = saved
    return sizes


def complete(state: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Yield name and bytes of each shard that is complete."""
    for saved in state["sizes"].values():
        if isinstance(saved, Mapping):
            yield from ((shard["name"], shard["bytes"]) for shard in saved["complete"])
