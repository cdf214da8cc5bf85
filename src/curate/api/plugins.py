"""What every plugin is: a frozen config with a name, opened with what a run tells it."""

import hashlib
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, TypeVar

import pluggy
from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, SerializeAsAny
from pydantic_core import core_schema

hookimpl = pluggy.HookimplMarker("curate")
"""Marks a function of a plugin module as the implementation of a hook in `curate.hookspecs`."""

NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Context:
    """What `open()` gets: nothing about the records, everything about the run."""

    seed: int = 0
    offline: bool = False
    cache: Path | None = None
    """A folder that survives runs, for answers already paid for; None: nothing is remembered."""
    replay: bool = False
    """Answer from the cache only; what is not there is an outage."""
    max_cost: float | None = None
    """What this run may spend, in the currency of the price list."""
    reading: Mapping[str, Any] = field(default_factory=dict)
    """How the plan says rows are read (its `input:`), for corpora that a plugin reads itself."""
    scratch: Path | None = None
    """A folder for what a memory cannot hold in RAM; None: where the system keeps such files."""

    def rng(self, *names: object) -> random.Random:
        """Return a generator keyed by `names`, so that no draw depends on order or workers."""
        key = "\0".join(map(str, (self.seed, *names)))
        seed = hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()
        return random.Random(seed)  # noqa: S311  (draws, not secrets)


class Plugin(BaseModel):
    """A frozen, picklable config with a name. Its fields are the options of `with:` in a plan."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: ClassVar[str]
    version: ClassVar[str] = "1"
    """Raise it when the same options would now give other results; runs refuse to mix versions."""

    def fingerprint(self) -> Mapping[str, str]:
        """Return what else decides the results: name -> hash of every model file that is read.

        Part of a run's identity; asked once when a run begins, never by `curate plan`.
        """
        return {}

    def label(self) -> str:
        """The step's name in a plan that gives none: the pack, the card, or the plugin's name."""
        return self.name


Built = TypeVar("Built", bound=Plugin)


class _ByName:
    """Turns `{use: NAME, with: {...}}` inside a plugin's options into the plugin it names."""

    def __get_pydantic_core_schema__(
        self, wanted: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        def build(value: Any, info: core_schema.ValidationInfo) -> Any:
            if not isinstance(value, Mapping):
                return value
            make = (info.context or {}).get("build")
            if make is None:
                raise ValueError("a plugin is built by name only in a plan; here give it itself")
            return make(value, wanted)

        return core_schema.with_info_before_validator_function(build, handler(wanted))


Inner = Annotated[Built, _ByName(), SerializeAsAny()]
"""An option that is itself a plugin: `generator: Inner[Generator]`, in a plan `{use, with}`."""
