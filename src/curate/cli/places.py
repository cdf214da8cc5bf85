"""The type of an argument that names a run directory, here or on an object store."""

from pathlib import Path
from typing import Any

import click

from curate.io.remote.urls import is_url
from curate.ledger.places import check_new, directory


class _Place(click.Path):
    """A run directory to read: a path, or what behaves like one."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return a folder of this machine, or the place that a URL names."""
        if isinstance(value, str) and is_url(value):
            return directory(value)
        return super().convert(value, param, ctx)


class _NewPlace(click.Path):
    """A run directory to write: a path, or a URL as text."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return a folder of this machine, or a URL."""
        if isinstance(value, str) and is_url(value):
            check_new(value)
            return value
        return super().convert(value, param, ctx)


RUN = _Place(path_type=Path)
NEW_RUN = _NewPlace(path_type=Path)
