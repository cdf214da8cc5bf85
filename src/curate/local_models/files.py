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
    files = _deciding(folder)
    if not any(file.suffix == WEIGHTS for file in files):
        raise InputError(
            f"{folder}: no {WEIGHTS} weights; other formats can run code when they are loaded, so "
            "convert them (`model.save_pretrained` writes safetensors)"
        )
    return {file.name: sha256(file) for file in files}


def hashes_but_weights(folder: Path) -> Mapping[str, str]:
    """Return the same without weights, for a model whose weights are kept elsewhere.

    Raises:
        InputError: there is no such folder.
        OSError: a file cannot be read.
    """
    return {file.name: sha256(file) for file in _deciding(folder) if file.suffix != WEIGHTS}


def _deciding(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise InputError(
            f"{folder}: no such folder; a model of the hub needs `revision:`, its full commit"
        )
    return sorted(file for file in folder.iterdir() if file.suffix in _DECIDE and file.is_file())
