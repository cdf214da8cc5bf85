"""What a step found, taken out of the text: `redact`."""

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import groupby
from typing import Any, ClassVar, NamedTuple

from pydantic import Field, field_validator

from curate.api import Context, GaveUp, Hit, Record, Replacement, Rewrite, Rewriter, Verdict

_UNTOLD = "redacted"
"""What stands for a label that would repeat the text it stands for."""


class Redact(Rewriter):
    """Replaces the spans in a verdict's evidence; no other character changes.

    Spans that overlap or touch become one, with all their labels. The teacher stays: nobody wrote
    a new response. A filter may list fewer spans than it found (`regex` lists 20), so every
    attempt redacts what the verdict on the text so far lists. A row that has what was redacted in
    another field too, such as the prompt of a preference pair, is not taken (`stands_elsewhere`).

    steps:
      - use: regex
        with: {pack: pii}
        do:
          rewrite: {use: redact, with: {template: "<{label}>"}}
    """

    name: ClassVar[str] = "redact"
    cumulative: ClassVar[bool] = True
    timeout: ClassVar[float] = 60.0

    template: str = Field(
        "[{label}]",
        description="what takes the place of a span; {label} is what the filter calls it",
    )

    @field_validator("template")
    @classmethod
    def _only_the_label(cls, template: str) -> str:
        rest = template.replace("{label}", "")
        if "{" in rest or "}" in rest:
            raise ValueError("a template is plain text with {label} in it, and no other braces")
        return template

    def open(self, ctx: Context) -> AbstractContextManager[Rewrite]:  # noqa: ARG002  (nothing to load)
        """Yield a function that redacts each hit by itself."""
        return nullcontext(lambda hits: [self.redact(hit) for hit in hits])

    def redact(self, hit: Hit) -> Replacement | GaveUp:
        """Return the turns that have spans, redacted; the evidence counts spans by label.

        It gives up with `no_spans` where there is nothing to replace, and with `bad_spans` where
        the spans do not fit the record: part of what they mean would stay.
        """
        found = _spans(hit.verdict, hit.record)
        if found is None:
            return GaveUp("bad_spans")
        if not found:
            return GaveUp("no_spans")
        turns = {
            turn: self._without(hit.record.turns[turn].text, list(spans))
            for turn, spans in groupby(found, key=lambda span: span.turn)
        }
        labels = Counter(span.label for span in found)
        gone = {hit.record.turns[turn].text[start:end] for turn, start, end, _ in found}
        evidence = {"redacted": len(found), "labels": dict(labels)}
        return Replacement(turns, evidence=evidence, gone=tuple(sorted(gone)))

    def _without(self, text: str, spans: Sequence["_Labelled"]) -> str:
        parts, at = [], 0
        for start, end, labels in _merged(spans):
            parts += [text[at:start], self.template.replace("{label}", ", ".join(labels))]
            at = end
        return "".join([*parts, text[at:]])


class _Labelled(NamedTuple):
    turn: int
    start: int
    end: int
    label: str


def _spans(verdict: Verdict, record: Record) -> list[_Labelled] | None:
    """Return what there is to replace, in order; None where a span is not in the record."""
    spans = verdict.evidence.get("spans", ())
    if not isinstance(spans, list | tuple):
        return None
    found = [_labelled(span, record) for span in spans]
    fitting = [span for span in found if span is not None]
    if len(fitting) < len(found):
        return None
    return sorted(span for span in fitting if span.start < span.end)


def _labelled(span: Any, record: Record) -> _Labelled | None:
    match span:
        case (int(turn), int(start), int(end), str(label)) if 0 <= turn < len(record.turns):
            text = record.turns[turn].text
            if not 0 <= start <= end <= len(text):
                return None
            tells = text[start:end].casefold() in label.casefold()
            return _Labelled(turn, start, end, _UNTOLD if tells else label)
    return None


def _merged(spans: Iterable[_Labelled]) -> list[tuple[int, int, list[str]]]:
    """Return start, end and labels of spans of one turn, those that overlap or touch as one."""
    merged: list[tuple[int, int, list[str]]] = []
    for _, start, end, label in spans:
        if merged and start <= merged[-1][1]:
            first, last, labels = merged.pop()
            more = [] if label in labels else [label]
            merged.append((first, max(last, end), labels + more))
        else:
            merged.append((start, end, [label]))
    return merged
