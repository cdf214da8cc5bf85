"""Where what a pass made of each segment goes: to a run directory, nowhere, or to a listener."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from curate.engine.parts import Part
from curate.records import View


class Sink(Protocol):
    """Where a run writes, or whoever listens to one."""

    def take(self, part: Part, data: bytes, names: Sequence[str], view: View) -> None:
        """Take one segment, in input order, whose every record has its fate.

        Args:
            part: What became of its records.
            data: Its lines.
            names: Of the steps.
            view: How its rows are read.
        """

    def journal(self, step: int, data: bytes) -> None:
        """Append to the journal of a corpus filter."""

    def sizes(self) -> dict[str, Any]:
        """Return the length of every file as it is now, and whatever else is needed to go on."""

    def commit(self, state: Mapping[str, Any]) -> None:
        """Make the first `state["sizes"]` bytes of every file count."""

    def finish(self, facts: Mapping[str, Any], plan: str) -> dict[str, Any]:
        """Complete the outputs and return what `run.json` says."""


class Nowhere:
    """The sink of a dry run: counts nothing, writes nothing."""

    def take(self, part: Part, data: bytes, names: Sequence[str], view: View) -> None:
        """Do nothing."""

    def journal(self, step: int, data: bytes) -> None:
        """Do nothing."""

    def sizes(self) -> dict[str, Any]:
        """Return nothing."""
        return {}

    def commit(self, state: Mapping[str, Any]) -> None:
        """Do nothing."""

    def finish(self, facts: Mapping[str, Any], plan: str) -> dict[str, Any]:  # noqa: ARG002
        """Return the facts."""
        return {**facts, "outputs": {}}
