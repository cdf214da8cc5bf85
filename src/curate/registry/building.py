"""Plugins built from their names and options, those inside another's options included."""

from collections.abc import Mapping
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError
from pydantic_core.core_schema import ErrorType

from curate.api import Plugin
from curate.errors import CurateError, PluginError, suggest
from curate.records import Path
from curate.registry.addresses import refused
from curate.registry.installed import KINDS, Registry
from curate.registry.ready import Origin

Built = TypeVar("Built", bound=Plugin)


class _Named(BaseModel):
    """A plugin as a plan writes it inside another's options."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    use: str
    with_: dict[str, Any] = Field(default_factory=dict, alias="with")


class Builder:
    """Builds one plugin, and by name those inside its options, at any depth."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self._used: set[Origin] = set()

    @property
    def inner(self) -> tuple[Origin, ...]:
        """Where the plugins built by name come from, in the order of their names."""
        return tuple(sorted(self._used))

    def build(self, cls: type[Built], options: Mapping[str, Any]) -> Built:
        """Return the plugin with these options.

        Raises:
            ValidationError: the options are wrong; places in inner plugins are part of the paths.
            CurateError: the plugin itself says what is wrong.
        """
        if wrong := refused(cls, options):
            raise _mistake((wrong.option,), wrong.told)
        try:
            return cls.model_validate(options, context={"build": self._named})
        except ValidationError as error:
            raise _told(error, cls) from None

    def _named(self, value: Mapping[str, Any], wanted: type[Plugin]) -> Plugin:
        """Build `{use: NAME, with: {...}}`; called by the options typed `curate.api.Inner`."""
        try:
            named = _Named.model_validate(value)
        except ValidationError as error:
            raise _told(error, _Named) from None
        kind = next(kind for kind, base in KINDS.items() if issubclass(wanted, base))
        return self.named(kind, named.use, named.with_)

    def named(self, kind: str, name: str, options: Mapping[str, Any]) -> Plugin:
        """Return the plugin of this kind and name, built.

        Raises:
            ValidationError: there is none, or its options are wrong; places count from `use`
                and `with`.
            CurateError: the plugin itself says what is wrong, or breaks.
        """
        entry = self.registry.of(kind).get(name)
        if entry is None:
            raise _mistake(("use",), unknown(kind, name, self.registry))
        try:
            plugin = self.build(entry.cls, options)
        except ValidationError as error:
            raise _moved(error, ("with",)) from None
        except CurateError:
            raise
        except Exception as error:
            told = f"{kind} {name!r} broke on its options: {type(error).__name__}: "
            raise PluginError(f"{told}{error}") from error
        self._used.add(Origin(name, entry.distribution, entry.version))
        return plugin


def unknown(kind: str, name: str, registry: Registry) -> str:
    """Say that no such plugin is installed, and what may have been meant."""
    if others := registry.named(name):
        return f"{name!r} is {a(others[0].kind)}; {a(kind)} is needed here"
    told = f"no {kind} named {name!r}{suggest(name, registry.of(kind))}"
    if registry.broken:
        told += f" (not loaded: {', '.join(each.distribution for each in registry.broken)})"
    return told


def a(kind: str) -> str:
    """Return the name of a kind with its article."""
    return f"{'an' if kind == 'executor' else 'a'} {kind}"


def _told(error: ValidationError, cls: type[BaseModel]) -> ValidationError:
    """Say in a plan's words what only the class at hand can tell: close keys, wrong kinds."""
    return _again(error, (), cls)


def _moved(error: ValidationError, at: Path) -> ValidationError:
    return _again(error, at, None)


def _again(error: ValidationError, at: Path, cls: type[BaseModel] | None) -> ValidationError:
    details = [
        _detail(detail, (*at, *detail["loc"]), cls) for detail in error.errors(include_url=False)
    ]
    return ValidationError.from_exception_data(error.title, details)


def _detail(detail: ErrorDetails, loc: Path, cls: type[BaseModel] | None) -> InitErrorDetails:
    kind, given, context = detail["type"], detail["input"], detail.get("ctx", {})
    if told := _sentence(detail, cls) if cls else "":
        return InitErrorDetails(
            type="value_error", loc=loc, input=given, ctx={"error": ValueError(told)}
        )
    if kind in _KNOWN:
        return InitErrorDetails(type=kind, loc=loc, input=given, ctx=context)
    message = detail["msg"].replace("{", "{{").replace("}", "}}")
    custom = PydanticCustomError(kind, message)
    return InitErrorDetails(type=custom, loc=loc, input=given)


def _sentence(detail: ErrorDetails, cls: type[BaseModel]) -> str:
    loc, given = detail["loc"], detail["input"]
    if detail["type"] == "extra_forbidden" and len(loc) == 1:
        keys = [field.alias or name for name, field in cls.model_fields.items()]
        return f"unknown key {str(loc[0])!r}{suggest(str(loc[0]), keys)}"
    wanted = detail.get("ctx", {}).get("class_name")
    kind = next((kind for kind, base in KINDS.items() if base.__name__ == wanted), None)
    if kind is None:
        return ""
    if isinstance(given, Plugin):
        is_kind = next(name for name, base in KINDS.items() if isinstance(given, base))
        return f"{given.name!r} is {a(is_kind)}; {a(kind)} is needed here"
    return f"must be {a(kind)}: {{use: NAME, with: {{...}}}}, not {given!r}"[:200]


def _mistake(loc: Path, told: str) -> ValidationError:
    detail = InitErrorDetails(
        type="value_error", loc=loc, input=None, ctx={"error": ValueError(told)}
    )
    return ValidationError.from_exception_data("plugin", [detail])


_KNOWN = frozenset(get_args(ErrorType))
