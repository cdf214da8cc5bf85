"""Which filters are installed, and a plan made ready with them.

Entry points are loaded one by one: a broken distribution is named and the rest work. Names decide
every order, never the order in which pluggy or the installer met the plugins.
"""

import inspect
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import pluggy
from pydantic import ValidationError

from curate import canonical, hookspecs
from curate.api import Filter, Rule
from curate.errors import CurateError, PluginError, suggest
from curate.mistakes import Mistakes
from curate.plan import Plan, PlanFile, Step
from curate.records import Path


@dataclass(frozen=True)
class Entry:
    """An installed filter, and the distribution it comes from."""

    cls: type[Filter]
    distribution: str
    version: str


@dataclass(frozen=True)
class Broken:
    """An entry point that gave no filters, and why."""

    distribution: str
    entry: str
    error: str

    def __str__(self) -> str:
        """Say it in one line."""
        return f"plugin {self.entry!r} of {self.distribution} is broken: {self.error}"


@dataclass(frozen=True)
class Registry:
    """The installed filters by name, and the plugins that could not be loaded."""

    filters: Mapping[str, Entry]
    """In the order of distributions, then of names."""
    broken: tuple[Broken, ...] = ()


@dataclass(frozen=True)
class ReadyStep:
    """A step with its filter built, but not opened; picklable."""

    name: str
    step: Step
    filter: Filter
    rule: Rule
    timeout: float
    """Seconds one batch may take."""
    distribution: str = ""
    distribution_version: str = ""

    def identity(self) -> dict[str, Any]:
        """Return what decides this step's results."""
        return {
            "name": self.name,
            "use": self.filter.name,
            "version": self.filter.version,
            "distribution": self.distribution,
            "distribution_version": self.distribution_version,
            "with": canonical.options(self.filter),
            "when": self.rule.model_dump(mode="json", exclude_none=True),
            "do": self.step.do,
            "unsure": self.step.unsure,
            "on_error": self.step.on_error,
        }

    def filled_in(self) -> dict[str, Any]:
        """Return the step as a plan would write it with nothing left to a default."""
        return {
            "name": self.name,
            "use": self.filter.name,
            "with": canonical.options(self.filter),
            "when": self.rule.model_dump(mode="json", exclude_none=True),
            "do": self.step.do,
            "unsure": self.step.unsure,
            "on_error": self.step.on_error,
            "max_errors": self.step.max_errors,
            "timeout": self.timeout,
        }


@dataclass(frozen=True)
class Resolved:
    """A plan whose every step is ready."""

    plan: Plan
    steps: tuple[ReadyStep, ...]

    def identity(self) -> dict[str, Any]:
        """Return what decides the results of a run, as plain JSON values; secrets are masked.

        A timeout or an error budget is not in it: they decide whether a run is accepted, not what
        it writes, and a run that failed by one is resumed with a wider one.
        """
        identity = canonical.options(self.plan)
        del identity["input"]["max_unreadable"]
        return identity | {"steps": [step.identity() for step in self.steps]}

    def digest(self) -> str:
        """Return the SHA-256 (hex) of the identity."""
        return canonical.digest(self.identity())

    def filled_in(self) -> dict[str, Any]:
        """Return the plan as it would be written with nothing left to a default."""
        return canonical.options(self.plan) | {"steps": [step.filled_in() for step in self.steps]}


def load(*, strict: bool = False) -> Registry:
    """Return what is installed.

    Raises:
        PluginError: two filters have the same name; or, if `strict`, a plugin is broken.
    """
    found: dict[str, Entry] = {}
    broken: list[Broken] = []
    for point in sorted(entry_points(group=hookspecs.GROUP), key=_origin):
        distribution, version, _ = _origin(point)
        try:
            classes = list(_filters(point))
        except PluginError as error:
            broken.append(Broken(distribution, point.name, str(error)))
        except (Exception, SystemExit) as error:  # whatever a stranger's module does on import
            told = f"{type(error).__name__}: {error}"
            broken.append(Broken(distribution, point.name, told))
        else:
            for cls in classes:
                _add(found, Entry(cls, distribution, version))
    if strict and broken:
        raise PluginError("\n".join(map(str, broken)))
    in_order = sorted(found.items(), key=lambda item: (item[1].distribution, item[0]))
    return Registry(dict(in_order), tuple(broken))


def resolve(plan: Plan | PlanFile, registry: Registry) -> Resolved:
    """Build every step's filter. Nothing is opened.

    Raises:
        PlanError: lists every mistake by `file:line`.
        PluginError: a filter fails to check its own options.
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
    mistakes.raise_any()
    return Resolved(file.plan, tuple(step for step in steps if step))


def _origin(point: EntryPoint) -> tuple[str, str, str]:
    name, version = (point.dist.name, point.dist.version) if point.dist else ("unknown", "0")
    return name, version, point.name


def _add(found: dict[str, Entry], entry: Entry) -> None:
    name = entry.cls.name
    if name in found:
        first = found[name]
        raise PluginError(
            f"two filters are called {name!r}: one from {first.distribution} {first.version}, "
            f"one from {entry.distribution} {entry.version}; uninstall or rename one"
        )
    found[name] = entry


def _filters(point: EntryPoint) -> Iterator[type[Filter]]:
    # A manager for each plugin, so that none can see or hinder another.
    manager = pluggy.PluginManager("curate")
    manager.add_hookspecs(hookspecs)
    known = [name for name, hook in vars(manager.hook).items() if hook.has_spec()]
    module = point.load()
    manager.register(module, point.name)
    hooks = manager.get_hookcallers(module)
    if not hooks:
        raise PluginError("it implements no hook; mark `curate_filters` with curate.api.hookimpl")
    for hook in hooks:
        if not hook.has_spec() and not all(impl.optionalhook for impl in hook.get_hookimpls()):
            raise PluginError(f"no hook is called {hook.name!r}{suggest(hook.name, known)}")
    for classes in manager.hook.curate_filters():
        for cls in classes:
            _check_class(cls)
            yield cls


def _check_class(cls: Any) -> None:
    if not isinstance(cls, type) or not issubclass(cls, Filter):
        raise PluginError(f"`curate_filters` returned {cls!r}, which is no subclass of Filter")
    if inspect.isabstract(cls):
        missing = ", ".join(sorted(cls.__abstractmethods__))
        raise PluginError(f"{cls.__name__} does not define {missing}")
    name = getattr(cls, "name", None)
    if not isinstance(name, str) or not re.fullmatch(r"[a-z0-9][a-z0-9_.-]*", name):
        raise PluginError(
            f'{cls.__name__} needs a name: `name: ClassVar[str] = "..."` '
            "of lower-case letters, digits, `_`, `-` and `.`"
        )
    if not (cls.__doc__ or "").strip():
        raise PluginError(f"{cls.__name__} needs a docstring that says what its score means")


def _ready(step: Step, at: Path, registry: Registry, mistakes: Mistakes) -> ReadyStep | None:
    entry = registry.filters.get(step.use)
    if entry is None:
        told = f"no filter named {step.use!r}{suggest(step.use, registry.filters)}"
        if registry.broken:
            told += f" (not loaded: {', '.join(b.distribution for b in registry.broken)})"
        mistakes.add((*at, "use"), told)
        return None
    try:
        filter = entry.cls.model_validate(step.with_)
        name = step.name or filter.label()
        rule = step.when or filter.default_rule()
    except ValidationError as error:
        mistakes.explain(error, entry.cls, (*at, "with"))
        return None
    except CurateError as error:
        mistakes.add((*at, "with"), str(error))
        return None
    except Exception as error:
        place = mistakes.marks.place(at)
        told = f"{place}: filter {step.use!r} broke on its options: {type(error).__name__}: {error}"
        raise PluginError(told) from error
    _check_rule(rule, filter, (*at, "when"), mistakes)
    timeout = step.timeout or filter.timeout
    return ReadyStep(name, step, filter, rule, timeout, entry.distribution, entry.version)


def _check_rule(rule: Rule, filter: Filter, at: Path, mistakes: Mistakes) -> None:
    bounds = [bound for bound in (rule.at_least, rule.at_most) if bound is not None]
    for bound in (*bounds, *(rule.outside or ())):
        if not filter.low <= bound <= filter.high:
            told = f"{bound:g} is no score of {filter.name!r}: {filter.low:g} to {filter.high:g}"
            mistakes.add(at, told)
