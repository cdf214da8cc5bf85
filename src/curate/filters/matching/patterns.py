"""Patterns as a user writes them: phrases, lists of tokens, or either with a label."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import yaml

from curate.errors import InputError

UNLABELLED = "MATCH"
"""The label of a pattern that has none."""

Tokens = Sequence[Mapping[str, Any]]
"""A pattern of spaCy's `Matcher`: what is asked of each token in a row."""

_KEYS = ("label", "pattern", "id")


@dataclass(frozen=True, slots=True)
class Pattern:
    """What is looked for, and what it is called."""

    place: str
    """Where it is written, for messages."""
    what: str | Tokens
    """A phrase, or what is asked of its tokens."""
    label: str = UNLABELLED
    id: str = ""

    @property
    def name(self) -> str:
        """The label, and the id where there is one."""
        return f"{self.label}:{self.id}" if self.id else self.label


def parse(given: Sequence[Any], where: str = "") -> list[Pattern]:
    """Return the patterns of a list.

    Args:
        given: The list.
        where: What messages say in front of a pattern's number.

    Raises:
        ValueError: one is no pattern; names it by its number, from 1.
    """
    return [_pattern(value, f"{where}pattern {n}") for n, value in enumerate(given, start=1)]


def read(file: Path) -> list[Pattern]:
    """Return the patterns in a file: a list in JSON or YAML, or one in each line of JSONL.

    Raises:
        InputError: the file cannot be read, has no patterns, or one of them is none.
    """
    found = _read(file)
    if not found:
        raise InputError(f"{file}: holds no patterns")
    return found


def unreadable(file: Path, error: OSError) -> InputError:
    """Return the error that says why a file cannot be opened."""
    return InputError(f"{file}: the patterns cannot be read: {error.strerror}")


def _read(file: Path) -> list[Pattern]:
    try:
        data = file.read_bytes()
        if file.suffix == ".jsonl":
            return [_pattern(value, f"{file}:{line}") for line, value in _lines(file, data)]
        value = orjson.loads(data) if file.suffix == ".json" else yaml.safe_load(data)
    except OSError as error:
        raise unreadable(file, error) from None
    except (orjson.JSONDecodeError, yaml.YAMLError) as error:
        raise InputError(f"{file}: the patterns cannot be read: {error}") from None
    except ValueError as error:
        raise InputError(str(error)) from None
    if not isinstance(value, list):
        raise InputError(f"{file}: holds no list of patterns")
    try:
        return parse(value, f"{file}: ")
    except ValueError as error:
        raise InputError(str(error)) from None


def _lines(file: Path, data: bytes) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(data.split(b"\n"), start=1):
        if line.strip():
            try:
                yield number, orjson.loads(line)
            except orjson.JSONDecodeError as error:
                raise ValueError(f"{file}:{number}: not JSON: {error}") from None


def _pattern(value: Any, place: str) -> Pattern:
    if not isinstance(value, Mapping):
        return Pattern(place, _what(value, place))
    if unknown := [key for key in value if key not in _KEYS]:
        raise ValueError(f"{place}: has {unknown[0]!r}; a pattern has {', '.join(_KEYS)}")
    label, id = value.get("label"), value.get("id") or ""
    if not (isinstance(label, str) and label.strip() and isinstance(id, str)):
        raise ValueError(f"{place}: its `label` and `id` are texts, and a label it must have")
    return Pattern(place, _what(value.get("pattern"), place), label, id)


def _what(value: Any, place: str) -> str | Tokens:
    if isinstance(value, str) and value.strip():
        return value
    if isinstance(value, list) and value and all(isinstance(each, Mapping) for each in value):
        return value
    raise ValueError(
        f"{place}: is neither a phrase nor a list of tokens such as [{{LOWER: acme}}, {{OP: '?'}}]"
    )
