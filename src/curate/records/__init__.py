"""One line of a corpus, seen as a record.

The raw bytes are the truth and are never changed. A `Record` is a view: it decodes on first touch
and asks a `Shape` (see `curate.io.shapes`) where the turns are.
"""

from curate.records.comparing import digest, normalise
from curate.records.decoding import BLANK, Path, Unreadable, decode, dig
from curate.records.record import Record
from curate.records.turns import JOIN, SCOPES, Scope, Shape, Span, Turn, View

__all__ = [
    "BLANK",
    "JOIN",
    "SCOPES",
    "Path",
    "Record",
    "Scope",
    "Shape",
    "Span",
    "Turn",
    "Unreadable",
    "View",
    "decode",
    "dig",
    "digest",
    "normalise",
]
