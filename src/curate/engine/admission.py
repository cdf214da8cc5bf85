"""Corpus filters: a memory is asked in input order, so that any number of workers agrees."""

from curate.engine.journal import pack
from curate.engine.judging import Trouble, failure
from curate.engine.looks import Looks, settle
from curate.engine.parts import Part
from curate.engine.remembering import Remember
from curate.errors import PluginError
from curate.io.segments import Segment
from curate.registry import ReadyStep


class Spot:
    """The place of the record at `index`, worked out only when a message needs it."""

    def __init__(self, segment: Segment) -> None:
        self.segment, self.index = segment, segment.index

    @property
    def place(self) -> str:
        """`file:line`."""
        return f"{self.segment.file}:{self.index - self.segment.index + self.segment.line}"


def admit(part: Part, number: int, step: ReadyStep, remember: Remember, segment: Segment) -> bytes:
    """Let the memory judge the signed records of a segment; return what to journal.

    Raises:
        PluginError: the memory breaks the filter's contract.
    """
    assert part.signatures is not None  # noqa: S101  (the stage ended in a corpus filter)
    looks, tally = Looks(step), part.tallies[number]
    signed = zip(part.indexes, part.signatures, strict=True)
    entries = [(index, signature) for index, signature in signed if isinstance(signature, bytes)]
    answers = iter(remember(entries))
    spot = Spot(segment)
    for n, answer in enumerate(part.signatures):
        if answer is None:
            continue
        spot.index = part.indexes[n]
        verdict = next(answers) if isinstance(answer, bytes) else answer
        if isinstance(verdict, Trouble):
            raise PluginError(failure(step.name, spot.place, verdict.detail))
        look = looks.of(verdict, spot)
        part.trails[n] = part.trails[n] + b"," + look.line if part.trails[n] else look.line
        tally.seen += 1
        if not look.plain:
            settle(part, n, number, look)
    part.signatures = None
    return pack(entries)
