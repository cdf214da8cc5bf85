"""A plan made ready: every step's filter built, every mistake told at once."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from pydantic import ValidationError

from curate.api import Filter, Rule
from curate.errors import CurateError, PluginError, suggest
from curate.mistakes import Mistakes
from curate.plan import Plan, PlanFile, Step
from curate.records import Path
from curate.registry.building import Builder, unknown
from curate.registry.installed import Entry, Registry
from curate.registry.ready import ReadyStep, Resolved


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
    chosen = [_only(steps, number, mistakes) for number in range(len(steps))]
    mistakes.raise_any()
    pairs = zip(steps, chosen, strict=True)
    return Resolved(file.plan, tuple(replace(step, only=only) for step, only in pairs if step))


def _only(steps: Sequence[ReadyStep | None], number: int, mistakes: Mistakes) -> int | None:
    """Return which earlier step's hits a step judges, by the name its `only:` gives."""
    step = steps[number]
    if step is None or step.step.only is None:
        return None
    earlier = {other.name: n for n, other in enumerate(steps[:number]) if other}
    found = earlier.get(step.step.only)
    if found is None and None not in steps:
        told = f"no earlier step is called {step.step.only!r}{suggest(step.step.only, earlier)}"
        mistakes.add(("steps", number, "only"), told)
    return found


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
    return _step(step, name, filter, rule, entry, builder)


def _step(
    step: Step, name: str, filter: Filter, rule: Rule, entry: Entry, builder: Builder
) -> ReadyStep:
    return ReadyStep(
        name,
        step,
        filter,
        rule,
        timeout=step.timeout or filter.timeout,
        distribution=entry.distribution,
        distribution_version=entry.version,
        inner=builder.inner,
    )


def _no_filter(name: str, registry: Registry) -> str:
    other = registry.plugins.get(name)
    if other is not None:
        return f"{name!r} is a {other.kind}; a step needs a filter"
    return unknown("filter", name, registry.filters, registry)


def _check_rule(rule: Rule, filter: Filter, at: Path, mistakes: Mistakes) -> None:
    bounds = [bound for bound in (rule.at_least, rule.at_most) if bound is not None]
    for bound in (*bounds, *(rule.outside or ())):
        if not filter.low <= bound <= filter.high:
            told = f"{bound:g} is no score of {filter.name!r}: {filter.low:g} to {filter.high:g}"
            mistakes.add(at, told)
