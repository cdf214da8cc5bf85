"""Rewriters that behave, and rewriters that break one promise each."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, ClassVar

from curate.api import (
    Context,
    Filter,
    GaveUp,
    Hit,
    Judge,
    Replacement,
    Rewrite,
    Rewriter,
    Verdict,
)
from curate.errors import NotARecord, OutageError
from curate.records import Record


class Says(Rewriter):
    """Says one text after the other as the last answer, a text an attempt."""

    name: ClassVar[str] = "says"

    texts: tuple[str, ...] = ("a better answer {n}",)
    teacher: str | None = "Clean"
    finish: str = "stop"

    @contextmanager
    def open(self, ctx: Context) -> Iterator[Rewrite]:
        yield lambda hits: [self.answer(hit) for hit in hits]

    def answer(self, hit: Hit) -> Any:
        if hit.attempt >= len(self.texts):
            return GaveUp("no_more", {"asked": hit.attempt})
        last = hit.record.response_turn
        if last is None:
            return GaveUp("no_answer")
        text = self.texts[hit.attempt].replace("{n}", hit.record.id)
        evidence = {"attempt": hit.attempt, "saw": hit.verdict.reason}
        return Replacement({last: text}, self.teacher, self.finish, evidence)  # type: ignore[arg-type]


class Erases(Says):
    """Takes one occurrence of a word out of the last answer, going on from what it did before."""

    name: ClassVar[str] = "erases"
    cumulative: ClassVar[bool] = True

    word: str = "bad"

    def answer(self, hit: Hit) -> Any:
        last = hit.record.response_turn
        assert last is not None
        text = hit.record.response.replace(self.word, "[gone]", 1)
        return Replacement({last: text}, gone=(self.word,))


class Always(Says):
    """Breaks one promise, named by `how`."""

    name: ClassVar[str] = "always"

    how: str = "short"
    word: str = "bad"

    @contextmanager
    def open(self, ctx: Context) -> Iterator[Rewrite]:
        if self.how == "open":
            raise RuntimeError("no such model")
        yield self.all

    def all(self, hits: Sequence[Hit]) -> Sequence[Any]:
        answers = [self.answer(hit) for hit in hits]
        return answers[:-1] if self.how == "short" else answers

    def answer(self, hit: Hit) -> Any:
        match self.how:
            case "raises":
                raise ValueError("cannot write this")
            case "stranger":
                raise NotARecord("says so itself")
            case "none":
                return None
            case "turn":
                return Replacement({9: "x"})
            case "no turns":
                return Replacement({})
            case "bytes":
                return Replacement({1: b"x"})  # type: ignore[dict-item]
            case "evidence":
                return Replacement({1: "fine"}, evidence={"what": object()})
            case "no reason":
                return GaveUp("")
        return super().answer(hit)


class Unreachable(Says):
    """Finds its service gone, unless a file exists."""

    name: ClassVar[str] = "unreachable"

    back: str = ""

    def answer(self, hit: Hit) -> Any:
        if not Path(self.back).is_file():
            raise OutageError("the teacher at localhost does not answer")
        return super().answer(hit)


class Stuck(Says):
    """Hangs, or ends its process, on a record that holds a word."""

    name: ClassVar[str] = "stuck"
    timeout: ClassVar[float] = 0.5

    word: str = "terrible"
    dies: bool = False

    def answer(self, hit: Hit) -> Any:
        if self.word in hit.record.response:
            if self.dies:
                import os

                os._exit(7)
            time.sleep(60)
        return super().answer(hit)


class Patient(Says):
    """Takes its time."""

    name: ClassVar[str] = "patient"
    timeout: ClassVar[float] = 5000.0


class Alone(Says):
    """Fails where it is called from two threads at once."""

    name: ClassVar[str] = "alone"

    @contextmanager
    def open(self, ctx: Context) -> Iterator[Rewrite]:
        with one_at_a_time() as enter:

            def rewrite(hits: Sequence[Hit]) -> Sequence[Any]:
                with enter():
                    return [self.answer(hit) for hit in hits]

            yield rewrite


class AloneToo(Filter):
    """Fails where it is called from two threads at once."""

    name: ClassVar[str] = "alone_too"

    @contextmanager
    def open(self, ctx: Context) -> Iterator[Judge]:
        with one_at_a_time() as enter:

            def judge(records: Sequence[Record]) -> Sequence[Verdict]:
                with enter():
                    return [Verdict(0.0) for _ in records]

            yield judge


@contextmanager
def one_at_a_time() -> Iterator[Callable[[], AbstractContextManager[None]]]:
    busy = threading.Lock()

    @contextmanager
    def enter() -> Iterator[None]:
        if not busy.acquire(blocking=False):
            raise AssertionError("called while another call is under way")
        try:
            time.sleep(0.001)
            yield
        finally:
            busy.release()

    yield enter


ALL: Sequence[type[Rewriter]] = (Says, Erases, Always, Unreachable, Stuck, Patient, Alone)
