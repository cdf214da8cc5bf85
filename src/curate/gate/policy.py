"""A policy: the rules of a gate, read from YAML, each with its place in the file."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from curate import plan_file
from curate.errors import UsageError
from curate.gate.parsing import parse
from curate.gate.rules import Rule, Teachers
from curate.gate.tokens import Unparsable
from curate.visible import inline

Level = Literal["error", "warning"]
_POLICY = plan_file.Kind("the policy", "it needs `version: 1` and `rules:`")
_ECHOED = 200
"""Characters of a wrong rule that are said again."""


class _Written(BaseModel):
    """A rule as it is written."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: str | None = Field(None, description="what must hold, e.g. hits.secrets == 0")
    allow: list[str] | None = Field(
        None, alias="teachers.allow", description="whose rows may be kept; names may have globs"
    )
    deny: list[str] | None = Field(
        None, alias="teachers.deny", description="whose rows may not be kept; names may have globs"
    )
    name: str | None = Field(
        None, description="what reports call it; default: the rule", min_length=1
    )
    level: Level = Field("error", description="a warning is told and fails nothing")
    why: str = Field("", description="said beside it in reports")

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        return {"rule": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one(self) -> "_Written":
        given = [each for each in (self.rule, self.allow, self.deny) if each is not None]
        if len(given) != 1 or not given[0]:
            raise ValueError("a rule says one thing: `rule`, `teachers.allow` or `teachers.deny`")
        return self


class _File(BaseModel):
    """A policy as it is written."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = Field(description="of the policy language")
    rules: list[_Written] = Field(description="what must hold, one rule at least")

    @field_validator("rules")
    @classmethod
    def _some(cls, value: list[_Written]) -> list[_Written]:
        if not value:
            raise ValueError("a policy has at least one rule")
        return value


@dataclass(frozen=True, slots=True)
class Named:
    """A rule with its name, what it means when it fails, and where it stands."""

    rule: Rule
    name: str
    level: Level = "error"
    why: str = ""
    place: str = ""
    """`file:line:column`; empty where no file has it."""


def load(path: Path) -> tuple[Named, ...]:
    """Return the rules of a policy file.

    Raises:
        UsageError: the file cannot be read, or lists every mistake in it by file and line.
    """
    return loads(plan_file.text_of(path, _POLICY), str(path))


def loads(text: str, name: str = "policy") -> tuple[Named, ...]:
    """Return the rules of a policy's text; `name` stands for the file in messages.

    Raises:
        UsageError: lists every mistake by `name:line`, those in a rule with their column.
    """
    written, mistakes = plan_file.read_as(_File, text, name, _POLICY)
    lines = text.splitlines()
    wrong: list[str] = []
    rules: list[Named] = []
    for number, each in enumerate(written.rules):
        line = mistakes.marks.line(("rules", number))
        column = _column(lines, line, each.rule or "")
        try:
            rule = _rule(each)
        except Unparsable as error:
            wrong.append(f"{name}:{line}:{column + error.at}: {_echo(each)}: {error.told}")
            continue
        called = inline((each.name or "").strip() or str(rule))
        named = Named(rule, called, each.level, each.why, f"{name}:{line}:{column}")
        if any(named.name == other.name for other in rules):
            wrong.append(f"{named.place}: a second rule named {named.name!r}; give it a `name`")
        rules.append(named)
    if wrong:
        raise UsageError("\n".join(wrong))
    return tuple(rules)


def _rule(each: _Written) -> Rule:
    if each.rule is not None:
        return parse(each.rule)
    return Teachers(each.allow is not None, tuple(each.allow or each.deny or ()))


def _echo(each: _Written) -> str:
    """Return the beginning of a wrong rule, on one line."""
    told = each.rule or ""
    return inline(told if len(told) <= _ECHOED else told[:_ECHOED] + "…")


def _column(lines: list[str], line: int, rule: str) -> int:
    """Return the 1-based column of a rule, or of its list item where YAML writes it oddly."""
    here = lines[line - 1] if line <= len(lines) else ""
    at = here.find(rule) if rule else -1
    return 1 + (at if at >= 0 else len(here) - len(here.lstrip(" -")))
