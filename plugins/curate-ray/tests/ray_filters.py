"""Filters that a distribution brings, for runs in processes of their own."""

import os
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import ClassVar

from curate.api import Context, Filter, Judge, Record, RecordFilter, Verdict, hookimpl


class Slow(Filter):
    """Takes its time over every segment, so that something may happen meanwhile."""

    name: ClassVar[str] = "slow"
    seconds: float = 0.3

    @contextmanager
    def open(self, ctx: Context) -> Iterator[Judge]:
        def judge(records: Sequence[Record]) -> list[Verdict]:
            time.sleep(self.seconds)
            return [Verdict(0.0)] * len(records)

        yield judge


class Hangs(RecordFilter):
    """Never answers for a row that says so."""

    name: ClassVar[str] = "hangs"
    timeout: ClassVar[float] = 1.0

    def judge(self, record: Record) -> Verdict:
        while b"hang here" in record.raw:
            time.sleep(0.05)
        return Verdict(0.0)


class Dies(RecordFilter):
    """Takes the process down at a row that says how."""

    name: ClassVar[str] = "dies"

    def judge(self, record: Record) -> Verdict:
        if b"exit here" in record.raw:
            os._exit(7)
        if b"be killed here" in record.raw:
            os.kill(os.getpid(), signal.SIGKILL)
        return Verdict(0.0)


@hookimpl
def curate_filters() -> Sequence[type[Filter]]:
    return [Slow, Hangs, Dies]
