"""The lines of a segment as records, with the columns that a stage fills in."""

import json
from array import array

import orjson

from curate.engine.judging import dump
from curate.engine.parts import BY_READER, DROPPED, QUARANTINED, Part
from curate.engine.tasks import Task
from curate.io.segments import Segment
from curate.records import BLANK, Record, Unreadable


def read(task: Task) -> tuple[Part, list[Record]]:
    """Split the segment into lines and decode the task's records; unreadable ones are fated."""
    segment, view = task.segment, task.view
    data = segment.read()
    starts, ends, lines, blank, crlf = _lines(data, segment.line)
    if task.alive is not None:
        starts, ends = (array("Q", [column[n] for n in task.alive]) for column in (starts, ends))
        lines = [lines[n] for n in task.alive]
    offset = segment.index - segment.line
    part = Part(
        indexes=array("Q", [line + offset for _, line in lines]),
        starts=starts,
        ends=ends,
        heads=[],
        trails=[b""] * len(lines),
        fates=bytearray(len(lines)),
        by=[BY_READER] * len(lines),
        masks=list(task.masks) or [0] * len(lines),
        notes={},
        tallies={},
        blank=blank,
        crlf=crlf,
    )
    records = [Record(raw, line, segment.file, view) for raw, line in lines]
    for n, position in enumerate((task.alive or ()) if task.rewritten else ()):
        if (new := task.rewritten.get(position)) is not None:
            line = lines[n][1]
            records[n] = Record(new.raw, line, segment.file, view, new.teacher, new.origin)
    if task.is_first:
        _identify(segment, records, part)
    elif task.dropped:
        for n, position in enumerate(task.alive or ()):
            if position in task.dropped:
                part.fates[n] = DROPPED
    return part, records


def _lines(
    data: bytes, first: int
) -> tuple["array[int]", "array[int]", list[tuple[bytes, int]], int, int]:
    """Return starts, ends, (line without terminator, line number) of lines that are not blank."""
    starts, ends, lines = array("Q"), array("Q"), []
    crlf = data.count(b"\r\n") if b"\r" in data else 0
    at, number = 0, first
    pieces = data.split(b"\n")
    last = pieces.pop()  # empty, or a line without a terminator
    for piece in pieces:
        end = at + len(piece) + 1
        if piece and piece.strip(BLANK):
            starts.append(at)
            ends.append(end)
            lines.append((piece[:-1] if crlf and piece.endswith(b"\r") else piece, number))
        at, number = end, number + 1
    if last.strip(BLANK):
        starts.append(at)
        ends.append(len(data))
        lines.append((last, number))
    return starts, ends, lines, len(pieces) + bool(last) - len(lines), crlf


def _identify(segment: Segment, records: list[Record], part: Part) -> None:
    """Write the head of every ledger entry, and quarantine what cannot be decoded."""
    file = json.dumps(segment.file).encode("ascii")  # a name need not be UTF-8
    heads = part.heads
    for n, (index, record) in enumerate(zip(part.indexes, records, strict=True)):
        digest = record.digest
        try:
            name = orjson.dumps(record.id)
        except Unreadable as error:
            name = b'"%b"' % digest.encode()
            detail = f"{error.detail} (column {error.column})"
            quarantine(part, n, BY_READER, error.reason, detail)
        except orjson.JSONEncodeError:  # lone surrogates
            name = json.dumps(record.id).encode("ascii")
        heads.append(
            b'{"index":%d,"file":%b,"line":%d,"id":%b,"digest":"%b"'
            % (index, file, record.line, name, digest.encode())
        )


def quarantine(part: Part, n: int, step: int, reason: str, detail: str) -> None:
    """Enter that a step, or BY_READER, set record `n` aside, and why."""
    part.fates[n], part.by[n] = QUARANTINED, step
    part.notes[n] = b"," + dump(str(step), {"reason": reason, "detail": detail})[1:-1]
