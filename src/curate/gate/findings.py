"""A finding: one row that makes a rule fail, or the rule itself where no row can be pointed at."""

import hashlib
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from curate.gate.policy import Level


class Sighting(NamedTuple):
    """What a rule may hold against one row: a hit, a fate, or its teacher."""

    kind: str
    """As in a measure: `hits`, `dropped`, `quarantined`, `unreadable`, `teacher`."""
    name: str | None
    """The step that hit, or the teacher."""
    step: str
    reason: str


def fingerprint(digest: str, sighting: Sighting) -> str:
    """Return the 32 hex digits a finding is known by, wherever its row stands."""
    told = "\0".join((digest, sighting.step, sighting.reason))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]


class Finding(BaseModel):
    """One finding. All texts are printable; sensitive ones are masked unless asked for."""

    model_config = ConfigDict(frozen=True)

    rule: str = Field(description="the rule's name")
    level: Level = Field(description="what it means: error or warning")
    file: str = Field("", description="the input, as it was named; empty for a rule as a whole")
    line: int = Field(0, description="1-based line; of an array or a table, the row")
    in_lines: bool = Field(True, description="whether `line` is a line of a text file")
    column: int | None = Field(
        None, description="1-based character of the line where the match begins, where it is plain"
    )
    end_column: int | None = Field(None, description="1-based character behind the match")
    index: int = Field(0, description="0-based place among all lines of its target")
    target: int = Field(0, description="0-based number of its target")
    digest: str = Field("", description="of the row's bytes, as they were read")
    step: str = Field("", description="the step that saw it, `reader`, or `(teacher)`")
    reason: str = Field("", description="the reason it gave, a slug")
    detail: str = Field("", description="more about it, in words")
    excerpt: str = Field("", description="the text around the match, which stands between « and »")
    turn: int | None = Field(None, description="0-based turn of the match")
    span: tuple[int, int] | None = Field(None, description="its characters in the turn, half open")
    fingerprint: str = Field("", description="of digest, step and reason")
    occurrence: int = Field(1, description="counts rows of one fingerprint, from 1")

    @property
    def place(self) -> str:
        """`file:line`, or nothing where no row is meant."""
        if not self.file:
            return ""
        return f"{self.file}:{self.line}" if self.in_lines else f"{self.file}: row {self.line}"

    @property
    def told(self) -> str:
        """What was found, in one line."""
        said = f"{self.step}: {self.reason}" if self.reason else self.step
        return ": ".join(part for part in (said, self.detail) if part)
