"""Memories on other machines: the answers of one memory, or a clear error."""

import pickle
import resource
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks import PLAN, Stop, Stopping, files_of, go, rows, write
from curate.api import Context, CorpusFilter, Keeper, Memory, Record, Verdict, Work
from curate.engine.judging import Trouble
from curate.engine.keeping import Kept
from curate.engine.run import Options, run
from curate.errors import InputError, OutageError, PluginError
from curate.io import sources
from fake_executors import POOLS, Here, quick
from fakes import resolve


class Grouped(CorpusFilter):
    """Counts how often it has met the first letter; abstains from nothing, breaks on `!`."""

    name = "grouped"
    apart: bool = True
    fails: str = ""

    def group(self, signature: bytes) -> bytes | None:
        if self.fails == "group":
            raise ValueError("no group for that")
        return signature[:1] if self.apart else None

    @contextmanager
    def signer(self, ctx: Context) -> Iterator[Any]:
        def sign(records: Sequence[Record]) -> list[bytes]:
            return [record.text("assistant").split()[-1].encode() for record in records]

        yield sign

    def memory(self, ctx: Context) -> Memory:
        if self.fails == "memory":
            raise ValueError("no memory")
        return Counts(ctx)


class Counts:
    """The memory of `Grouped`."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx
        self.met: dict[bytes, list[int]] = {}

    def admit(self, signature: bytes, index: int) -> Verdict:
        if signature == b"!":
            raise ValueError("an exclamation")
        if signature == b"?":
            raise InputError("the disk of the memory is full")
        if signature == b"#":
            return Verdict(0.0, "met", "no mapping")  # type: ignore[arg-type]
        met = self.met.setdefault(signature[:1], [])
        met.append(index)
        return Verdict(min(len(met) / 100, 1.0), "met", {"at": list(met)})


@contextmanager
def kept(pools: str, places: int, filter: CorpusFilter | None = None) -> Iterator[Kept]:
    def keep(work: Work) -> Sequence[Keeper]:
        return POOLS[pools]([], []).keep(pickle.loads(pickle.dumps(work)), places)

    with Kept("grouped", filter or Grouped(), Context(), keep) as remember:
        yield remember


@given(
    segments=st.lists(st.lists(st.text("abcdefgh", min_size=1, max_size=2), max_size=5)),
    places=st.integers(1, 4),
    pools=st.sampled_from(["InTurn", "Forgets"]),
)
def test_many_places_answer_as_one(segments: list[list[str]], places: int, pools: str) -> None:
    index, memory = 0, Counts(Context())
    with kept(pools, places) as remember:
        for segment in segments:
            entries = [(index + n, word.encode()) for n, word in enumerate(segment)]
            assert remember(entries) == [memory.admit(word, n) for n, word in entries]
            index += len(segment)


def test_what_has_no_group_is_remembered_here() -> None:
    def keep(work: Work) -> Sequence[Keeper]:
        raise AssertionError("nothing is to be kept elsewhere")

    with Kept("grouped", Grouped(apart=False), Context(), keep) as remember:
        assert remember([(0, b"a")]) == [Verdict(0.01, "met", {"at": [0]})]


def test_a_place_has_no_folder_of_this_machine(tmp_path: Path) -> None:
    class Scratch(Grouped):
        def memory(self, ctx: Context) -> Memory:
            folders.append(ctx.scratch)
            return Counts(ctx)

    folders: list[Path | None] = []
    keep = POOLS["InTurn"]([], []).keep
    own = Context(scratch=tmp_path)
    with Kept("grouped", Scratch(), own, lambda work: keep(work, 2)) as remember:
        remember([(0, b"a")])
    assert folders == [tmp_path, None, None]


def test_the_first_record_that_a_memory_breaks_on_is_the_last_that_is_answered() -> None:
    with kept("InTurn", 3) as remember:
        answers = remember([(0, b"a"), (1, b"b"), (2, b"!"), (3, b"c"), (4, b"a")])
    assert [type(answer) for answer in answers] == [Verdict, Verdict, Trouble]
    assert answers[-1] == Trouble("plugin_error", "ValueError: an exclamation")


def test_what_a_memory_raises_of_itself_is_raised() -> None:
    told = "the disk of the memory is full"
    with kept("InTurn", 3) as remember, pytest.raises(InputError, match=told):
        remember([(0, b"a"), (1, b"?")])


def test_a_filter_that_cannot_group() -> None:
    filter, told = Grouped(fails="group"), "step 'grouped' cannot group a signature: ValueError"
    with kept("InTurn", 2, filter) as remember, pytest.raises(PluginError, match=told):
        remember([(0, b"a")])


def test_a_filter_without_a_memory() -> None:
    filter, told = Grouped(fails="memory"), "step 'grouped' cannot open its memory: ValueError"
    with pytest.raises(PluginError, match=told), kept("InTurn", 2, filter):
        pass


def test_a_wrong_verdict_comes_back_as_it_is_for_the_run_to_name_its_record() -> None:
    with kept("InTurn", 2) as remember:
        assert remember([(0, b"#")]) == [Verdict(0.0, "met", "no mapping")]  # type: ignore[arg-type]


def test_what_was_told_is_written_down_whole_or_not_at_all(tmp_path: Path) -> None:
    """At the end of a disk a write ends early, and says so only to who looks."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    keep = POOLS["InTurn"]([], []).keep
    own = Context(scratch=tmp_path)
    with Kept("grouped", Grouped(), own, lambda work: keep(work, 2)) as remember:
        resource.setrlimit(resource.RLIMIT_FSIZE, (40, hard))
        try:
            with pytest.raises(OSError, match="File too large"):
                remember([(0, b"a" * 100)])
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_place_that_is_lost_again_and_again() -> None:
    told = "'grouped': the machine that remembers was lost 4 times"
    with kept("ForgetsAll", 2) as remember, pytest.raises(OutageError, match=told):
        remember([(0, b"a")])


def corpus(folder: Path) -> Path:
    lines = rows(40, r3="bad", r9="late", r11="late")
    return write(folder / "c.jsonl", *lines, *lines[5:20], *rows(60)[35:], *lines[:30])


@pytest.mark.parametrize("workers", [1, 3, None])
def test_a_run_that_loses_its_memory_writes_the_same_files(
    tmp_path: Path, workers: int | None
) -> None:
    go(PLAN, [corpus(tmp_path)], tmp_path / "here", lines=5)
    with quick():
        executor = Here(pools="Forgets")
        there = tmp_path / "there"
        go(PLAN, [corpus(tmp_path)], there, lines=5, executor=executor, workers=workers)
    assert files_of(tmp_path / "there") == files_of(tmp_path / "here")


def test_a_run_goes_on_with_what_was_remembered_elsewhere(tmp_path: Path) -> None:
    found = sources.expand([str(corpus(tmp_path))])
    go(PLAN, [corpus(tmp_path)], tmp_path / "whole", lines=5)
    out, executor = tmp_path / "out", Here(pools="Forgets")
    with quick():
        for left in (6, 6, 6):
            options = Options(executor, lines=5, commit_every=0.0)
            with pytest.raises(Stop):
                run(resolve(PLAN), found, out, options, Context(), Stopping(left))
        run(resolve(PLAN), found, out, Options(executor, lines=5), Context())
    assert files_of(out) == files_of(tmp_path / "whole")


def test_a_loss_that_is_not_told_shows(tmp_path: Path) -> None:
    """These files do differ where a memory is lost and nobody is told: the tests above can fail."""
    go(PLAN, [corpus(tmp_path)], tmp_path / "here", lines=5)
    with quick():
        executor = Here(pools="ForgetsSilently")
        go(PLAN, [corpus(tmp_path)], tmp_path / "there", lines=5, executor=executor)
    assert files_of(tmp_path / "there") != files_of(tmp_path / "here")


@pytest.mark.parametrize(
    ("pools", "error", "told"),
    [
        ("KeepsNone", PluginError, "executor 'here' was to keep a memory, and keeps none"),
        ("AnswersForMemory", PluginError, "answered with a NoneType where a memory"),
        ("ForgetsAll", OutageError, "step 'first': the machine that remembers was lost"),
    ],
)
def test_what_goes_wrong_with_a_memory_ends_the_run(
    tmp_path: Path, pools: str, error: type[Exception], told: str
) -> None:
    with quick(), pytest.raises(error, match=told):
        go(PLAN, [corpus(tmp_path)], tmp_path / "out", executor=Here(pools=pools), lines=10)
