"""The whole check: everything that was looked at, and what is wrong with it."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from curate.checkup.folders import Folder, folder, hub
from curate.checkup.machine import Machine, machine
from curate.checkup.packages import Needs, needs
from curate.checkup.providers import Providers, providers
from curate.checkup.variables import Variable, variables

DISTRIBUTION = "sft-curate"


@dataclass(frozen=True, slots=True)
class Checkup:
    """What was found; `needs` begins with the core."""

    version: str
    machine: Machine
    needs: tuple[Needs, ...]
    providers: Providers
    folders: tuple[Folder, ...]
    variables: tuple[Variable, ...]

    @property
    def problems(self) -> list[str]:
        """What does not work though somebody asked for it; a missing extra is none."""
        return list(_problems(self))

    def dump(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "curate": self.version,
            "machine": self.machine.dump(),
            "needs": [each.dump() for each in self.needs],
            "plugins": [each.dump() for each in self.providers.found],
            "folders": [each.dump() for each in self.folders],
            "variables": [each.dump() for each in self.variables],
            "problems": self.problems,
        }


def check(runs: Path, cache: Path, *, deep: bool) -> Checkup:
    """Look at the installation; nothing is changed and the network is not used.

    Args:
        runs: The folder where runs are to be written.
        cache: The folder of remembered answers.
        deep: Import torch, to ask it for threads and GPUs.
    """
    installed = distribution(DISTRIBUTION)
    return Checkup(
        installed.version,
        machine(deep=deep),
        tuple(needs(installed)),
        providers(),
        (
            folder("runs", runs, measured=False),
            folder("cache", cache, measured=True),
            folder("hub", hub(os.environ), measured=True),
        ),
        tuple(variables(os.environ)),
    )


def _problems(found: Checkup) -> Iterator[str]:
    core, *more = found.needs
    for package in core.unmet:
        yield f"curate needs {package}: {core.command}"
    for extra in more:
        if extra.state == "conflict":
            told = ", ".join(map(str, extra.unmet))
            yield f"the extra {extra.extra} needs {told}: {extra.command}"
    if found.machine.torch and found.machine.torch.error:
        yield f"torch {found.machine.torch.version} cannot be imported: {found.machine.torch.error}"
    if found.providers.clash:
        yield found.providers.clash
    for provider in found.providers.found:
        for told in provider.broken:
            yield f"plugin {provider.distribution} {provider.version} is broken: {told}"
        if provider.distribution != DISTRIBUTION:
            for package in provider.unmet:
                yield f"plugin {provider.distribution} {provider.version} needs {package}"
    for place in found.folders:
        if place.use != "hub" and not place.writable:
            yield f"{place.path} ({place.use}) cannot be written"
