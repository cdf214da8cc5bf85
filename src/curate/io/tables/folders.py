"""Folders that `datasets` saves: which files of it hold the rows, in their order."""

import json
from pathlib import Path
from typing import Any

from curate.errors import InputError

STATE = "state.json"
INFO = "dataset_info.json"
SPLITS = "dataset_dict.json"


def is_saved(path: Path) -> bool:
    """Say whether a folder is what `save_to_disk` writes."""
    return (path / STATE).is_file() or (path / SPLITS).is_file()


def arrow_files(path: Path) -> list[Path]:
    """Return the Arrow files of a saved data set, in order.

    Raises:
        InputError: the folder holds several splits, rows in another order than its files, or is
            not what `save_to_disk` writes.
    """
    if (path / SPLITS).is_file():
        splits = _read(path / SPLITS).get("splits", [])
        named = " or ".join(str(path / str(split)) for split in splits)
        raise InputError(f"{path}: holds the splits of a data set; name one or more: {named}")
    state = _read(path / STATE)
    if state.get("_indices_data_files"):
        raise InputError(
            f"{path}: its rows stand in another order than in its files; have it saved by a newer "
            "`datasets`"
        )
    try:
        names = [Path(each["filename"]) for each in state["_data_files"]]
    except (KeyError, TypeError):
        raise InputError(f"{path / STATE}: does not name the files of the data set") from None
    for name in names:
        if name.name != str(name):
            raise InputError(f"{path / STATE}: names {str(name)!r}, a file outside the folder")
        if not (path / name).is_file():
            raise InputError(f"{path}: {name} is missing, which {STATE} names")
    if not names:
        raise InputError(f"{path}: a data set without files, so without rows")
    return [path / name for name in names]


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise InputError(f"{path}: damaged: {error}") from None
    if not isinstance(found, dict):
        raise InputError(f"{path}: damaged: not what `save_to_disk` writes")
    return found
