"""What is wrong with a plan, all of it at once, each mistake with the file and line it is on.

Policies, trait cards and specs of plugins are read by the same words.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from curate.errors import PlanError, suggest
from curate.records import Path

_KINDS = {
    "bool": "true or false",
    "dict": "a mapping",
    "float": "a number",
    "frozen_set": "a list",
    "int": "a whole number",
    "list": "a list",
    "mapping": "a mapping",
    "model": "a mapping",
    "model_attributes": "a mapping",
    "set": "a list",
    "string": "text",
    "tuple": "a list",
}
"""Pydantic's name of a type, as it begins an error type, in the plan's words."""


@dataclass(frozen=True)
class Marks:
    """Where the parts of a plan stand in its text; no lines for a plan built in Python."""

    name: str = "plan"
    lines: Mapping[Path, int] = field(default_factory=dict)
    """1-based line of every key and list item."""
    what: str = "the plan"
    """What messages call the whole."""

    def trace(self, loc: Path) -> Path:
        """Return the path in the text a pydantic location means.

        Pydantic adds the alternative of a union it tried (`input.shape.str`) and the key that is
        missing; both are left out.
        """
        if not self.lines:
            return loc
        path: Path = ()
        for part in loc:
            if (*path, part) in self.lines:
                path = (*path, part)
        return path

    def line(self, path: Path) -> int:
        """Return the line of `path`, or of the nearest part around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def place(self, path: Path) -> str:
        """Return `file:line`."""
        return f"{self.name}:{self.line(path)}" if self.lines else self.name


class _Mistake(NamedTuple):
    line: int
    path: Path
    text: str


class Mistakes:
    """Collects mistakes, so that a user sees every one of them the first time."""

    def __init__(self, marks: Marks) -> None:
        self.marks = marks
        self._found: list[_Mistake] = []

    def add(self, path: Path, text: str, line: int | None = None) -> None:
        """Note that `text` is wrong with the part at `path`, which begins on `line`."""
        self._found.append(_Mistake(line or self.marks.line(path), path, text))

    def explain(self, error: ValidationError, model: type[BaseModel], at: Path = ()) -> None:
        """Note what pydantic found wrong with the options of `model`, which stand at `at`."""
        by_path: dict[Path, list[ErrorDetails]] = {}
        for detail in error.errors(include_url=False):
            by_path.setdefault(self.marks.trace((*at, *detail["loc"])), []).append(detail)
        for mistake in self._found:
            by_path.pop(mistake.path, None)  # what follows from a known mistake is no news
        for path, details in by_path.items():
            said = [detail for detail in details if _kind(detail) is None]
            for detail in said:
                self.add(path, _sentence(detail, model))
            # A value of the wrong kind has nothing inside that could be wrong. Where something
            # is, another alternative of a union fitted better and its mistakes are the news.
            better = said or any(p[: len(path)] == path for p in by_path if p != path)
            if not better:
                kinds = dict.fromkeys(kind for detail in details if (kind := _kind(detail)))
                self.add(path, f"must be {' or '.join(kinds)}{_given(details[0])}")

    def raise_any(self) -> None:
        """Do nothing where nothing was found.

        Raises:
            PlanError: lists all mistakes in the order of the text.
        """
        if not self._found:
            return
        found = sorted(dict.fromkeys(self._found), key=lambda mistake: mistake.line)
        told = [self._tell(mistake) for mistake in found]
        if len(told) == 1:
            raise PlanError(told[0])
        raise PlanError("\n".join([f"{len(told)} mistakes in {self.marks.what}", *told]))

    def _tell(self, mistake: _Mistake) -> str:
        place = f"{self.marks.name}:{mistake.line}" if self.marks.lines else self.marks.name
        return ": ".join([place, *_dotted(mistake.path), mistake.text])


def _dotted(path: Path) -> list[str]:
    return [".".join(map(str, path))] if path else []


def _sentence(detail: ErrorDetails, model: type[BaseModel]) -> str:
    loc, context = detail["loc"], detail.get("ctx", {})
    match detail["type"]:
        case "extra_forbidden":
            key = str(loc[-1])
            return f"unknown key {key!r}{suggest(key, _keys(model, loc[:-1]))}"
        case "missing":
            return f"{str(loc[-1])!r} is missing"
        case "literal_error" | "enum":
            expected = str(context["expected"])
            close = suggest(str(detail["input"]), re.findall(r"'([^']*)'", expected))
            hint = close if "did you mean" in close else ""
            return f"must be {expected}{_given(detail)}{hint}"
        case "value_error" | "assertion_error":
            return str(context["error"])
    return re.sub("^(Input|String|List) should", "must", detail["msg"]) + _given(detail)


def _given(detail: ErrorDetails) -> str:
    value = detail["input"]
    if isinstance(value, str | int | float | NoneType):
        shown = "nothing" if value is None else repr(value)
        return f", not {shown if len(shown) <= 60 else shown[:57] + '...'}"
    return ", not a list" if isinstance(value, list | tuple) else ", not a mapping"


def _kind(detail: ErrorDetails) -> str | None:
    name, _, rest = detail["type"].rpartition("_")
    return _KINDS.get(name) if rest in ("type", "parsing") else None


def _keys(model: type[BaseModel], loc: Path) -> list[str]:
    """Return the keys a mapping may have at `loc` of `model`."""
    kinds: list[Any] = [model]
    for part in loc:
        inner = [deeper for kind in kinds for deeper in _inside(kind, part)]
        kinds = inner or kinds  # a part that leads nowhere names an alternative of a union
    return [
        info.alias or name
        for kind in kinds
        for option in _options(kind)
        if isinstance(option, type) and issubclass(option, BaseModel)
        for name, info in option.model_fields.items()
    ]


def _inside(kind: Any, part: str | int) -> Iterator[Any]:
    for option in _options(kind):
        if isinstance(option, type) and issubclass(option, BaseModel):
            for name, info in option.model_fields.items():
                if part in (name, info.alias):
                    yield info.annotation
        elif get_origin(option) not in (None, Literal):
            yield from get_args(option)


def _options(kind: Any) -> Iterator[Any]:
    """Take unions and annotations apart."""
    if get_origin(kind) is Annotated:
        yield from _options(get_args(kind)[0])
    elif get_origin(kind) in (Union, UnionType):
        for option in get_args(kind):
            yield from _options(option)
    else:
        yield kind
