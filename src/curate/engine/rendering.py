"""From columns to lines: the ledger's entries and the rows of each fate."""

from collections.abc import Sequence

import orjson

from curate.engine.parts import ALIVE, BY_READER, DROPPED, Part
from curate.ledger import FATES, READER

_KEPT, _DROPPED, _QUARANTINED = (b',"fate":"%b","trail":[' % fate.encode() for fate in FATES)


def ledger_lines(part: Part, names: Sequence[str]) -> bytes:
    """Return the ledger's entries for a segment whose every record has its fate."""
    columns = zip(part.heads, part.trails, strict=True)
    if not any(part.fates) and not part.rewritten:
        return b"".join([head + _KEPT + trail + b"]}\n" for head, trail in columns])
    tails = {n: b'],"by":%b' % orjson.dumps(name) for n, name in enumerate(names)}
    tails[BY_READER] = b'],"by":"%b"' % READER.encode()
    lines = []
    for n, (head, trail) in enumerate(columns):
        fate = part.fates[n]
        end = b"}\n"
        if (new := part.rewritten.get(n)) is not None:
            end = b',"written":"%b"}\n' % new.digest.encode()
        if fate == ALIVE:
            lines.append(head + _KEPT + trail + b"]" + end)
        elif fate == DROPPED:
            lines.append(head + _DROPPED + trail + tails[part.by[n]] + end)
        else:
            lines.append(head + _QUARANTINED + trail + tails[part.by[n]] + part.notes[n] + end)
    return b"".join(lines)


def row_lines(part: Part, data: bytes, fate: int) -> bytes:
    """Return the lines of `data` that have this fate, byte for byte, as runs of neighbours.

    A rewritten record's new row stands in its line's place, with the same terminator. A last line
    without a terminator gets one, so that a row is always a line.
    """
    starts, ends, rewritten = part.starts, part.ends, part.rewritten
    if fate not in part.fates:
        return b""
    view = memoryview(data)  # a run is copied once, by the join
    runs: list[bytes | memoryview] = []
    low = high = 0
    for n, found in enumerate(part.fates):
        if found != fate:
            continue
        if n in rewritten:
            runs += (view[low:high], rewritten[n].raw, _terminator(data, starts[n], ends[n]))
            low = high = ends[n]
            continue
        if starts[n] != high:
            if high > low:
                runs.append(view[low:high])
            low = starts[n]
        high = ends[n]
    if high > low:
        runs.append(view[low:high])
    if runs[-1][-1:] != b"\n":
        runs.append(b"\n")
    return b"".join(runs)


def replaced_lines(part: Part, data: bytes) -> bytes:
    """Return the lines of `data` that stand in no row file, in order, terminators included.

    These are the originals of rewritten records and the blank lines.
    """
    if not part.rewritten and not part.blank:
        return b""
    pieces, at = [], 0
    for n, (start, end) in enumerate(zip(part.starts, part.ends, strict=True)):
        pieces.append(data[at:start])
        if n in part.rewritten:
            pieces.append(data[start:end])
        at = end
    lines = b"".join([*pieces, data[at:]])
    return lines if not lines or lines.endswith(b"\n") else lines + b"\n"


def _terminator(data: bytes, start: int, end: int) -> bytes:
    line = data[max(end - 2, start) : end]
    return b"\r\n" if line == b"\r\n" else b"\n"
