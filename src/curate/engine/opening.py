"""The plugins of a stage, opened: what one worker asks."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple

from curate.api import Context, CorpusFilter, Filter, Rewrite, Rewriter
from curate.engine.judging import Ask
from curate.engine.tasks import Stage
from curate.errors import CurateError, PluginError
from curate.registry import ReadyStep


class Opened(NamedTuple):
    """The plugins of one step."""

    judge: Ask
    """Of a corpus filter: its signer."""
    rewrite: Rewrite | None = None
    guards: tuple[Ask, ...] = ()


@contextmanager
def opened(
    steps: Sequence[ReadyStep], ctx: Context, stage: Stage | None = None
) -> Iterator[dict[int, Opened]]:
    """Open every plugin of the steps in `stage` (None: of all) and yield what to ask, by step."""
    with ExitStack() as stack:
        numbers = range(len(steps)) if stage is None else stage
        yield {n: _open(steps[n], ctx, stack) for n in numbers}


def _open(step: ReadyStep, ctx: Context, stack: ExitStack) -> Opened:
    judge = _enter(step, step.filter, ctx, stack)
    if step.rewriting is None:
        return Opened(judge)
    rewrite = _enter(step, step.rewriting.rewriter, ctx, stack)
    guards = tuple(_enter(step, guard.filter, ctx, stack) for guard in step.rewriting.guards)
    return Opened(judge, rewrite, guards)


def _enter(step: ReadyStep, plugin: Filter | Rewriter, ctx: Context, stack: ExitStack) -> Any:
    opening: Any = plugin.signer if isinstance(plugin, CorpusFilter) else plugin.open
    try:
        return stack.enter_context(opening(ctx))
    except CurateError:
        raise
    except Exception as error:  # whatever `open` of a plugin raises is named
        detail = f"{type(error).__name__}: {error}"
        raise PluginError(f"step {step.name!r} cannot be opened: {detail}") from error
