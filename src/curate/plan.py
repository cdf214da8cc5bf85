"""A plan: what to read, which filters judge, what happens to a hit.

Data only. `load` reads one from YAML or JSON; `curate.registry.resolve` turns its steps into
plugins.
"""

import pathlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    WithJsonSchema,
    model_validator,
)

from curate import plan_file
from curate.api import Rule
from curate.errors import UsageError
from curate.io import fields, shapes
from curate.mistakes import Marks


def _dotted(text: str) -> str:
    try:
        fields.path(text)
    except UsageError as error:
        raise ValueError(str(error)) from None
    return text


def _shape(name: str) -> str:
    try:
        return name if name == "auto" else shapes.get(name).name
    except UsageError as error:
        raise ValueError(str(error)) from None


DottedPath = Annotated[str, AfterValidator(_dotted)]
"""A place in a row, such as `metadata.teacher`."""
FieldNames = DottedPath | list[DottedPath]
"""One place or several, the first that answers counts."""
ShapeName = Annotated[
    str,
    AfterValidator(_shape),
    WithJsonSchema({"type": "string", "enum": ["auto", *shapes.SHAPES]}),
]
"""`auto`, or the name of a shape in `curate.io.shapes`."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class RawShape(_Part):
    """Where the turns are in rows of no known shape, such as saved API responses."""

    prompt: DottedPath = Field(
        description="dotted path to the prompt: a text or a list of messages"
    )
    response: DottedPath = Field(
        description="dotted path to the response, e.g. choices.0.message.content"
    )


class Reading(_Part):
    """How rows are read."""

    shape: ShapeName | RawShape = Field(
        "auto", description="the rows' shape; auto looks at each file"
    )
    teacher: FieldNames | None = Field(None, description="where a row names its teacher")
    teacher_is: str | None = Field(None, description="the teacher of rows that name none")
    id: FieldNames | None = Field(None, description="where a row names itself")
    prompt_id: FieldNames | None = Field(None, description="where a row names its prompt")
    source: FieldNames | None = Field(None, description="where a row names its collection")


class FileReading(Reading):
    """How the rows of some input files are read; what is left out falls back to `input`."""

    match: str = Field(description="file name pattern, e.g. '*alpaca*.json'")
    shape: ShapeName | RawShape | None = Field(None, description="the rows' shape")  # type: ignore[assignment]


class Input(Reading):
    """What is read, and how."""

    format: Literal["auto", "jsonl", "json", "parquet", "arrow"] = Field(
        "auto",
        description="jsonl: a row a line; json: one array; parquet, arrow: tables; auto: by name "
        "and first bytes",
    )
    aliases: dict[str, list[str]] = Field(
        default_factory=dict, description="teacher -> the other names it goes by"
    )
    files: list[FileReading] = Field(
        default_factory=list, description="exceptions by file name; the first match counts"
    )
    max_unreadable: float = Field(
        0.01,
        ge=0,
        le=1,
        description="share of lines that are no JSON, or no records where a step needs them, above "
        "which the run exits 3",
    )


def _action(value: Any) -> str:
    return "rewriting" if isinstance(value, Mapping | _Part) else "word"


class Named(_Part):
    """A plugin by name, with its options."""

    use: str = Field(description="the plugin's name")
    with_: dict[str, Any] = Field(default_factory=dict, alias="with", description="its options")


class Guard(Named):
    """A filter that the new text of a rewrite must not hit, unless the old text did."""

    when: Rule | None = Field(None, description="when a score is a hit; default: the filter's rule")


class Rewriting(_Part):
    """What happens to a hit that is rewritten: by whom, what is taken, what else to do."""

    rewrite: Named = Field(description="the rewriter")
    otherwise: Literal["drop", "keep", "flag"] = Field(
        "drop",
        description="what happens to a hit for which no new text was taken; flag: it stays, and "
        "counts as an open finding",
    )
    tries: int = Field(3, ge=1, le=100, description="new texts tried for one hit")
    length: tuple[float, float] = Field(
        (0.1, 10.0),
        description="characters of another teacher's text, as a multiple of the old text's",
    )
    guards: list[Guard] = Field(
        [Guard.model_validate({"use": "regex", "with": {"pack": "refusals"}})],
        description="filters that the new text must not hit, unless the old text did",
    )

    @model_validator(mode="after")
    def _some_length(self) -> Self:
        if not 0 <= self.length[0] <= self.length[1]:
            raise ValueError("length: [low, high] needs 0 <= low <= high")
        return self


class Step(_Part):
    """One filter, its rule and its action."""

    use: str = Field(description="the filter's name")
    with_: dict[str, Any] = Field(default_factory=dict, alias="with", description="its options")
    name: str | None = Field(None, description="the step's name in the ledger", min_length=1)
    only: str | None = Field(None, description="judge only the records that this earlier step hit")
    when: Rule | None = Field(None, description="when a score is a hit; default: the filter's rule")
    do: Annotated[
        Annotated[Literal["flag", "drop"], Tag("word")] | Annotated[Rewriting, Tag("rewriting")],
        Discriminator(_action),
    ] = Field("flag", description="what happens to a hit")
    unsure: Literal["keep", "drop", "quarantine"] = Field(
        "keep", description="what an abstention means"
    )
    on_error: Literal["fail", "quarantine"] = Field(
        "fail", description="what happens when the filter breaks on a record"
    )
    max_errors: int | float | None = Field(
        None,
        ge=0,
        description="records it may break on under on_error: quarantine (a count, or a share as in "
        "0.05) before the run exits 3; default: 0.01",
    )
    timeout: float | None = Field(None, gt=0, description="seconds a batch may take")

    @model_validator(mode="after")
    def _errors_need_a_policy(self) -> Self:
        if self.max_errors is not None and self.on_error == "fail":
            raise ValueError("max_errors needs on_error: quarantine")
        return self


class Plan(_Part):
    """The whole recipe of a run."""

    version: Literal[1] = Field(1, description="of the plan language")
    seed: int = Field(0, description="of everything random")
    input: Input = Field(default_factory=Input)
    judge_dropped: bool = Field(
        False, description="later steps judge dropped records too, so that overlaps are complete"
    )
    steps: list[Step] = Field(default_factory=list)


@dataclass(frozen=True)
class PlanFile:
    """A plan, and where its parts stand in the file it was read from."""

    plan: Plan
    marks: Marks = field(default_factory=Marks)


def load(path: str | pathlib.Path) -> PlanFile:
    """Return the plan in a YAML or JSON file.

    Raises:
        PlanError: the file is missing, or lists every mistake in it by `file:line`.
    """
    return loads(plan_file.text_of(path), str(path))


def loads(text: str, name: str = "plan") -> PlanFile:
    """Return the plan in a YAML or JSON text; `name` stands for the file in messages.

    Raises:
        PlanError: lists every mistake by `name:line`.
    """
    plan, mistakes = plan_file.read_as(Plan, text, name)
    return PlanFile(plan, mistakes.marks)
