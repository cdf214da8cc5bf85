"""What a prompt is found by: its words, never an id, which means another prompt elsewhere."""

import hashlib
from collections.abc import Sequence
from json.encoder import encode_basestring_ascii as _quoted
from typing import NamedTuple

from curate.errors import NotARecord
from curate.index.unspoken import unspoken
from curate.records import Record, Unreadable, normalise


class Keys(NamedTuple):
    """Two hashes (16 bytes each) of roles and texts before the last assistant turn."""

    exact: bytes
    """Of the texts as they are."""
    normalised: bytes
    """Of the texts normalised: `Record.prompt_key` of a row that declares no prompt id, unless the
    prompt has pictures or tools too, which are part of both hashes."""


def keys(record: Record) -> Keys | None:
    """Return the keys of a record's prompt; None where nothing is asked.

    Raises:
        NotARecord: the row has no turns in its shape.
        Unreadable: the line is not UTF-8 JSON.
    """
    turns = record.turns[: record.response_turn]
    said = [(turn.role, turn.text) for turn in turns if turn.role != "rejected"]
    same = [(role, normalise(text)) for role, text in said]
    if not any(text for _, text in same):
        return None
    if beside := unspoken(record):
        said += (more := [("", part) for part in beside])
        same += more
    return Keys(_hash(said), _hash(same))


def keys_or_reason(record: Record) -> Keys | str | None:
    """Return what `keys` returns, or a slug that says why the line is no record."""
    try:
        return keys(record)
    except Unreadable as error:
        return error.reason
    except NotARecord:
        return "not_a_record"


def _hash(said: Sequence[tuple[str, str]]) -> bytes:
    """Hash what `json.dumps` makes of it, at a third of its cost."""
    pairs = [f"[{_quoted(role)}, {_quoted(text)}]" for role, text in said]
    return hashlib.sha256(f"[{', '.join(pairs)}]".encode("ascii")).digest()[:16]
