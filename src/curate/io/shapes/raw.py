"""Rows of any other form, such as saved API responses: the user says where the turns are."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from curate.errors import NotARecord
from curate.io.shapes import content
from curate.io.shapes.lens import Lens
from curate.io.shapes.messages import spoken
from curate.records import Path, Turn, dig


@dataclass(frozen=True)
class Raw(Lens):
    """Rows with the prompt and the response at given paths.

    The prompt is a text, a message or a list of messages; the response a text, a message or a
    list of content parts.
    """

    prompt: Path
    response: Path
    name = "raw"

    def turns(self, row: Mapping[str, Any]) -> tuple[Turn, ...]:
        """Return the turns of the prompt and the response."""
        asked, said = _at(row, self.prompt), _at(row, self.response)
        if isinstance(said, list):
            answer = [Turn("assistant", content.join(content.of_content(said)), self.response)]
        else:
            answer = spoken(said, "assistant", self.response)
        return (*spoken(asked, "user", self.prompt), *answer)


def _at(row: Mapping[str, Any], path: Path) -> Any:
    value = dig(row, path)
    if value is None:
        raise NotARecord(f"nothing at {'.'.join(map(str, path))}")
    return value
