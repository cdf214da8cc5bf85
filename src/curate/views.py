"""How the rows of one input are read: its declared shape, or the one its first rows have."""

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatch
from pathlib import PurePath
from typing import Any, NoReturn

from curate.errors import NotARecord
from curate.io import fields, shapes
from curate.plan import Input, RawShape, Reading
from curate.records import BLANK, Shape, Unreadable, View, decode


class Unknown:
    """The shape of rows that have none of the known ones."""

    name = "unknown"

    def turns(self, row: Mapping[str, Any]) -> NoReturn:
        """Raise NotARecord."""
        keys = ", ".join(map(repr, list(row)[:6]))
        raise NotARecord(
            f"no known shape (its keys: {keys}); declare one with `input: {{shape: …}}`"
        )


def reading(settings: Input, name: str) -> Reading:
    """Return the settings for one file: the first exception that matches, else the common ones."""
    common = settings.model_dump(include=set(Reading.model_fields))
    for exception in settings.files:
        if fnmatch(name, exception.match) or fnmatch(PurePath(name).name, exception.match):
            given = exception.model_dump(include=set(Reading.model_fields), exclude_none=True)
            return Reading.model_validate(common | given)
    return Reading.model_validate(common)


def shape_of(wanted: str | RawShape, lines: Iterable[bytes]) -> Shape:
    """Return the declared shape, or detect it from the lines where `wanted` is `auto`.

    Raises:
        UsageError: no shape has the declared name.
    """
    if isinstance(wanted, RawShape):
        return shapes.Raw(prompt=fields.path(wanted.prompt), response=fields.path(wanted.response))
    if wanted == Unknown.name:
        return Unknown()
    if wanted != "auto":
        return shapes.get(wanted)
    return shapes.detect(_readable(lines)) or Unknown()


def view(settings: Input, name: str, shape: Shape) -> View:
    """Return the view of one file's rows."""
    how = reading(settings, name)
    return fields.view(
        shape,
        teacher=how.teacher,
        id=how.id,
        source=how.source,
        prompt_id=how.prompt_id,
        teacher_is=how.teacher_is,
        aliases=settings.aliases or None,
    )


def _readable(lines: Iterable[bytes]) -> Iterator[Any]:
    for line in lines:
        if line.strip(BLANK):
            try:
                yield decode(line)
            except Unreadable:
                continue
