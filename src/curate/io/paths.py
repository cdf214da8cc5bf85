"""What an argument names on this machine: a file, what a glob finds, or a saved data set."""

import os
from difflib import get_close_matches
from glob import glob
from pathlib import Path

from curate.errors import InputError, suggest
from curate.io.tables import folders
from curate.visible import inline


def named(argument: str) -> list[str]:
    """Return the files that an argument names, those of a glob sorted.

    Raises:
        InputError: there is none, or it is a folder that `datasets` did not save.
    """
    told = inline(argument)
    if not os.path.lexists(argument) and any(mark in argument for mark in "*?["):
        matching = sorted(glob(argument, recursive=True))
        found = [name for name in matching if not os.path.isdir(name)]
        if not found:
            first = inline(matching[0]) if matching else ""
            only = f", only folders, as {first}: name them one by one" if first else ""
            raise InputError(f"{told}: no file has such a name{only}")
        return found
    path = Path(argument)
    if path.is_dir() and folders.is_saved(path):
        return [str(file) for file in folders.arrow_files(path)]
    if path.is_dir():
        files = inline(str(path / "*.jsonl"))
        raise InputError(f"{told}: is a folder; name its files, as in '{files}'")
    if path.is_symlink() and not path.exists():
        raise InputError(f"{told}: links to {os.readlink(path)!r}, which is not there")
    if not path.exists():
        raise InputError(f"{told}: no such file{_close_matches(path)}")
    if not path.is_file():
        raise InputError(
            f"{told}: is not a regular file, so a run that is interrupted could not read it "
            f"again; give its bytes to standard input and name it -"
        )
    return [argument]


def _close_matches(path: Path) -> str:
    try:
        names = os.listdir(path.parent)
    except OSError:
        return f"; there is no folder {str(path.parent)!r} either"
    return suggest(path.name, get_close_matches(path.name, names))
