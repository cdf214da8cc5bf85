"""`contamination`: does this record hold what a model will be evaluated on?"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import ClassVar

from pydantic import Field, field_validator

from curate.api import Context, Filter, Judge, Record, Rule, Scope, Verdict
from curate.errors import UsageError
from curate.filters.overlap.compared import Compared
from curate.filters.overlap.items import hashes, items

_MOST_SPANS = 20
"""Spans kept as evidence of one record; those beyond are counted."""
_COMMIT = re.compile(r"@[0-9a-f]{40}(\?|$)")
_NOTHING_SHARED = Verdict(0.0)


class Contamination(Filter):
    """Scores the greatest share of an evaluation item's words that the record has too.

    A word of the item counts where it lies in a run of `n` words that also stands in the record:
    the measure of Tülu 3 (Lambert et al. 2024, decontamination), with its 8 words and its half of
    the item as the default rule. GPT-3 took runs of 13 words, any of which was a hit
    (Brown et al. 2020, appendix C): `n: 13` and `when: {outside: [0, 0]}`.

        steps:
          - use: contamination
            with: {against: ["gsm8k/*.jsonl", mt_bench.jsonl], fields: [question, "turns.*"]}
            do: drop

    The reason is the name of the evaluation file, or of the data set on the hub. The evidence
    names the item that is covered most (the first, where several are) by file and line, its words
    and how many are `covered`.

    Evaluation files are any that curate reads. Of rows in a known shape, each user turn is an item
    (or each turn, where there is no user); `fields` names the texts of other rows, and each text
    is an item. Words are compared without case, punctuation and Unicode form; a character of
    Chinese, Japanese or Thai counts as a word. An item of fewer than `n` words must stand in the
    record whole, and one of fewer than `min_words` is left out: it would be found anywhere.
    """

    name: ClassVar[str] = "contamination"
    rule: ClassVar[Rule] = Rule(at_least=0.5)

    against: str | list[str] = Field(
        description="evaluation files, as paths or globs, or data sets of the hub at a commit: "
        "hf://datasets/ORG/NAME@COMMIT?split=test"
    )
    fields: list[str] = Field(
        default_factory=list,
        description="where the rows of evaluation files keep their texts, such as question or "
        "turns.0; * is every element of a list",
    )
    n: int = Field(8, ge=1, le=100, description="how many words in a row must agree")
    min_words: int = Field(5, ge=1, description="an evaluation item of fewer words is left out")
    scope: Scope = Field("conversation", description="which turns of a record are searched")

    @field_validator("against")
    @classmethod
    def _stay_the_same(cls, against: str | list[str]) -> str | list[str]:
        if not against:
            raise ValueError("name a file at least")
        for name in [against] if isinstance(against, str) else against:
            if name.startswith("hf:") and not _COMMIT.search(name):
                raise ValueError(f"{name}: a data set of the hub needs its full commit behind an @")
        return against

    @field_validator("fields")
    @classmethod
    def _are_paths(cls, fields: list[str]) -> list[str]:
        for field in fields:
            if not all(field.split(".")):
                raise ValueError(f"{field!r} is no path: write keys with dots between")
        return fields

    def fingerprint(self) -> Mapping[str, str]:
        """Return the SHA-256 of every evaluation file.

        Raises:
            InputError: one is missing or cannot be read.
        """
        return hashes(self._files())

    @contextmanager
    def open(self, ctx: Context) -> Iterator[Judge]:
        """Index the evaluation files and yield the judge.

        Raises:
            InputError: a file or a line of one cannot be read, or has no text where it should.
            UsageError: no item has enough words, or offline one is read over the network.
        """
        found = items(self._files(), self.fields, offline=ctx.offline)
        compared = Compared(found, self.n, self.min_words)
        if not compared.items:
            raise UsageError(
                f"contamination: nothing to compare with: none of {compared.left_out:,} texts in "
                f"{', '.join(self._files())} has {self.min_words} words; is min_words too high?"
            )
        yield lambda records: [self._verdict(record, compared) for record in records]

    def _files(self) -> Sequence[str]:
        return [self.against] if isinstance(self.against, str) else self.against

    def _verdict(self, record: Record, compared: Compared) -> Verdict:
        texts = record.texts(self.scope)
        finding = compared.find([text for _, text in texts])
        if finding is None:
            return _NOTHING_SHARED
        reason, overlap = finding.item.evaluation, finding.overlap
        spans = [[texts[n][0], start, end, reason] for n, start, end in finding.spans]
        evidence = {
            "item": finding.item.place,
            "covered": overlap.covered,
            "words": overlap.words,
            "spans": spans[:_MOST_SPANS],
            "matches": len(spans),
        }
        return Verdict(overlap.share, reason, evidence)
