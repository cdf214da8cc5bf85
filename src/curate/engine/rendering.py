"""From columns to lines: the ledger's entries and the rows of each fate."""

from collections.abc import Sequence

import orjson

from curate.engine.parts import ALIVE, BY_READER, DROPPED, Part
from curate.ledger import FATES, READER

_KEPT, _DROPPED, _QUARANTINED = (b',"fate":"%b","trail":[' % fate.encode() for fate in FATES)


def ledger_lines(part: Part, names: Sequence[str]) -> bytes:
    """Return the ledger's entries for a segment whose every record has its fate."""
    columns = zip(part.heads, part.trails, strict=True)
    if not any(part.fates):
        return b"".join([head + _KEPT + trail + b"]}\n" for head, trail in columns])
    tails = {n: b'],"by":%b' % orjson.dumps(name) for n, name in enumerate(names)}
    tails[BY_READER] = b'],"by":"%b"' % READER.encode()
    lines = []
    for n, (head, trail) in enumerate(columns):
        fate = part.fates[n]
        if fate == ALIVE:
            lines.append(head + _KEPT + trail + b"]}\n")
        elif fate == DROPPED:
            lines.append(head + _DROPPED + trail + tails[part.by[n]] + b"}\n")
        else:
            end = tails[part.by[n]] + part.notes[n] + b"}\n"
            lines.append(head + _QUARANTINED + trail + end)
    return b"".join(lines)


def row_lines(part: Part, data: bytes, fate: int) -> bytes:
    """Return the lines of `data` that have this fate, byte for byte, as runs of neighbours.

    A last line without a terminator gets one, so that a row is always a line.
    """
    starts, ends = part.starts, part.ends
    if fate not in part.fates:
        return b""
    view = memoryview(data)  # a run is copied once, by the join
    runs: list[bytes | memoryview] = []
    low = high = 0
    for n, found in enumerate(part.fates):
        if found != fate:
            continue
        if starts[n] != high:
            if high > low:
                runs.append(view[low:high])
            low = starts[n]
        high = ends[n]
    if high > low:
        runs.append(view[low:high])
    if data[high - 1 : high] != b"\n":
        runs.append(b"\n")
    return b"".join(runs)
