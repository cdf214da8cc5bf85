"""`truncated`: was this answer cut off, by a token limit or a lost connection?

A model trained on answers that stop in the middle learns to stop in the middle. The signs are in
the last line: a code block that is never closed, a list item with nothing in it, a last word that
no sentence ends with, a sentence without its full stop in a text that otherwise has them.
"""

import re
from typing import ClassVar

from pydantic import Field

from curate.api import Filter, Record, RecordFilter, Verdict, hookimpl

_FENCE = re.compile(r"^[ \t]*(?:```|~~~)", re.MULTILINE)
_EMPTY_ITEM = re.compile(r"[-*+\u2022]|\(?\d{1,3}[.):]|#{1,6}|>")
_ITEM = re.compile(r"\s*(?:[-*+\u2022|>]|#{1,6}|\(?(?:\d{1,3}|[a-zA-Z])[.):])\s")
_END = re.compile(r"[.!?\u2026\u3002\uff01\uff1f\u061f\u0964]['\"\u201d\u2019\u00bb)\]*_`}~]*$")
_SENTENCE = re.compile(r"[.!?][\"')*\u201d]?\s")
_DANGLING = re.compile(
    r"""(?:^|[\s("'])(?:
    a|an|the|this|these|those|its|their|his|her|our|your|my|every|very|not
    |and|or|nor|as|than|that|because|although|though|while|when|where|whether|if
    |who|whose|whom|which
    |of|to|in|at|by|for|with|from|into|onto|about|between|through|during|without|within|against
    |among|toward|towards|upon|via|per
    |is|are|was|were|be|been|being|am|has|have|had|do|does|did
    |can|could|may|might|must|shall|should|will|would
    )$""",
    re.VERBOSE,
)
"""A last word of English that needs another."""

_PROSE = 8
"""Words that make a line prose: shorter ones are titles, names, signatures."""


class Truncated(RecordFilter):
    """Scores how surely an assistant turn was cut off: 0 whole, 0.5 likely, 0.9 and 1 surely.

    The turn with the strongest sign counts; it is the reason:

        open_code_block    1.0  a code fence is never closed
        empty_item         1.0  the last line is a bullet or a number and nothing else
        dangling_word      0.9  the last word is one that needs another ("of", "the", "is")
        open_clause        0.9  the text ends in a comma, a dash or an open bracket
        announcement       0.5  the text ends in a colon
        unlike_items       0.5  a list item without the full stop that the ones before it have
        no_full_stop       0.5  a sentence without one, in a text that has them elsewhere

    Dangling words are English; the other signs need no language, only its full stops.
    """

    name: ClassVar[str] = "truncated"

    min_words: int = Field(3, ge=1, description="turns of fewer words are whole", le=1000)

    def judge(self, record: Record) -> Verdict:
        """Judge one record; abstain where no assistant speaks."""
        turns = record.texts("assistant")
        if not turns:
            return Verdict(None, "no_response")
        found = [(turn, text.rstrip(), self._sign(text.rstrip())) for turn, text in turns]
        turn, text, (score, reason) = max(found, key=lambda each: each[2][0])
        if not score:
            return Verdict(0.0)
        start = max(text.rfind("\n") + 1, len(text) - 60)
        return Verdict(score, reason, {"spans": [[turn, start, len(text), reason]]})

    def _sign(self, text: str) -> tuple[float, str]:
        """Return the strongest sign that `text` was cut off, and how sure it is."""
        if len(text.split(maxsplit=self.min_words)) < self.min_words:
            return 0.0, ""
        if len(_FENCE.findall(text)) % 2:
            return 1.0, "open_code_block"
        *before, last = text.split("\n")
        last = last.strip()
        if _EMPTY_ITEM.fullmatch(last):
            return 1.0, "empty_item"
        if _END.search(last) or last.endswith("```"):
            return 0.0, ""
        return _open_end(last) or _no_full_stop(before, last) or (0.0, "")


def _open_end(last: str) -> tuple[float, str] | None:
    if last[-1] in ",([{\u2013\u2014" or (last[-1] == "-" and not last.endswith("--")):
        return 0.9, "open_clause"
    if last[-1] == ":":
        return 0.5, "announcement"
    if _DANGLING.search(last) and len(last.split()) > 3:
        return 0.9, "dangling_word"
    return None


def _no_full_stop(before: list[str], last: str) -> tuple[float, str] | None:
    words = last.split()
    if not last[-1].isalnum() or words[-1].startswith("#"):
        return None
    if _ITEM.match(last):
        items = [line.rstrip() for line in before if _ITEM.match(line)][-2:]
        unlike = len(items) == 2 and all(map(_END.search, items))
        return (0.5, "unlike_items") if unlike else None
    if len(words) < _PROSE:
        return None
    prose = [line.rstrip() for line in before if len(line.split()) >= _PROSE]
    ends = _SENTENCE.search(last) or (prose and _END.search(prose[-1]))
    return (0.5, "no_full_stop") if ends else None


@hookimpl
def curate_filters() -> list[type[Filter]]:
    """Return the filters of this package."""
    return [Truncated]
