"""A plan whose every step is built: what decides its results, and how it reads in full."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from pydantic import BaseModel

from curate import canonical
from curate.api import Filter, Plugin, Rewriter, Rule
from curate.errors import InputError
from curate.plan import Plan, Rewriting, Step


class Origin(NamedTuple):
    """A plugin that was built by name inside another's options, and where it comes from."""

    use: str
    distribution: str
    distribution_version: str


@dataclass(frozen=True)
class ReadyGuard:
    """A filter that a new text must not hit, unless the old text did."""

    name: str
    filter: Filter
    rule: Rule


@dataclass(frozen=True)
class ReadyRewriting:
    """What a step does with its hits, with rewriter and guards built, but not opened."""

    plan: Rewriting
    rewriter: Rewriter
    guards: tuple[ReadyGuard, ...]
    judged: tuple[int, ...]
    """The steps (0-based) that judge a new text again, in order."""
    clean: frozenset[int]
    """Those of them that must not hit it: the step that hit and what it goes by, and every earlier
    step that drops or rewrites its hits."""

    def plugins(self) -> Iterator[tuple[str, Plugin]]:
        """Yield rewriter and guards and every plugin inside them, each with its dotted path."""
        yield "rewrite", self.rewriter
        yield from _inside(self.rewriter, "rewrite")
        for number, guard in enumerate(self.guards):
            yield f"guards.{number}", guard.filter
            yield from _inside(guard.filter, f"guards.{number}")

    def identity(self) -> dict[str, Any]:
        """Return what decides what becomes of a hit."""
        return canonical.options(self.plan) | {
            "rewrite": canonical.plain(self.rewriter),
            "guards": [
                canonical.plain(guard.filter) | {"when": canonical.given(guard.rule)}
                for guard in self.guards
            ],
        }

    def filled_in(self) -> dict[str, Any]:
        """Return it as a plan would write it with nothing left to a default."""
        return canonical.options(self.plan) | {
            "rewrite": _written(self.rewriter),
            "guards": [
                _written(guard.filter) | {"when": canonical.given(guard.rule)}
                for guard in self.guards
            ],
        }


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
    only: int | None = None
    """The earlier step (0-based) whose hits it judges; None: whatever is still there."""
    inner: tuple[Origin, ...] = ()
    """The plugins inside the filter's options and those of its action, each once, by name."""
    rewriting: ReadyRewriting | None = None
    """What happens to a hit, where the plan says that it is rewritten."""
    learned: bool = False
    """Whether the filter is what a study of the corpus learned: of the records that were alive."""

    def plugins(self) -> Iterator[tuple[str, Plugin]]:
        """Yield every plugin of the step, each with the dotted path to its option."""
        yield "", self.filter
        yield from _inside(self.filter, "")
        if self.rewriting:
            yield from ((f"do.{path}", plugin) for path, plugin in self.rewriting.plugins())

    @property
    def waits(self) -> bool:
        """Whether a plugin of the step may be called from several threads at once."""
        return any(waits(plugin) for _, plugin in self.plugins())

    def fingerprint(self) -> dict[str, str]:
        """Return the hash of every file that decides results: path of its plugin, then its name.

        Raises:
            InputError: such a file is missing or cannot be read.
        """
        try:
            return {
                f"{path}.{file}" if path else file: digest
                for path, plugin in self.plugins()
                for file, digest in plugin.fingerprint().items()
            }
        except OSError as error:
            told = f"step {self.name!r}: {error.filename}: {error.strerror}"
            raise InputError(told) from error

    def identity(self) -> dict[str, Any]:
        """Return what decides this step's results."""
        more: dict[str, Any] = {} if self.step.only is None else {"only": self.step.only}
        if self.inner:
            more["inner"] = [origin._asdict() for origin in self.inner]
        return {
            "name": self.name,
            "use": self.filter.name,
            "version": self.filter.version,
            "distribution": self.distribution,
            "distribution_version": self.distribution_version,
            "with": canonical.options(self.filter),
            "when": canonical.given(self.rule),
            "do": self.rewriting.identity() if self.rewriting else self.step.do,
            "unsure": self.step.unsure,
            "on_error": self.step.on_error,
        } | more

    def filled_in(self) -> dict[str, Any]:
        """Return the step as a plan would write it with nothing left to a default."""
        return {
            "name": self.name,
            "use": self.filter.name,
            "only": self.step.only,
            "with": _written(self.filter)["with"],
            "when": canonical.given(self.rule),
            "do": self.rewriting.filled_in() if self.rewriting else self.step.do,
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


def waits(plugin: Plugin) -> bool:
    """Say whether a plugin or one inside it may be called from several threads at once."""
    every = (plugin, *(inner for _, inner in _inside(plugin, "")))
    return any(isinstance(each, Filter | Rewriter) and each.concurrent for each in every)


def _inside(value: Any, path: str) -> Iterator[tuple[str, Plugin]]:
    """Yield every plugin inside the options, lists and mappings of `value`."""
    parts: Iterator[tuple[Any, Any]] = iter(())
    if isinstance(value, BaseModel):
        parts = ((name, getattr(value, name)) for name in type(value).model_fields)
    elif isinstance(value, Mapping):
        parts = iter(value.items())
    elif isinstance(value, list | tuple):
        parts = iter(enumerate(value))
    for name, part in parts:
        at = f"{path}.{name}" if path else str(name)
        if isinstance(part, Plugin):
            yield at, part
        yield from _inside(part, at)


def _written(value: Any) -> Any:
    """Return a value as a plan writes it: an inner plugin is `use` and `with`."""
    match value:
        case Plugin():
            return {"use": value.name, "with": _options(value)}
        case BaseModel():
            return _options(value)
        case Mapping():
            return {str(key): _written(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_written(inner) for inner in value]
    return canonical.plain(value)


def _options(model: BaseModel) -> dict[str, Any]:
    """Return the options under the names a plan gives them, those that change no result too."""
    return {
        field.alias or name: _written(getattr(model, name))
        for name, field in type(model).model_fields.items()
    }
