"""A conversation written as one string, as in Anthropic's HH-RLHF.

Every turn begins with a blank line and `Human:` or `Assistant:`.
"""

import re
from collections.abc import Iterable

from curate.io import splice
from curate.records import Path, Turn

_MARK = re.compile(r"(?:\A|\n\n)(Human|Assistant): ?")
_ROLES = {"Human": "user", "Assistant": "assistant"}


def is_transcript(text: str) -> bool:
    """Say whether `text` begins with a speaker mark."""
    return _MARK.match(text) is not None


def turns(text: str, path: Path) -> list[Turn]:
    """Return the turns of the transcript that stands at `path`.

    One blank after a mark belongs to the mark.
    """
    marks = list(_MARK.finditer(text))
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    return [
        Turn(_ROLES[mark[1]], text[mark.end() : end], path, mark.end())
        for mark, end in zip(marks, ends, strict=True)
    ]


def put(literal: bytes, value: str, said: Iterable[tuple[Turn, str]]) -> bytes:
    """Return the JSON string `literal`, which spells `value`, with new words for some turns of it.

    The blank after the mark is written in any case, so that a text may begin with one.
    """
    return splice.inside(
        literal,
        [
            (turn.start - (value[turn.start - 1] == " "), turn.start + len(turn.text), " " + text)
            for turn, text in said
        ],
    )
