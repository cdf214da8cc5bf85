"""The passes before a run: filters that look at the whole corpus are replaced by what they learn.

A pass is a dry run of the plan up to the studying step, which stands there as a corpus filter that
never hits: workers note, and one study gathers the notes in input order. So it sees the records
its step will see, and what it learns does not depend on the number of workers.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Any, ClassVar

from pydantic import PrivateAttr

from curate.api import Context, CorpusFilter, Filter, Memory, Signer, Study, StudyingFilter, Verdict
from curate.engine.judging import DETAIL
from curate.errors import CurateError, PluginError, retold
from curate.registry import ReadyStep, Resolved

DryRun = Callable[[Resolved, Resolved], Mapping[str, Any]]
"""Runs a plan over the inputs, writes nothing, and returns what `run.json` would say.

The first argument is what the run is called by (options as a plan gives them), the second, of the
same steps, is what judges.
"""


def study(resolved: Resolved, ctx: Context, dry_run: DryRun) -> Resolved:
    """Return the plan with every studying filter replaced by what it learned, in step order.

    Raises:
        UsageError: the corpus is too small for what a step asks.
        PluginError: a study broke its contract.
        CurateError: whatever else the dry run raises.
    """
    done = resolved
    while group := _next(done.steps):
        gathering = [_gathering(done.steps[n], ctx) for n in group]
        told = replace(resolved, steps=resolved.steps[: group[-1] + 1])
        facts = dry_run(told, _up_to(done, group, gathering))
        steps = list(done.steps)
        for n, each in zip(group, gathering, strict=True):
            learned = _learn(steps[n], each, _hits(steps, n, facts))
            steps[n] = replace(steps[n], filter=learned, learned=True)
        done = replace(done, steps=tuple(steps))
    return done


def _next(steps: Sequence[ReadyStep]) -> list[int]:
    """Return the first step to study, and those right behind it that can share its pass.

    They can where each step before them in the group leaves every record to the next.
    """
    group: list[int] = []
    for n, step in enumerate(steps):
        if not _studies(step):
            if group:
                break
            continue
        if group and (step.only in group or _like(steps, n) in group):
            break
        group.append(n)
        if (step.step.do, step.step.unsure, step.step.on_error) != ("flag", "keep", "fail"):
            break
    return group


def _studies(step: ReadyStep) -> bool:
    return isinstance(step.filter, StudyingFilter) and step.filter.studies()


def _gathering(step: ReadyStep, ctx: Context) -> "_Gathering":
    noting = _studying(step)
    gathering = _Gathering(noting=noting)
    with _named(step.name, "cannot begin its study"):
        gathering.notes.study = noting.study(ctx)
    return gathering


def _studying(step: ReadyStep) -> StudyingFilter:
    assert isinstance(step.filter, StudyingFilter)  # noqa: S101  (see `_next`)
    return step.filter


def _like(steps: Sequence[ReadyStep], n: int) -> int | None:
    """Return the step by whose number of hits step `n` goes; the plan was refused without it."""
    name = _studying(steps[n]).like()
    return next((m for m, step in enumerate(steps[:n]) if step.name == name), None)


def _hits(steps: Sequence[ReadyStep], n: int, facts: Mapping[str, Any]) -> int | None:
    like = _like(steps, n)
    return None if like is None else int(facts["overlap"]["together"][like][like])


def _up_to(done: Resolved, group: Sequence[int], gathering: Sequence["_Gathering"]) -> Resolved:
    """Return the plan up to the group, whose steps note and do nothing else."""
    noting = (
        replace(done.steps[n], filter=each, rewriting=None)
        for n, each in zip(group, gathering, strict=True)
    )
    return replace(done, steps=(*done.steps[: group[0]], *noting))


def _learn(step: ReadyStep, gathering: "_Gathering", hits: int | None) -> Filter:
    with _named(step.name, "cannot learn"):
        learned = gathering.notes.study.learn(hits)
    if not isinstance(learned, Filter) or isinstance(learned, CorpusFilter | StudyingFilter):
        raise PluginError(
            f"step {step.name!r}: its study learned {type(learned).__name__}; it must be a filter "
            "that judges each record on its own"
        )
    asked = step.filter
    if not asked.low <= learned.low <= learned.high <= asked.high:
        raise PluginError(
            f"step {step.name!r}: what it learned scores from {learned.low:g} to {learned.high:g}, "
            f"outside the declared range [{asked.low:g}, {asked.high:g}]"
        )
    return learned


@contextmanager
def _named(step: str, what: str) -> Iterator[None]:
    """Name the step in whatever error its plugin raises."""
    try:
        yield
    except CurateError as error:
        raise retold(error, f"step {step!r}: {error}") from error
    except Exception as error:  # whatever a plugin raises is named
        detail = f"{type(error).__name__}: {error}"[:DETAIL]
        raise PluginError(f"step {step!r} {what}: {detail}") from error


class _Notes:
    """A memory that hands every note to the study; a worker's copy has none and is not asked."""

    study: Study

    def __reduce__(self) -> tuple[type["_Notes"], tuple[()]]:
        return _Notes, ()

    def admit(self, signature: bytes, index: int) -> Verdict:  # noqa: ARG002
        """Take in a note; nothing is ever a hit."""
        self.study.add(signature)
        return _NOTED


_NOTED = Verdict(0.0)


class _Gathering(CorpusFilter):
    """Has records noted for a studying filter, and hits none."""

    name: ClassVar[str] = "study"

    noting: StudyingFilter
    _notes: _Notes = PrivateAttr(default_factory=_Notes)

    @property
    def notes(self) -> _Notes:
        """Where the notes go."""
        return self._notes

    def signer(self, ctx: Context) -> AbstractContextManager[Signer]:
        """Yield what notes."""
        return self.noting.noter(ctx)

    def memory(self, ctx: Context) -> Memory:  # noqa: ARG002  (the study has begun)
        """Return what hands the notes to the study."""
        return self._notes
