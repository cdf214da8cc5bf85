"""A run: know it again or begin it, let filters study the corpus, then go through it once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from curate.api import Context, CorpusFilter
from curate.engine.elsewhere import Elsewhere, check_apart
from curate.engine.executors import Executor, cut, executor
from curate.engine.keeping import Kept
from curate.engine.one_pass import Options, Pass, Progress
from curate.engine.remembering import Remember, remembering, replay
from curate.engine.resume import (
    Identity,
    begin,
    check_learned,
    finished,
    refuse_own_files,
)
from curate.engine.rundir import RunDir, locked
from curate.engine.sinks import Nowhere, Sink
from curate.engine.study import study
from curate.io.reading import Reader
from curate.io.sources import Source
from curate.ledger import Layout
from curate.registry import Resolved
from curate.registry.addresses import check_offline

Directory = Callable[[Path, list[int], Mapping[str, Any] | None, Layout], RunDir]


def run(
    resolved: Resolved,
    sources: Sequence[Source],
    out: Path | Sink | None,
    options: Options,
    ctx: Context,
    progress: Progress = lambda _books, _fraction: None,
    directory: Directory = RunDir,
) -> dict[str, Any]:
    """Run a plan over the sources and return what `run.json` says.

    With `out` None it is a dry run: everything is judged, nothing is written; with a sink, that one
    is told what became of every segment. A finished identical run is returned as it is; an
    unfinished one goes on where it was committed. Filters that study the corpus get passes of their
    own before. `directory` opens the folder `out` for writing.

    Raises:
        ResumeError: `out` belongs to another plan, input or plugin version.
        PluginError, OutageError: a step failed; what was committed stays and can be resumed.
        InputError: an input is missing or broken.
        UsageError: an option asks for what is not there, or offline, for the network.
    """
    if not isinstance(options.executor, str):
        check_apart(options.executor, resolved)
    if ctx.offline:
        check_offline(resolved.steps)
    identity = Identity(
        resolved, sources, options.limit, options.lines, options.bytes, options.layout
    )

    def go(
        judging: Resolved, told: Resolved, sink: Sink, state: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Go through the sources once; `judging` is what judges in the name of `told`."""
        reader = Reader(sources, options.lines, options.bytes)
        cuts = cut(options.executor, judging)
        with (
            executor(options.executor, judging, ctx, cuts, options.workers) as work,
            _memories(judging, ctx, sink, state, work) as memories,
        ):
            one = Pass(
                told,
                judging,
                cuts,
                identity,
                reader,
                sink,
                work,
                memories,
                options,
                progress,
                state,
            )
            return one.run()

    def dry_run(told: Resolved, judging: Resolved) -> dict[str, Any]:
        return go(judging, told, Nowhere(), {})

    with ExitStack() as stack:
        if not isinstance(out, Path):
            return go(study(resolved, ctx, dry_run), resolved, out or Nowhere(), {})
        refuse_own_files(out, sources)
        stack.enter_context(locked(out))
        reader = Reader(sources, options.lines, options.bytes)
        if (facts := finished(out, identity, reader, fresh=options.fresh)) is not None:
            return facts
        state = begin(out, identity, fresh=options.fresh)
        judging = study(resolved, ctx, dry_run)
        check_learned(out, state, judging)
        sink = directory(out, _corpus_steps(resolved), state or None, options.layout)
        stack.callback(sink.close)
        return go(judging, resolved, sink, state)


def _corpus_steps(resolved: Resolved) -> list[int]:
    return [n for n, step in enumerate(resolved.steps) if isinstance(step.filter, CorpusFilter)]


@contextmanager
def _memories(
    resolved: Resolved, ctx: Context, sink: Sink, state: Mapping[str, Any], work: Executor
) -> Iterator[dict[int, Remember]]:
    """Open what remembers for the corpus filters, with all that was committed remembered."""
    own = replace(ctx, scratch=sink.scratch) if isinstance(sink, RunDir) else ctx
    with ExitStack() as stack:
        memories: dict[int, Remember] = {}
        for n in _corpus_steps(resolved):
            name, filter_ = resolved.steps[n].name, resolved.steps[n].filter
            assert isinstance(filter_, CorpusFilter)  # noqa: S101  (see `_corpus_steps`)
            if isinstance(work, Elsewhere):
                memories[n] = stack.enter_context(Kept(name, filter_, own, work.keep))
            else:
                memories[n] = stack.enter_context(remembering(name, filter_, own))
            if state and isinstance(sink, RunDir):
                replay(name, sink.read_journal(n), memories[n])
        yield memories


__all__ = ["Options", "Progress", "run"]
