"""Which plugins are installed.

Entry points are loaded one by one: a broken distribution is named and the rest work. Names decide
every order, never the order in which pluggy or the installer met the plugins.
"""

import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from types import MappingProxyType
from typing import Any

import pluggy

from curate import hookspecs
from curate.api import Executor, Filter, Generator, Plugin, Rewriter, Student
from curate.errors import PluginError, suggest

KINDS: Mapping[str, type[Plugin]] = MappingProxyType(
    {
        "filter": Filter,
        "generator": Generator,
        "rewriter": Rewriter,
        "student": Student,
        "executor": Executor,
    }
)
"""Every kind of plugin; the hook `curate_<kind>s` provides it."""


@dataclass(frozen=True)
class Entry:
    """An installed plugin, and the distribution it comes from."""

    cls: type[Plugin]
    distribution: str
    version: str

    @property
    def kind(self) -> str:
        """Its name in `KINDS`."""
        return next(kind for kind, base in KINDS.items() if issubclass(self.cls, base))


@dataclass(frozen=True)
class Broken:
    """An entry point that gave no plugins, and why."""

    distribution: str
    entry: str
    error: str

    def __str__(self) -> str:
        """Say it in one line."""
        return f"plugin {self.entry!r} of {self.distribution} is broken: {self.error}"


@dataclass(frozen=True)
class Registry:
    """The installed plugins by name, and those that could not be loaded.

    A name means one plugin of a kind: where `use:` stands says which kind is meant. Each kind is
    in the order of distributions, then of names.
    """

    filters: Mapping[str, Entry]
    generators: Mapping[str, Entry] = field(default_factory=dict)
    rewriters: Mapping[str, Entry] = field(default_factory=dict)
    students: Mapping[str, Entry] = field(default_factory=dict)
    executors: Mapping[str, Entry] = field(default_factory=dict)
    broken: tuple[Broken, ...] = ()

    @property
    def plugins(self) -> tuple[Entry, ...]:
        """All of them, filters first."""
        return tuple(entry for kind in KINDS for entry in self.of(kind).values())

    def of(self, kind: str) -> Mapping[str, Entry]:
        """Return the plugins of a kind in `KINDS` by name."""
        found: Mapping[str, Entry] = getattr(self, f"{kind}s")
        return found

    def named(self, name: str) -> tuple[Entry, ...]:
        """Return the plugins of this name, of whatever kind."""
        return tuple(entry for entry in self.plugins if entry.cls.name == name)


def load(*, strict: bool = False) -> Registry:
    """Return what is installed.

    Raises:
        PluginError: two plugins of a kind have the same name; or, if `strict`, one is broken.
    """
    found: dict[tuple[str, str], Entry] = {}
    broken: list[Broken] = []
    for point in sorted(entry_points(group=hookspecs.GROUP), key=_origin):
        distribution, version, _ = _origin(point)
        try:
            classes = list(_classes(point))
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
    in_order = sorted(found.values(), key=lambda entry: (entry.distribution, entry.cls.name))
    kinds = {
        f"{kind}s": {entry.cls.name: entry for entry in in_order if entry.kind == kind}
        for kind in KINDS
    }
    return Registry(**kinds, broken=tuple(broken))


def _origin(point: EntryPoint) -> tuple[str, str, str]:
    name, version = (point.dist.name, point.dist.version) if point.dist else ("unknown", "0")
    return name, version, point.name


def _add(found: dict[tuple[str, str], Entry], entry: Entry) -> None:
    name = entry.cls.name
    first = found.setdefault((entry.kind, name), entry)
    if first is not entry:
        raise PluginError(
            f"two {entry.kind}s are called {name!r}: from {first.distribution} {first.version} and "
            f"from {entry.distribution} {entry.version}; uninstall or rename one"
        )


def _classes(point: EntryPoint) -> Iterator[type[Plugin]]:
    # A manager for each plugin, so that none can see or hinder another.
    manager = pluggy.PluginManager("curate")
    manager.add_hookspecs(hookspecs)
    known = [name for name, hook in vars(manager.hook).items() if hook.has_spec()]
    module = point.load()
    manager.register(module, point.name)
    hooks = manager.get_hookcallers(module)
    if not hooks:
        names = " or ".join(f"`{name}`" for name in known)
        raise PluginError(f"it implements no hook; mark {names} with curate.api.hookimpl")
    for hook in hooks:
        if not hook.has_spec() and not all(impl.optionalhook for impl in hook.get_hookimpls()):
            raise PluginError(f"no hook is called {hook.name!r}{suggest(hook.name, known)}")
    for kind, base in KINDS.items():
        name = f"curate_{kind}s"
        for classes in getattr(manager.hook, name)():
            for cls in classes:
                _check_class(cls, base, name)
                yield cls


def _check_class(cls: Any, base: type[Plugin], hook: str) -> None:
    if not isinstance(cls, type) or not issubclass(cls, base):
        raise PluginError(f"`{hook}` returned {cls!r}, which is no subclass of {base.__name__}")
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
        raise PluginError(f"{cls.__name__} needs a docstring that says what it does")
