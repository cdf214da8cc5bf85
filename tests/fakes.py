"""Filters that behave, and filters that break one promise each."""

import math
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import fake_rewriters
from curate import plan, registry
from curate.api import Context, CorpusFilter, Filter, Judge, RecordFilter, Verdict
from curate.errors import CurateError, OutageError
from curate.filters.provenance import Provenance
from curate.filters.regex import Regex
from curate.filters.select import Select
from curate.records import Record


class Word(RecordFilter):
    """Hits where the row's bytes hold a word."""

    name = "word"
    low, high = 0.0, math.inf
    word: str = "bad"

    def judge(self, record: Record) -> Verdict:
        at = record.raw.find(self.word.encode())
        if at < 0:
            return Verdict(0.0)
        return Verdict(1.0, f"has_{self.word}", {"at": at})


class Turns(RecordFilter):
    """Scores the number of turns; needs a record."""

    name = "turns"
    low, high = 0.0, math.inf

    def judge(self, record: Record) -> Verdict:
        return Verdict(float(len(record.turns)))


class Unsure(Word):
    """Abstains where the row holds the word."""

    name = "unsure"

    def judge(self, record: Record) -> Verdict:
        return Verdict(None, "cannot_tell") if self.word.encode() in record.raw else Verdict(0.0)


class Raises(Word):
    """Raises on a row that holds the word."""

    name = "raises"

    def judge(self, record: Record) -> Verdict:
        if self.word.encode() in record.raw:
            raise ValueError("cannot digest this")
        return Verdict(0.0)


class Outage(Word):
    """Finds its service gone at a row that holds the word, unless a file exists."""

    name = "outage"
    back: str = ""

    def judge(self, record: Record) -> Verdict:
        if self.word.encode() in record.raw and not Path(self.back).is_file():
            raise OutageError("the judge at localhost does not answer")
        return Verdict(0.0)


class Hangs(Word):
    """Never answers for a row that holds the word."""

    name = "hangs"
    timeout = 1.0

    def judge(self, record: Record) -> Verdict:
        while self.word.encode() in record.raw:
            time.sleep(0.05)
        return Verdict(0.0)


class Dies(Word):
    """Takes the process down at a row that holds the word."""

    name = "dies"

    def judge(self, record: Record) -> Verdict:
        if self.word.encode() in record.raw:
            os._exit(7)
        return Verdict(0.0)


class Slow(Word):
    """Takes its time over every record."""

    name = "slow"
    seconds: float = 0.001

    def judge(self, record: Record) -> Verdict:
        time.sleep(self.seconds * (200 if b"slow" in record.raw else 1))
        return super().judge(record)


class Score(RecordFilter):
    """Gives one score, good or bad, to everything."""

    name = "score"
    score: float = 0.0

    def judge(self, record: Record) -> Verdict:
        return Verdict(self.score)


class Short(Filter):
    """Returns one verdict too few."""

    name = "short"

    @contextmanager
    def open(self, ctx: Context) -> Iterator[Judge]:
        yield lambda records: [Verdict(0.0)] * (len(records) - 1)


class Batch(Filter):
    """Scores the size of the batch, which a filter must not do."""

    name = "batch"
    low, high = 0.0, math.inf

    @contextmanager
    def open(self, ctx: Context) -> Iterator[Judge]:
        yield lambda records: [Verdict(float(len(records)))] * len(records)


class NoVerdict(Filter):
    """Returns bare numbers."""

    name = "no_verdict"

    @contextmanager
    def open(self, ctx: Context) -> Iterator[Judge]:
        yield lambda records: [0.0] * len(records)  # type: ignore[list-item]


class Odd(RecordFilter):
    """Breaks its contract in the way it is told."""

    name = "odd"
    how: str

    def judge(self, record: Record) -> Verdict:
        if self.how == "exit":
            raise SystemExit(5)
        if self.how == "own":
            raise OwnError(record, "twice")
        reason: Any = ["reason"] if self.how == "reason" else "reason"
        return Verdict(1.0, reason, {"evidence": [1], "set": {"x": {1}}}.get(self.how, {}))  # type: ignore[call-overload]


class OwnError(CurateError):
    """An error of a plugin's own that cannot be pickled."""

    def __init__(self, record: Record, more: str) -> None:
        super().__init__("my own")
        self.record, self.more = record, more


class Shut(Word):
    """Cannot be opened."""

    name = "shut"

    def open(self, ctx: Context) -> Any:
        raise ValueError("no model")


class Closing(Filter):
    """Leaves a note when it is closed."""

    name = "closing"
    note: str

    @contextmanager
    def open(self, ctx: Context) -> Iterator[Judge]:
        yield lambda records: [Verdict(0.0)] * len(records)
        Path(self.note).touch()


class First(CorpusFilter):
    """Hits every row whose bytes came before; abstains where the row holds a word."""

    name = "first"
    skip: str = "\0"

    @contextmanager
    def signer(self, ctx: Context) -> Iterator[object]:
        skip = b'"' + self.skip.encode() + b'"'
        yield lambda records: [Verdict(None) if skip in r.raw else r.raw for r in records]

    def group(self, signature: bytes) -> bytes | None:
        return signature

    def memory(self, ctx: Context) -> "_Seen":
        return _Seen()


class _Seen:
    def __init__(self) -> None:
        self.seen: dict[bytes, int] = {}

    def admit(self, signature: bytes, index: int) -> Verdict:
        of = self.seen.setdefault(signature, index)
        return Verdict(0.0) if of == index else Verdict(1.0, "repeat", {"of": of})


ALL: Sequence[type[Filter]] = (
    Word, Turns, Unsure, Raises, Outage, Hangs, Dies, Slow, Score, Short, Batch, NoVerdict, Odd,
    Shut, Closing, First,
)  # fmt: skip


STANDARD = (Provenance, Regex, Select, fake_rewriters.AloneToo)


def resolve(text: str) -> registry.Resolved:
    """Resolve a plan against the fakes."""
    filters = {cls.name: registry.Entry(cls, "fakes", "1") for cls in (*ALL, *STANDARD)}
    rewriters = {cls.name: registry.Entry(cls, "fakes", "1") for cls in fake_rewriters.ALL}
    return registry.resolve(plan.loads(text), registry.Registry(filters, rewriters=rewriters))
