"""A plan made ready: every step's filter built, every mistake told at once."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pydantic import ValidationError

from curate.api import CorpusFilter, Filter, Plugin, Rewriter, Rule, StudyingFilter
from curate.errors import CurateError, PluginError, suggest
from curate.mistakes import Mistakes
from curate.plan import Named, Plan, PlanFile, Rewriting, Step
from curate.records import Path
from curate.registry.building import Builder, a, unknown
from curate.registry.installed import Registry
from curate.registry.ready import ReadyGuard, ReadyRewriting, ReadyStep, Resolved


def resolve(plan: Plan | PlanFile, registry: Registry) -> Resolved:
    """Build every step's filter. Nothing is opened.

    Raises:
        PlanError: lists every mistake by `file:line`.
        PluginError: a plugin fails to check its own options.
    """
    file = plan if isinstance(plan, PlanFile) else PlanFile(plan)
    mistakes = Mistakes(file.marks)
    steps = [
        _ready(step, ("steps", number), registry, mistakes)
        for number, step in enumerate(file.plan.steps)
    ]
    names = Counter(step.name for step in steps if step)
    for number, ready in enumerate(steps):
        if ready and names[ready.name] > 1:
            told = f"{names[ready.name]} steps are called {ready.name!r}; give each a `name:`"
            mistakes.add(("steps", number), told)
    chosen = [
        _earlier(steps, number, step.step.only, ("only",), mistakes) if step else None
        for number, step in enumerate(steps)
    ]
    for number, ready in enumerate(steps):
        if ready and isinstance(ready.filter, StudyingFilter):
            _earlier(steps, number, ready.filter.like(), ("with",), mistakes)
    _check_order(steps, mistakes)
    mistakes.raise_any()
    pairs = zip(steps, chosen, strict=True)
    return Resolved(file.plan, _in_order([replace(step, only=n) for step, n in pairs if step]))


def _earlier(
    steps: Sequence[ReadyStep | None], number: int, name: str | None, at: Path, mistakes: Mistakes
) -> int | None:
    """Return the position of the step that step `number` goes by, by its name."""
    if name is None:
        return None
    earlier = {other.name: n for n, other in enumerate(steps[:number]) if other}
    found = earlier.get(name)
    if found is None and None not in steps:
        told = f"no earlier step is called {name!r}{suggest(name, earlier)}"
        mistakes.add(("steps", number, *at), told)
    return found


def _check_order(steps: Sequence[ReadyStep | None], mistakes: Mistakes) -> None:
    """Corpus filters see the final texts: what rewrites must stand before them."""
    corpus = next((step for step in steps if step and isinstance(step.filter, CorpusFilter)), None)
    for number, step in enumerate(steps):
        if step and step.rewriting and isinstance(step.filter, CorpusFilter):
            told = (
                f"{step.name!r} compares records with each other and cannot rewrite its hits: let "
                "it flag them or drop them"
            )
            mistakes.add(("steps", number, "do"), told)
        elif corpus and step and step.rewriting and corpus in steps[:number]:
            told = (
                f"{corpus.name!r} compares records with each other, so it must see the texts that "
                f"are written: move it below {step.name!r}"
            )
            mistakes.add(("steps", number, "do"), told)


def _ready(step: Step, at: Path, registry: Registry, mistakes: Mistakes) -> ReadyStep | None:
    entry = registry.filters.get(step.use)
    if entry is None:
        mistakes.add((*at, "use"), _no_filter(step.use, registry))
        return None
    builder = Builder(registry)
    try:
        filter = builder.build(entry.cls, step.with_)
        assert isinstance(filter, Filter)  # noqa: S101  (it is among the registry's filters)
        name = step.name or filter.label()
        rule = step.when or filter.default_rule()
    except ValidationError as error:
        mistakes.explain(error, entry.cls, (*at, "with"))
        return None
    except PluginError as error:
        raise PluginError(f"{mistakes.marks.place(at)}: {error}") from error
    except CurateError as error:
        mistakes.add((*at, "with"), str(error))
        return None
    except Exception as error:
        place = mistakes.marks.place(at)
        told = f"{place}: filter {step.use!r} broke on its options: {type(error).__name__}: {error}"
        raise PluginError(told) from error
    _check_rule(rule, filter, (*at, "when"), mistakes)
    rewriting = None
    if isinstance(step.do, Rewriting):
        rewriting = _rewriting(step.do, (*at, "do"), builder, mistakes)
        if rewriting is None:
            return None
    timeout = max(each.timeout for each in (filter, *_slow(rewriting)))
    return ReadyStep(
        name,
        step,
        filter,
        rule,
        timeout=step.timeout or timeout,
        distribution=entry.distribution,
        distribution_version=entry.version,
        inner=builder.inner,
        rewriting=rewriting,
    )


def _rewriting(
    plan: Rewriting, at: Path, builder: Builder, mistakes: Mistakes
) -> ReadyRewriting | None:
    """Build rewriter and guards; which steps judge the new text is known when all are there."""
    rewriter = _built("rewriter", plan.rewrite, (*at, "rewrite"), builder, mistakes)
    guards: list[ReadyGuard] = []
    for number, guard in enumerate(plan.guards):
        place = (*at, "guards", number)
        filter = _built("filter", guard, place, builder, mistakes)
        if isinstance(filter, CorpusFilter | StudyingFilter):
            told = f"{guard.use!r} cannot be a guard: it judges by the other records"
            mistakes.add((*place, "use"), told)
        elif isinstance(filter, Filter):
            try:
                rule, name = guard.when or filter.default_rule(), filter.label()
            except CurateError as error:
                mistakes.add((*place, "with"), str(error))
                continue
            _check_rule(rule, filter, (*place, "when"), mistakes)
            guards.append(ReadyGuard(name, filter, rule))
    if not isinstance(rewriter, Rewriter):
        return None
    return ReadyRewriting(plan, rewriter, tuple(guards), (), frozenset())


def _built(
    kind: str, named: Named, at: Path, builder: Builder, mistakes: Mistakes
) -> Plugin | None:
    try:
        return builder.named(kind, named.use, named.with_)
    except ValidationError as error:
        mistakes.explain(error, Named, at)
    except PluginError as error:
        raise PluginError(f"{mistakes.marks.place(at)}: {error}") from error
    except CurateError as error:
        mistakes.add((*at, "with"), str(error))
    return None


def _slow(rewriting: ReadyRewriting | None) -> Iterator[Filter | Rewriter]:
    if rewriting:
        yield rewriting.rewriter
        yield from (guard.filter for guard in rewriting.guards)


def _in_order(steps: Sequence[ReadyStep]) -> tuple[ReadyStep, ...]:
    """Return the steps, each knowing which others judge what it rewrites."""
    ready = list(steps)
    for number, step in enumerate(steps):
        if step.rewriting:
            rewriting = _judged(steps, number, step.rewriting)
            longest = max(step.timeout, *(ready[n].timeout for n in rewriting.judged), 0.0)
            timeout = step.step.timeout or longest
            ready[number] = replace(step, rewriting=rewriting, timeout=timeout)
    return tuple(ready)


def _judged(steps: Sequence[ReadyStep], number: int, rewriting: ReadyRewriting) -> ReadyRewriting:
    """Say which steps judge a new text again: all up to its own, but for those that only select."""
    judged = [n for n, step in enumerate(steps[: number + 1]) if not step.filter.selects()]
    clean = {n for n in judged if steps[n].step.do != "flag"}
    via: int | None = number
    while via is not None:  # the step, and those by whose hits it goes
        clean.add(via)
        via = steps[via].only
    return replace(rewriting, judged=tuple(judged), clean=frozenset(clean & set(judged)))


def _no_filter(name: str, registry: Registry) -> str:
    if others := registry.named(name):
        return f"{name!r} is {a(others[0].kind)}; a step needs a filter"
    return unknown("filter", name, registry)


def _check_rule(rule: Rule, filter: Filter, at: Path, mistakes: Mistakes) -> None:
    bounds = [bound for bound in (rule.at_least, rule.at_most) if bound is not None]
    for bound in (*bounds, *(rule.outside or ())):
        if not filter.low <= bound <= filter.high:
            told = f"{bound:g} is no score of {filter.name!r}: {filter.low:g} to {filter.high:g}"
            mistakes.add(at, told)
