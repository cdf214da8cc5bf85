"""A plan: what to read, which filters judge, what happens to a hit.

Data only. `load` reads one from YAML; `curate.registry.resolve` turns its steps into plugins.
"""

from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from curate.api import Rule

FieldNames = str | list[str]
"""A dotted path into a row (`metadata.teacher`), or several, the first that answers counts."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class RawShape(_Part):
    """Where the turns are in rows of no known shape, such as saved API responses."""

    prompt: str = Field(description="dotted path to the prompt: a text or a list of messages")
    response: str = Field(description="dotted path to the response, e.g. choices.0.message.content")


class Reading(_Part):
    """How rows are read."""

    shape: str | RawShape = Field("auto", description="the rows' shape; auto looks at each file")
    teacher: FieldNames | None = Field(None, description="where a row names its teacher")
    teacher_is: str | None = Field(None, description="the teacher of rows that name none")
    id: FieldNames | None = Field(None, description="where a row names itself")
    prompt_id: FieldNames | None = Field(None, description="where a row names its prompt")
    source: FieldNames | None = Field(None, description="where a row names its collection")


class FileReading(Reading):
    """How the rows of some input files are read; what is left out falls back to `input`."""

    match: str = Field(description="file name pattern, e.g. '*alpaca*.json'")
    shape: str | RawShape | None = Field(None, description="the rows' shape")  # type: ignore[assignment]


class Input(Reading):
    """What is read, and how."""

    format: Literal["auto", "jsonl", "json"] = Field(
        "auto", description="jsonl: a row a line; json: one array; auto: by name and first byte"
    )
    aliases: dict[str, list[str]] = Field(
        default_factory=dict, description="teacher -> the other names it goes by"
    )
    files: list[FileReading] = Field(
        default_factory=list, description="exceptions by file name; the first match counts"
    )
    max_unreadable: float = Field(
        0.01, ge=0, le=1, description="share of unreadable lines above which the run exits 3"
    )


class Step(_Part):
    """One filter, its rule and its action."""

    use: str = Field(description="the filter's name")
    with_: dict[str, Any] = Field(default_factory=dict, alias="with", description="its options")
    name: str | None = Field(None, description="the step's name in the ledger", min_length=1)
    when: Rule | None = Field(None, description="when a score is a hit; default: the filter's rule")
    do: Literal["flag", "drop"] = Field("flag", description="what happens to a hit")
    unsure: Literal["keep", "drop", "quarantine"] = Field(
        "keep", description="what an abstention means"
    )
    on_error: Literal["fail", "quarantine"] = Field(
        "fail", description="what happens when the filter breaks on a record"
    )
    max_errors: int | float | None = Field(
        None,
        ge=0,
        description="quarantined records (count, or share below 1) above which the run exits 3",
    )
    timeout: float | None = Field(None, gt=0, description="seconds a batch may take")


class Plan(_Part):
    """The whole recipe of a run."""

    version: Literal[1] = Field(1, description="of the plan language")
    seed: int = Field(0, description="of everything random")
    input: Input = Field(default_factory=Input)
    judge_dropped: bool = Field(
        False, description="later steps judge dropped records too, so that overlaps are complete"
    )
    steps: list[Step] = Field(default_factory=list)

    @model_validator(mode="after")
    def _errors_need_a_policy(self) -> Self:
        for number, step in enumerate(self.steps):
            if step.max_errors is not None and step.on_error == "fail":
                raise ValueError(f"steps.{number}: max_errors needs on_error: quarantine")
        return self
