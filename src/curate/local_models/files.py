"""Which files of a model decide what it says."""

from collections.abc import Mapping
from pathlib import Path

from curate.answers.hashing import sha256
from curate.errors import InputError

WEIGHTS = ".safetensors"
_DECIDE = frozenset({WEIGHTS, ".json", ".jinja", ".model", ".txt"})
"""Weights, settings, chat template, vocabulary."""


def hashes(folder: Path) -> Mapping[str, str]:
    """Return the SHA-256 of every file that decides what the model in a folder says, by name.

    Raises:
        InputError: there is no such folder, or no safetensors weights in it.
        OSError: a file cannot be read.
    """
    if not folder.is_dir():
        raise InputError(
            f"{folder}: no such folder; a model of the hub needs `revision:`, its full commit"
        )
    files = sorted(file for file in folder.iterdir() if file.suffix in _DECIDE and file.is_file())
    if not any(file.suffix == WEIGHTS for file in files):
        raise InputError(
            f"{folder}: no {WEIGHTS} weights; other formats can run code when they are loaded, so "
            "convert them (`model.save_pretrained` writes safetensors)"
        )
    return {file.name: sha256(file) for file in files}
