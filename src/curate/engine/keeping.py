"""A corpus filter's memory in several places of other machines: a group-by.

Each place is told the signatures of its groups, in input order, so it answers as one memory of all
would. A place that is lost is told everything again: this machine keeps a file of what was told.
"""

import os
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from tempfile import TemporaryFile
from typing import Any, Self

from curate.api import Context, CorpusFilter, Forgotten, Keeper, Verdict, Work
from curate.engine.appender import write_all
from curate.engine.journal import Entry, batches, pack, unpack
from curate.engine.judging import Trouble
from curate.engine.remembering import naming, remembering
from curate.errors import CurateError, OutageError, PluginError, retold
from curate.io.blocks import blocks

HERE = -1
"""The place of what has no group."""
LOSSES = 4
"""Times that a place may be lost before it answers about a segment."""

Answered = Verdict | Trouble
Keep = Callable[[Work], Sequence[Keeper]]
"""Opens a work in several places."""


class Kept:
    """Remembers for one step; called with entries, as `Remember` says.

    Args:
        step: Its name.
        filter: The filter.
        ctx: What a memory on this machine is opened with.
        keep: Opens the places, as soon as there is something to remember there.
    """

    def __init__(self, step: str, filter: CorpusFilter, ctx: Context, keep: Keep) -> None:
        self._step, self._filter, self._ctx, self._keep = step, filter, ctx, keep
        self._keepers: Sequence[Keeper] = ()
        self._open = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._here = stack.enter_context(remembering(self._step, self._filter, self._ctx))
            log = TemporaryFile(dir=self._ctx.scratch, buffering=0)
            self._log = stack.enter_context(log)
            self._open = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        """Close what is open on this machine; the places end with the executor."""
        self._open.close()

    def __call__(self, entries: Sequence[Entry]) -> list[Answered]:
        """Have the places judge and remember.

        Raises:
            OutageError: a place is lost again and again.
            PluginError: the filter or the executor breaks its contract.
        """
        places = self._places(entries)
        here = places.pop(HERE, [])
        told = {place: pack(entries[n] for n in at) for place, at in places.items()}
        waits = {place: self._keepers[place].ask(each) for place, each in told.items()}
        answers = dict(zip(here, self._here([entries[n] for n in here]), strict=False))
        for place, at in places.items():
            found = self._wait(place, waits[place], told[place])
            answers.update(zip(at, _checked(found, len(at)), strict=False))
        self._log.seek(0, os.SEEK_END)
        write_all(self._log, b"".join(told.values()))
        return list(_up_to_trouble(answers, len(entries)))

    def _places(self, entries: Sequence[Entry]) -> dict[int, list[int]]:
        """Return the positions of the entries that are remembered in each place."""
        with naming(self._step, "cannot group a signature"):
            groups = [self._filter.group(signature) for _, signature in entries]
            hashes = [None if group is None else zlib.crc32(group) for group in groups]
        if not self._keepers and any(number is not None for number in hashes):
            opening = _Opening(self._step, self._filter, self._ctx)
            self._keepers = self._keep(Work((self._step,), opening))
        places = defaultdict[int, list[int]](list)
        for position, number in enumerate(hashes):
            place = HERE if number is None else number % len(self._keepers)
            places[place].append(position)
        return places

    def _wait(self, place: int, wait: Callable[[], Any], told: bytes) -> Any:
        """Return what a place answers; if it is lost, tell another everything again."""
        for _ in range(LOSSES):
            try:
                return wait()
            except Forgotten:
                wait = partial(self._ask_anew, place, told)
        raise OutageError(
            f"step {self._step!r}: the machine that remembers was lost {LOSSES} times in a row; "
            "look at the memory of the machines, then run the same command again to go on"
        )

    def _ask_anew(self, place: int, told: bytes) -> Any:
        """Renew a place, tell it everything again, and return what it answers this time."""
        keeper = self._keepers[place]
        keeper.renew()
        self._log.seek(0)
        for entries in batches(blocks(self._log, None, "the log")):
            mine = [entries[n] for n in self._places(entries).get(place, ())]
            _checked(keeper.ask(pack(mine))(), len(mine))
        return keeper.ask(told)()


def _checked(found: Any, count: int) -> Sequence[Answered]:
    """Return the answers of a place.

    Raises:
        CurateError: what its memory raised.
        PluginError: it is no answer to what was asked.
    """
    if isinstance(found, CurateError):
        raise found
    answers: list[Answered] = found if isinstance(found, list) else []
    broke = any(isinstance(answer, Trouble) for answer in answers[-1:])
    if len(answers) != count and not broke:
        raise PluginError(
            f"the executor answered with a {type(found).__name__} where a memory had answered "
            f"about {count} records; it must hand back what its work returned"
        )
    return answers


def _up_to_trouble(answers: Mapping[int, Answered], count: int) -> Iterator[Answered]:
    for n in range(count):
        yield answers[n]
        if isinstance(answers[n], Trouble):
            return


@dataclass(frozen=True, slots=True)
class _Opening:
    """Opens a memory in one place; it travels as a pickle."""

    step: str
    filter: CorpusFilter
    ctx: Context

    @contextmanager
    def __call__(self) -> Iterator[Callable[[bytes], list[Answered] | CurateError]]:
        """Yield what has the memory judge the entries of a piece of journal."""
        ctx = replace(self.ctx, scratch=None)  # the run's folder is not on this machine
        with remembering(self.step, self.filter, ctx) as remember:

            def tell(journal: bytes) -> list[Answered] | CurateError:
                try:
                    return _to_pickle(remember(list(unpack([journal]))))
                except CurateError as error:
                    return retold(error, str(error))

            yield tell


def _to_pickle(answers: Sequence[Answered]) -> list[Answered]:
    """Return answers that can travel; one object that stands there often travels once."""
    made: dict[int, Answered] = {}
    for answer in answers:
        if id(answer) not in made:
            made[id(answer)] = (
                answer._replace(evidence=dict(answer.evidence))
                if isinstance(answer, Verdict) and isinstance(answer.evidence, Mapping)
                else answer
            )
    return [made[id(answer)] for answer in answers]
