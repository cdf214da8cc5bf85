"""A text that was joined from several strings, and what an edit of it makes of each string."""

import re
from bisect import bisect_right
from collections.abc import Sequence

from curate.errors import NotARecord
from curate.records import JOIN

_GAP = re.compile(r"\n{2,}")
"""A blank line or more: a run, so that line ends beside a `JOIN` stay where they are."""


def divide(pieces: Sequence[str], text: str) -> list[str]:
    """Return the new pieces, where `JOIN.join(pieces)` has been edited and says `text` now.

    Pieces at both ends that stand as they were stay so. One piece between them takes all that is
    new; several are parted at the same gaps as before, where there are as many gaps as before.
    Time is linear in the texts.

    Raises:
        NotARecord: it cannot be told where one piece ends and the next begins.
    """
    first, start = 0, 0
    while first < len(pieces) - 1 and text.startswith(pieces[first] + JOIN, start):
        start += len(pieces[first]) + len(JOIN)
        first += 1
    last, end = len(pieces), len(text)
    while last > first + 1 and text.endswith(JOIN + pieces[last - 1], start, end):
        last -= 1
        end -= len(JOIN) + len(pieces[last])
    changed = _parted(pieces[first:last], text[start:end])
    return [*pieces[:first], *changed, *pieces[last:]]


def _parted(pieces: Sequence[str], text: str) -> list[str]:
    if len(pieces) == 1:
        return [text]
    before, after = (list(_GAP.finditer(joined)) for joined in (JOIN.join(pieces), text))
    starts = [gap.start() for gap in before]
    parted, at, end = [], 0, 0
    for piece in pieces[:-1]:
        end += len(piece)
        number = bisect_right(starts, end) - 1
        if len(before) != len(after) or len(before[number][0]) != len(after[number][0]):
            raise NotARecord("the text stands in several pieces, and the new one has no such parts")
        cut = after[number].start() + end - starts[number]
        parted.append(text[at:cut])
        at = cut + len(JOIN)
        end += len(JOIN)
    return [*parted, text[at:]]
