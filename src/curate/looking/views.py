"""How the rows of each input of a run are read, as its `run.json` tells."""

from collections.abc import Mapping
from typing import Any

from curate import views
from curate.looking.lines import Line
from curate.plan import Input, RawShape
from curate.records import View


class Views:
    """The view of each input file, made when it is first asked for.

    Args:
        facts: The run's `run.json`.
    """

    def __init__(self, facts: Mapping[str, Any]) -> None:
        self._shapes = {each["name"]: each["shape"] for each in facts["inputs"]}
        self._settings = Input.model_validate(facts["identity"]["plan"]["input"])
        self._views: dict[tuple[str, str], View] = {}

    def of(self, line: Line) -> View:
        """Return how to read a line of the run; of a file not looked at, as the line looks."""
        name = line.entry.file
        declared = views.reading(self._settings, name).shape
        found = declared if isinstance(declared, RawShape) else self._shapes.get(name) or "auto"
        shape = views.shape_of(found, [line.row])
        key = (name, shape.name)
        if key not in self._views:
            self._views[key] = views.view(self._settings, name, shape)
        return self._views[key]
