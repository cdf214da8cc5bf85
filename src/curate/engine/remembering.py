"""A corpus filter's memory, asked about some records at a time."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager

from curate.api import Context, CorpusFilter, Memory, Verdict
from curate.engine.journal import Entry, batches
from curate.engine.judging import DETAIL, Trouble
from curate.errors import CurateError, PluginError

Remember = Callable[[Sequence[Entry]], Sequence[Verdict | Trouble]]
"""Entries in, in input order; an answer for each out, none after one that is a trouble."""


@contextmanager
def remembering(step: str, filter: CorpusFilter, ctx: Context) -> Iterator[Remember]:
    """Yield what asks a memory of this process, empty at first.

    Raises:
        PluginError: the memory of `step` cannot be opened.
    """
    with ExitStack() as stack:
        with naming(step, "cannot open its memory"):
            memory = stack.enter_context(filter.remembering(ctx))
        yield _asking(memory)


@contextmanager
def naming(step: str, what: str) -> Iterator[None]:
    """Name the step, and what it cannot do, in whatever its plugin raises that is no error of ours.

    Raises:
        PluginError: it raised something.
    """
    try:
        yield
    except CurateError:
        raise
    except Exception as error:
        told = f"{type(error).__name__}: {error}"[:DETAIL]
        raise PluginError(f"step {step!r} {what}: {told}") from error


def _asking(memory: Memory) -> Remember:
    def remember(entries: Sequence[Entry]) -> list[Verdict | Trouble]:
        answers: list[Verdict | Trouble] = []
        for index, signature in entries:
            try:
                answers.append(memory.admit(signature, index))
            except CurateError:
                raise
            except Exception as error:  # whatever a plugin's memory raises is named
                detail = f"{type(error).__name__}: {error}"
                return [*answers, Trouble("plugin_error", detail[:DETAIL])]
        return answers

    return remember


def replay(step: str, journal: Iterable[bytes], remember: Remember) -> None:
    """Bring a memory back from its journal.

    Args:
        step: Whose memory it is.
        journal: Its bytes, cut anywhere.
        remember: Asks the memory.

    Raises:
        LedgerError: the journal is cut off.
        PluginError: the memory breaks on what it took before.
    """
    for entries in batches(journal):
        for answer in remember(entries)[-1:]:
            if isinstance(answer, Trouble):
                raise PluginError(f"step {step!r} cannot go on from its journal: {answer.detail}")
