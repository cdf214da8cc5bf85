"""Where each input of a run begins and ends among the lines of the run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from curate.io.sources import BOM


@dataclass(frozen=True, slots=True)
class Extent:
    """Lines `start` to `stop` (half open, counted over the run) are those of one input."""

    name: str
    start: int
    stop: int
    whole: bool
    """Every line of the input was read; if not, nothing is known of its end."""
    read: bool
    """Anything of it was read."""
    sha256: str | None
    """Of the whole input, decompressed; known where it was read to its end."""
    size: int | None
    """Decompressed bytes, where they are known."""
    is_array: bool
    """A JSON array: a line is an element, and what stood between elements is not known."""
    is_table: bool
    """Parquet, Arrow or a data set of the hub: a line is a row, and the file is not known."""
    has_bom: bool
    has_final_newline: bool

    @property
    def lines(self) -> int:
        """How many lines of it the run read."""
        return self.stop - self.start

    @property
    def head(self) -> bytes:
        """What stood before the first line."""
        return BOM if self.has_bom else b""

    def as_read(self, index: int, line: bytes) -> bytes:
        r"""Return a line that ends in `\n` as it stood in the input, which may end without."""
        if index == self.stop - 1 and self.whole and not self.has_final_newline:
            return line.removesuffix(b"\n")
        return line


def extents(facts: Mapping[str, Any]) -> list[Extent]:
    """Return the extent of every input, in order; `facts` is the run's `run.json`."""
    return list(_extents(facts))


def difference(facts: Mapping[str, Any]) -> str:
    """Say that the lines of the inputs do not add up to those of the run; empty where they do."""
    found, total = extents(facts), _total(facts)
    short = facts["identity"]["limit"] is None and not all(each.whole for each in found)
    if not short and sum(each.lines for each in found) == total:
        return ""
    told = sum(each.get("lines") or 0 for each in facts["inputs"])
    return f"counts has {total} lines, blank ones included, and the inputs have {told}"


def _extents(facts: Mapping[str, Any]) -> Iterator[Extent]:
    start, total = 0, _total(facts)
    for told in facts["inputs"]:
        known = told["sha256"] is not None
        stop = min(start + told["lines"], total) if known else total
        yield Extent(
            name=told["name"],
            start=start,
            stop=stop,
            whole=known and stop == start + told["lines"],
            read=known or stop > start,
            sha256=told["sha256"],
            size=told.get("size"),
            is_array=told.get("format") == "json",
            is_table=told.get("format", "jsonl") not in ("jsonl", "json"),
            has_bom=told.get("bom", False),
            has_final_newline=told.get("final_newline", True),
        )
        start = stop


def _total(facts: Mapping[str, Any]) -> int:
    """Return how many lines the run read, blank ones included."""
    counts = facts["counts"]
    return int(counts["read"] + counts["blank"])
