"""The distributions that provide plugins: what they register, and what is wrong with them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from typing import Any

from curate.checkup.packages import Package, needs
from curate.errors import PluginError
from curate.registry import KINDS, Broken, Entry, Registry, load


@dataclass(frozen=True, slots=True)
class Provider:
    """A distribution: its plugins by kind, entry points that broke, packages it lacks."""

    distribution: str
    version: str
    plugins: Mapping[str, tuple[str, ...]]
    broken: tuple[str, ...] = ()
    unmet: tuple[Package, ...] = ()

    def dump(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "distribution": self.distribution,
            "version": self.version,
            "plugins": {kind: list(names) for kind, names in self.plugins.items()},
            "broken": list(self.broken),
            "unmet": [package.dump() for package in self.unmet],
        }


@dataclass(frozen=True, slots=True)
class Providers:
    """All of them by name; `clash` says why none could be loaded, if two plugins have one name."""

    found: tuple[Provider, ...] = ()
    clash: str = ""


def providers() -> Providers:
    """Load every installed plugin and return who provides it."""
    try:
        registry = load()
    except PluginError as error:
        return Providers(clash=str(error))
    names = {entry.distribution for entry in registry.plugins}
    names |= {each.distribution for each in registry.broken}
    return Providers(tuple(_provider(name, registry) for name in sorted(names)))


def _provider(name: str, registry: Registry) -> Provider:
    entries = [entry for entry in registry.plugins if entry.distribution == name]
    broken = [each for each in registry.broken if each.distribution == name]
    try:
        installed = distribution(name)
    except PackageNotFoundError:  # an entry point without a distribution
        return Provider(name, "unknown", _by_kind(entries), _said(broken))
    own, *_ = needs(installed)
    return Provider(name, installed.version, _by_kind(entries), _said(broken), own.unmet)


def _by_kind(entries: Iterable[Entry]) -> dict[str, tuple[str, ...]]:
    listed = list(entries)
    found = {
        kind: tuple(sorted(entry.cls.name for entry in listed if entry.kind == kind))
        for kind in KINDS
    }
    return {kind: names for kind, names in found.items() if names}


def _said(broken: Iterable[Broken]) -> tuple[str, ...]:
    return tuple(f"{each.entry}: {each.error}" for each in broken)
