"""Saved reports of audits, as far as a gate reads them: whose trait, and the word they ended in."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from curate.audits.installing.verdict import Word as Installs
from curate.audits.verdict import Word as Transfers
from curate.errors import InputError
from curate.records import Unreadable, decode

GOOD = (Transfers.REMOVED, Transfers.ABSENT, Installs.DOES_NOT)
"""What an audit may end in where no policy says more."""
WORDS = tuple(dict.fromkeys([*map(str, Transfers), *map(str, Installs)]))
UNRESOLVED = str(Transfers.UNRESOLVED)
_HEAD = 1 << 16
_SIGN = b'"curate"'


class _Verdict(BaseModel):
    model_config = ConfigDict(frozen=True)

    word: Transfers = Field(description="what is said of the run")
    because: str = Field(description="which rule spoke")


class _Transfer(BaseModel):
    model_config = ConfigDict(frozen=True)

    format: Literal[1] = Field(description="version of the report")
    card: str = Field(description="the trait card")
    verdicts: tuple[_Verdict, ...] = Field(min_length=1, description="the run's is the first")


class _Install(BaseModel):
    model_config = ConfigDict(frozen=True)

    format: Literal[1] = Field(description="version of the report")
    card: str = Field(description="the trait card")
    word: Installs = Field(description="what is said of the suspected rows")


@dataclass(frozen=True, slots=True)
class Report:
    """An audit's report: the card's name, its word, and why."""

    path: str
    card: str
    word: str
    because: str = ""


def is_report(path: Path) -> bool:
    """Say whether a file is a saved report, and not rows."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        head = file.read(_HEAD)
        if not head.lstrip().startswith(b"{") or _SIGN not in head:
            return False
        told = _decoded(head + file.read())
    return isinstance(told, dict) and {"format", "curate"} <= told.keys()


def read(path: Path) -> Report:
    """Return what a report says.

    Raises:
        InputError: it is none of an audit that ends in a word.
    """
    told = _decoded(path.read_bytes())
    try:
        if "verdicts" in told:
            transfer = _Transfer.model_validate(told)
            first = transfer.verdicts[0]
            return Report(str(path), transfer.card, str(first.word), first.because)
        install = _Install.model_validate(told)
    except ValidationError:
        raise InputError(
            f"{path}: is no report of `curate audit transfer` or `install`; others end in no word "
            "that a rule could ask for"
        ) from None
    return Report(str(path), install.card, str(install.word))


def _decoded(data: bytes) -> Any:
    try:
        return decode(data)
    except Unreadable:
        return None
