"""Plugins named on the command line, as YAML or JSON or in a file of it."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from curate import plan_file
from curate.api import Plugin
from curate.errors import UsageError
from curate.mistakes import Marks, Mistakes
from curate.registry import Builder

Built = TypeVar("Built", bound=Plugin)
_SPEC = plan_file.Kind("the spec", "it says {use: NAME, with: {...}}")
_NAMED = re.compile(r"([\w.-]+)=(.+)", re.DOTALL)


def spec(value: str, option: str) -> tuple[str, dict[str, Any]]:
    """Return the name and the `{use, with}` of `[NAME=]SPEC`; the name may be empty.

    SPEC is YAML or JSON that begins with `{`, or the path of a file of it.

    Raises:
        UsageError: says what cannot be read, by `file:line`.
    """
    named = _NAMED.fullmatch(value)
    name, written = named.groups() if named else ("", value)
    place = f"{option} {name}".rstrip()
    if not written.lstrip().startswith("{"):
        place = written
        try:
            written = Path(written).read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(
                f"{option}: {written!r} is no file that can be read ({error}); give "
                "'{use: NAME, with: {...}}' or a file of it"
            ) from None
    told, mistakes = plan_file.read(written, place, _SPEC)
    mistakes.raise_any()
    if not isinstance(told, dict):
        raise UsageError(f"{place}: must be a mapping {{use: NAME, with: {{...}}}}")
    return name, told


def build(builder: Builder, cls: type[Built], options: Mapping[str, Any], option: str) -> Built:
    """Return the plugin of a class with these options, those inside it built by name.

    Raises:
        UsageError: lists what is wrong with them; `option` says where they were given.
    """
    try:
        return builder.build(cls, options)
    except ValidationError as error:
        mistakes = Mistakes(Marks(option, what=option))
        mistakes.explain(error, cls)
        mistakes.raise_any()
        raise
