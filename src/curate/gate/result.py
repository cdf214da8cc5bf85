"""The result of a gate: everything every format says, as one frozen value with a JSON schema."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from curate.gate.findings import Finding
from curate.gate.policy import Level

FORMAT = 1
Status = Literal["passed", "failed", "incomplete"]
State = Literal["passed", "failed", "not evaluated"]
EXIT = {"passed": 0, "failed": 1, "incomplete": 3}
UNRESOLVED = 4
"""The exit code where nothing failed but audits that ended in `unresolved`."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Target(_Part):
    """Something the rules were held against."""

    kind: Literal["corpus", "run", "audit"] = Field(description="what it is")
    name: str = Field(description="as it was given")


class Counts(_Part):
    """What became of the rows of all targets."""

    read: int = Field(0, description="rows, unreadable ones among them")
    kept: int = Field(0, description="of these")
    dropped: int = Field(0, description="of these")
    quarantined: int = Field(0, description="of these: what could not be judged")
    unreadable: int = Field(0, description="of the quarantined: no UTF-8 JSON")


class Judged(_Part):
    """A rule and how it came out."""

    name: str = Field(description="what it is called; the rule itself, if it was not named")
    rule: str = Field(description="the rule")
    level: Level = Field(description="a warning fails nothing")
    why: str = Field(description="why the policy has it")
    place: str = Field(description="where it is written; empty for an implied one")
    state: State = Field(description="how it came out")
    told: str = Field(description="what was measured, in words")
    count: int = Field(description="rows that count against it, without those in the baseline")
    known: int = Field(description="rows that the baseline accepts")

    @property
    def fails(self) -> bool:
        """Whether it makes the gate fail."""
        return self.state == "failed" and self.level == "error"


class Stale(_Part):
    """An accepted finding that is no longer found, or less often."""

    fingerprint: str = Field(description="of the finding")
    step: str = Field(description="the step that had seen it")
    reason: str = Field(description="the reason it had given")
    file: str = Field(description="where it had been")
    missing: int = Field(description="how many fewer rows there are")


class Result(_Part):
    """What a gate found."""

    format: int = Field(FORMAT, description="version of this format")
    curate: str = Field(description="version of curate")
    status: Status = Field(description="incomplete outranks failed")
    exit_code: int = Field(description="0 passed, 1 failed, 3 incomplete, 4 an audit is unresolved")
    incomplete: tuple[str, ...] = Field(description="why not everything could be judged")
    targets: tuple[Target, ...] = Field(description="what was judged")
    counts: Counts = Field(description="rows")
    rules: tuple[Judged, ...] = Field(description="every rule, in the order of the policy")
    findings: tuple[Finding, ...] = Field(description="in the order of the rows")
    folded: int = Field(description="findings beyond those listed")
    stale: tuple[Stale, ...] = Field(description="baseline entries to remove")

    @property
    def headline(self) -> str:
        """The result in one sentence."""
        failed = [rule for rule in self.rules if rule.fails]
        total = f"{len(self.rules)} rule{'s' * (len(self.rules) != 1)}"
        if self.status == "incomplete":
            return f"incomplete: not everything could be judged ({total}, {len(failed)} failed)"
        if self.status == "failed":
            return f"failed: {len(failed)} of {total}"
        return f"passed: {total}"
