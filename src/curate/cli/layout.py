"""How the outputs of a run are stored: options of `curate run`."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., Any])
_UNITS = {"": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
_SIZE = re.compile(r"(\d{1,15})\s*([KMGT]B)?", re.IGNORECASE | re.ASCII)


def _size(_ctx: click.Context, _param: click.Parameter, value: str | None) -> int | None:
    if value is None:
        return None
    found = _SIZE.fullmatch(value.strip())
    size = int(found[1]) * _UNITS[(found[2] or "").upper()] if found else 0
    if not size:
        raise click.BadParameter("a number of bytes above 0, as in 500KB, 256MB or 1GB")
    return size


def layout_options(command: _Command) -> _Command:
    """Give a command `--shard-size` (bytes, or None) and `--compress` (gz, zst or None)."""
    for option in (
        click.option(
            "--compress", type=click.Choice(["gz", "zst"]), help="Compress what is written."
        ),
        click.option(
            "--shard-size",
            metavar="SIZE",
            callback=_size,
            help="Begin another file after that many bytes of rows, as in 256MB.",
        ),
    ):
        command = option(command)
    return command
