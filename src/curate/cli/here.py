"""The types of arguments that name a path of this machine, and would make a folder of a URL."""

from pathlib import Path
from typing import Any

import click

from curate.errors import UsageError
from curate.io.remote.urls import is_url, redacted

_COPIES = {
    "s3": "aws s3 cp",
    "gs": "gcloud storage cp",
    "http": "curl -O",
    "https": "curl -O",
    "hf": "hf download",
}
"""Protocol -> the command that copies a file of it."""


class _Here(click.Path):
    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path that is named.

        Raises:
            UsageError: it is a URL, where none can be read or written.
        """
        if isinstance(value, str) and is_url(value):
            named = f"{param.opts[0]} " if isinstance(param, click.Option) else ""
            copies = _COPIES.get(value.partition("://")[0].lower())
            with_ = f", with `{copies}`" if copies else ""
            raise UsageError(
                f"{named}{redacted(value)}: is a URL, and only a path of this machine is taken "
                f"here; copy the file here first, or there afterwards{with_}"
            )
        return super().convert(value, param, ctx)


HERE = _Here(path_type=Path)
FOLDER_HERE = _Here(path_type=Path, file_okay=False)
