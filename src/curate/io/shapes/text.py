"""Plain text, as in pre-training corpora."""

from collections.abc import Mapping
from typing import Any

from curate.errors import NotARecord
from curate.io.shapes.lens import Lens
from curate.records import Turn

_PATH = ("text",)


class Text(Lens):
    """Rows with a `text`: all of it is the response, to no prompt."""

    name = "text"

    def turns(self, row: Mapping[str, Any]) -> tuple[Turn, ...]:
        """Return the text as one assistant turn."""
        text = row.get("text")
        if not isinstance(text, str):
            raise NotARecord("no text under text")
        return (Turn("assistant", text, _PATH),)
