"""How long prompts and responses are, which rows are the longest, and which say they were cut off.

A word is what stands between white space. The prompt is all that stands before the last assistant
turn, the response that turn.
"""

import heapq
from array import array
from dataclasses import dataclass

from curate.index.gathering import CUT_OFF, FINISH
from curate.records import Record, dig
from curate.surveying.names import Counts, Names
from curate.surveying.spread import Bin, Spread, bins, spread

_LONGEST = 5


@dataclass(frozen=True, slots=True)
class Length:
    """Lengths of one part of the records; `bins` counts them by characters."""

    characters: Spread | None
    words: Spread | None
    bins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True)
class Long:
    """A long row: the characters of all its turns, and where it is."""

    characters: int
    place: str


@dataclass(frozen=True, slots=True)
class Lengths:
    """Lengths of prompts and responses, and of whole conversations the longest."""

    prompt: Length
    response: Length
    longest: tuple[Long, ...]
    finish: Counts
    """Why responses ended, of the rows that say."""
    cut_off: int
    """Of those: rows that hit a limit of length."""


class LengthTally:
    """Measures records; memory: 16 bytes a record."""

    def __init__(self) -> None:
        self._prompt, self._response = _Texts(), _Texts()
        self._longest: list[tuple[int, int, str]] = []
        self._finish = Names()
        self._cut_off = self._seen = 0

    def add(self, record: Record) -> None:
        """Measure a record."""
        self._seen += 1
        for texts, tally in (
            (record.texts("prompt"), self._prompt),
            (record.texts("response"), self._response),
        ):
            if texts:
                tally.add([text for _, text in texts])
        whole = sum(len(turn.text) for turn in record.turns)
        entry = (whole, -self._seen, record.place)  # of equals the first
        if len(self._longest) < _LONGEST:
            heapq.heappush(self._longest, entry)
        else:
            heapq.heappushpop(self._longest, entry)
        finish = next((said for path in FINISH if (said := dig(record.row, path))), None)
        if isinstance(finish, str):
            self._finish.add(finish)
            self._cut_off += finish.lower() in CUT_OFF

    def lengths(self) -> Lengths:
        """Return what was measured so far."""
        return Lengths(
            prompt=self._prompt.length(),
            response=self._response.length(),
            longest=tuple(Long(size, place) for size, _, place in sorted(self._longest)[::-1]),
            finish=self._finish.counts(),
            cut_off=self._cut_off,
        )


class _Texts:
    def __init__(self) -> None:
        self._characters: array[int] = array("I")
        self._words: array[int] = array("I")

    def add(self, texts: list[str]) -> None:
        self._characters.append(sum(map(len, texts)))
        self._words.append(sum(len(text.split()) for text in texts))

    def length(self) -> Length:
        return Length(spread(self._characters), spread(self._words), bins(self._characters))
