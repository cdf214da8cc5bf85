"""A rollout: what one teacher answered to one prompt, and where that stands."""

from typing import NamedTuple

from curate.records import View


class Rollout(NamedTuple):
    """One response to a prompt."""

    key: bytes
    """Of the prompt, normalised; see `curate.index.keys`."""
    exact: bytes
    """Of the prompt as it is."""
    text: str
    teacher: str
    source: str | None
    file: str
    """As it was named when the index was built."""
    line: int
    digest: bytes
    """The first 16 bytes of the SHA-256 of the line, as in a ledger."""
    cut: bool
    """The row says that the response hit a limit of its length."""

    def teacher_in(self, view: View) -> str:
        """Return the teacher as records of a view name it: an index may know another name."""
        return view.canonical(self.teacher)

    @property
    def place(self) -> str:
        """`file:line`, for messages and lineage."""
        return f"{self.file}:{self.line}"
