"""How the rows of each input of a run are read, as its `run.json` tells."""

from collections.abc import Mapping
from typing import Any

from curate.errors import NotARecord
from curate.io import fields, shapes
from curate.looking.choosing import Line
from curate.plan import RawShape, Reading
from curate.records import Shape, Turn, Unreadable, View, decode


class Views:
    """The view of each input file, made when it is first asked for.

    Args:
        facts: The run's `run.json`.
    """

    def __init__(self, facts: Mapping[str, Any]) -> None:
        self._inputs = {each["name"]: each for each in facts["inputs"]}
        self._aliases = facts["identity"]["plan"]["input"]["aliases"]
        self._views: dict[tuple[str, str], View] = {}

    def of(self, line: Line) -> View:
        """Return how to read a line of the run."""
        told = self._inputs.get(line.entry.file, {})
        reading = Reading.model_validate(told.get("reading", {}))
        shape = _shape(told.get("shape"), reading, line.row)
        key = (line.entry.file, shape.name)
        if key not in self._views:
            self._views[key] = self._view(reading, shape)
        return self._views[key]

    def _view(self, reading: Reading, shape: Shape) -> View:
        return fields.view(
            shape,
            teacher=reading.teacher,
            id=reading.id,
            source=reading.source,
            prompt_id=reading.prompt_id,
            teacher_is=reading.teacher_is,
            aliases=self._aliases,
        )


def _shape(name: str | None, reading: Reading, row: bytes) -> Shape:
    """Return the shape the run read a row by; where it says none, the shape the row has."""
    if isinstance(reading.shape, RawShape):
        return shapes.Raw(
            prompt=fields.path(reading.shape.prompt), response=fields.path(reading.shape.response)
        )
    if name in shapes.SHAPES:
        return shapes.SHAPES[name]
    try:
        return shapes.detect([decode(row)]) or _Shapeless()
    except Unreadable:
        return _Shapeless()


class _Shapeless:
    name = "none"

    def turns(self, row: Mapping[str, Any]) -> tuple[Turn, ...]:
        raise NotARecord(f"a row of no known shape, with the keys {', '.join(map(str, row))}")
