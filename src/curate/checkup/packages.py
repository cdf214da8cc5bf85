"""What is installed of what is needed, extra by extra, and the command that brings the rest."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, version
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

from curate.checkup.requirements import Requirement, extras, requirements
from curate.checkup.variables import public
from curate.checkup.versions import satisfies

State = Literal["installed", "partly", "missing", "conflict"]


@dataclass(frozen=True, slots=True)
class Package:
    """A package that is needed, and its installed version, if any."""

    name: str
    versions: str
    installed: str | None

    @property
    def fits(self) -> bool:
        """Say whether it is there in a version that does."""
        return self.installed is not None and satisfies(self.installed, self.versions)

    def __str__(self) -> str:
        """Say what is wrong with it, or its version."""
        if self.fits:
            return f"{self.name} {self.installed}"
        wanted = f"{self.name}{self.versions}"
        return f"{wanted} ({self.installed} is installed)" if self.installed else wanted

    def dump(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "name": self.name,
            "versions": self.versions,
            "installed": self.installed,
            "fits": self.fits,
        }


@dataclass(frozen=True, slots=True)
class Needs:
    """The packages that a distribution (`extra` is empty) or one of its extras needs."""

    extra: str
    packages: tuple[Package, ...]
    command: str
    """What installs the extra."""

    @property
    def state(self) -> State:
        """`conflict`: all are there, and one in a version that does not do."""
        if all(package.fits for package in self.packages):
            return "installed"
        if all(package.installed for package in self.packages):
            return "conflict"
        return "partly" if any(package.fits for package in self.packages) else "missing"

    @property
    def unmet(self) -> tuple[Package, ...]:
        """The packages that are not there, or not in a version that does."""
        return tuple(package for package in self.packages if not package.fits)

    def dump(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "extra": self.extra,
            "state": self.state,
            "packages": [package.dump() for package in self.packages],
            "install": self.command if self.unmet else None,
        }


def needs(distribution: Distribution) -> list[Needs]:
    """Return what a distribution needs: of itself first, then for each of its extras."""
    found = list(requirements(distribution))
    return [
        Needs(
            extra,
            _packages(each for each in found if each.extra == extra),
            install(distribution, extra),
        )
        for extra in ("", *extras(distribution))
    ]


def install(distribution: Distribution, extra: str = "") -> str:
    """Return the command that installs a distribution, with an extra, from where it came from."""
    suffix = f"[{extra}]" if extra else ""
    name = distribution.name + suffix
    origin = json.loads(distribution.read_text("direct_url.json") or "{}")  # PEP 610
    if "dir_info" in origin:
        folder = unquote(urlsplit(origin["url"]).path)
        editable = "-e " if origin["dir_info"].get("editable") else ""
        return f"pip install {editable}'{folder}{suffix}'"
    if "vcs_info" in origin:
        facts = origin["vcs_info"]
        return f"pip install '{name} @ {facts['vcs']}+{public(origin['url'])}@{facts['commit_id']}'"
    return f"pip install '{name}'"


def _packages(wanted: Iterable[Requirement]) -> tuple[Package, ...]:
    """Return each of them once, by name."""
    found = {Package(each.name, each.versions, _installed(each.name)) for each in wanted}
    return tuple(sorted(found, key=lambda package: (package.name, package.versions)))


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
