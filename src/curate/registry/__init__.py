"""Which plugins are installed, and a plan made ready with them.

`installed` finds the plugins, `building` turns names and options into configs, `resolving` does so
for a whole plan, and `ready` is what comes of it.
"""

from curate.registry.building import Builder
from curate.registry.installed import KINDS, Broken, Entry, Registry, load
from curate.registry.ready import (
    Origin,
    ReadyGuard,
    ReadyRewriting,
    ReadyStep,
    Resolved,
    waits,
)
from curate.registry.resolving import resolve

__all__ = [
    "KINDS",
    "Broken",
    "Builder",
    "Entry",
    "Origin",
    "ReadyGuard",
    "ReadyRewriting",
    "ReadyStep",
    "Registry",
    "Resolved",
    "load",
    "resolve",
    "waits",
]
