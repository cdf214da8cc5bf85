"""What the patterns of a pack find in a text."""

import json
from collections.abc import Callable
from functools import cache

from curate.api import Context, Verdict
from curate.filters.regex import Regex
from curate.io import shapes
from curate.records import Record, View

Judged = Callable[[str], Verdict]


@cache
def opened(pack: str) -> Judged:
    judge = Regex(pack=pack, scope="conversation").open(Context()).__enter__()
    view = View(shapes.get("text"))

    def judged(text: str) -> Verdict:
        return judge([Record(json.dumps({"text": text}).encode(), 1, "rows.jsonl", view)])[0]

    return judged


def found(pack: str, text: str) -> set[str]:
    return {span[3] for span in opened(pack)(text).evidence.get("spans", [])}
