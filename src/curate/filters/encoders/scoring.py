"""The judge: texts of records in, verdicts out."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from curate.api import Record, Rule, Scope, Verdict
from curate.filters.encoders.passes import Passes, Probabilities
from curate.filters.encoders.pooling import Pool, pool
from curate.filters.encoders.tokens import Tokens, tokenise
from curate.filters.encoders.windows import Window, windows

_NO_TEXT = Verdict(None, "no_text")
_DIGITS = 4


class Scored(NamedTuple):
    """Which label of a model is scored, and what is told."""

    labels: tuple[str, ...]
    column: int | None
    """The label's position; None: whichever is highest."""
    tell: bool
    """Whether the evidence has all labels."""
    rule: Rule
    """When a score has a reason."""


class Reading(NamedTuple):
    """How texts are read and pooled."""

    scope: Scope
    room: int
    """Tokens of a window, special ones left out."""
    overlap: int
    pool: Pool
    max_windows: int | None
    parity: float | None
    """How far int8 may be from fp32; None: it is not int8."""


class EncoderJudge:
    """Scores the records of a call together, in windows sorted by length.

    Args:
        tokenizer: Of the model.
        passes: The model.
        reading: How texts are read and pooled.
        scored: Which label is scored, and what is told.
    """

    def __init__(self, tokenizer: Any, passes: Passes, reading: Reading, scored: Scored) -> None:
        self._tokenizer, self._passes = tokenizer, passes
        self._reading, self._scored = reading, scored

    def __call__(self, records: Sequence[Record]) -> list[Verdict]:
        """Return one verdict per record, in order."""
        texts = [record.text(self._reading.scope) for record in records]
        tokens = tokenise(self._tokenizer, [text if text.strip() else "" for text in texts])
        verdicts = [_NO_TEXT] * len(records)
        several: list[Window] = []
        for number, each in enumerate(tokens):
            cut = list(windows(number, len(each.ids), self._reading.room, self._reading.overlap))
            if self._too_many(len(cut)):
                verdicts[number] = Verdict(None, "too_long", {"windows": len(cut)})
            else:
                several += cut
        found = self._passes.run(tokens, several)
        told = self._compared(tokens, several, found)
        pairs = zip(several, found, strict=True)
        for number, group in groupby(pairs, key=lambda pair: pair[0].text):
            cut, rows = map(list, zip(*group, strict=True))
            verdicts[number] = self._verdict(records[number], tokens[number], cut, rows, told)
        return verdicts

    def _too_many(self, count: int) -> bool:
        return self._reading.max_windows is not None and count > self._reading.max_windows

    def _compared(
        self, tokens: Sequence[Tokens], several: Sequence[Window], found: Sequence[Probabilities]
    ) -> Mapping[str, float]:
        parity = self._reading.parity
        if parity is None or not several:
            return {}
        return {"int8_moved": round(self._passes.moved(tokens, several, found, parity), 6)}

    def _verdict(
        self,
        record: Record,
        tokens: Tokens,
        cut: Sequence[Window],
        rows: Sequence[Probabilities],
        told: Mapping[str, float],
    ) -> Verdict:
        labels = self._scored.labels
        pooled = pool(rows, self._reading.pool)
        column = self._scored.column
        best = max(range(len(pooled)), key=pooled.__getitem__) if column is None else column
        evidence: dict[str, Any] = {"windows": len(cut), **told}
        if self._scored.tell:
            evidence["labels"] = {
                label: round(each, _DIGITS) for label, each in zip(labels, pooled, strict=True)
            }
        hit = self._scored.rule.hit(pooled[best])
        if hit or len(cut) > 1:
            highest = max(range(len(cut)), key=lambda number: rows[number][best])
            characters = _characters(tokens, cut[highest])
            evidence["spans"] = [
                [*span, labels[best]] for span in record.locate(self._reading.scope, *characters)
            ]
        return Verdict(pooled[best], labels[best] if hit else "", evidence)


def _characters(tokens: Tokens, window: Window) -> tuple[int, int]:
    return tokens.starts[window.start], tokens.ends[window.end - 1]
