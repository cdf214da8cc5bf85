"""How the outputs of a run are stored: each in one plain file, or in shards, or compressed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from curate.io.blocks import Compression
from curate.ledger.names import OUTPUTS, PART

_STEMS = "|".join(name.removesuffix(".jsonl") for name in OUTPUTS)
_STORED = re.compile(rf"({_STEMS})(-\d{{5,}})?(\.jsonl)(\.gz|\.zst)?({re.escape(PART)})?")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where shards end, and how they are compressed."""

    shard_size: int | None = None
    """A shard ends with the segment in which its rows reach this many bytes, before compression."""
    compression: Compression | None = None

    @property
    def plain(self) -> bool:
        """Every output is one file, as its rows are."""
        return self == PLAIN

    def name(self, output: str, shard: int) -> str:
        """Return the name of a file that stores a part of an output."""
        return self._numbered(output, f"{shard:05}")

    def pattern(self, output: str) -> str:
        """Return what a shell takes for all files that store an output."""
        return self._numbered(output, "*")

    def facts(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {"shard_size": self.shard_size, "compression": self.compression}

    def _numbered(self, output: str, number: str) -> str:
        shard = "" if self.shard_size is None else f"-{number}"
        ending = f".{self.compression}" if self.compression else ""
        return f"{output.removesuffix('.jsonl')}{shard}.jsonl{ending}"


PLAIN = Layout()


def layout(facts: Mapping[str, Any]) -> Layout:
    """Return the layout of a run from what its identity says."""
    return Layout(**facts.get("layout", {}))


def output_of(file: str) -> str | None:
    """Return the output that a file of this name stores, complete or not; None: it stores none."""
    found = _STORED.fullmatch(file)
    return found and f"{found[1]}{found[3]}"
