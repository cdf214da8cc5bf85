"""Saved reports of audits, as far as a gate reads them: whose trait, and the word they ended in."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curate.errors import InputError
from curate.io.remote.objects import object_at, opened
from curate.io.remote.urls import called, is_url, is_web
from curate.records import Unreadable, decode

FORMAT = 1
UNRESOLVED = "unresolved"
"""How both audits say that nothing can be said."""
_HEAD = 1 << 16
_SIGN = b'"curate"'
_ROWS = re.compile(r"\.jsonl(\.gz|\.zst)?\Z", re.IGNORECASE)
"""Such a file holds rows, whatever is in it."""


@dataclass(frozen=True, slots=True)
class Report:
    """An audit's report: the card's name, its word, and why."""

    path: str
    card: str
    word: str
    because: str = ""


def words() -> tuple[str, ...]:
    """Return every word that an audit can end in."""
    from curate.audits.installing.verdict import Word as Installs
    from curate.audits.verdict import Word as Transfers

    return tuple(dict.fromkeys([*map(str, Transfers), *map(str, Installs)]))


def good() -> tuple[str, ...]:
    """Return the words that pass where no policy says more: the trait is gone."""
    from curate.audits.installing import verdict as installing
    from curate.audits.verdict import EXIT

    codes = [*EXIT.items(), *installing.EXIT.items()]
    return tuple(str(word) for word, code in codes if not code)


def report_at(target: str) -> Report | None:
    """Return what the report says that is saved in a file, here or at a URL.

    None where there is no such file, or one that is named like rows or calls itself no report.

    Raises:
        InputError: it is none of an audit that ends in a word, or has what no report has.
    """
    if _ROWS.search(target.partition("?")[0] if is_web(target) else target):
        return None
    head = _first(target)
    if not head.lstrip().startswith(b"{") or _SIGN not in head:
        return None
    told = _decoded(_whole(target))
    if not isinstance(told, dict) or not {"format", "curate"} <= told.keys():
        return None
    return _report(called(target), told)


def _first(target: str) -> bytes:
    """Return the first bytes of a file; none where it is not there."""
    if is_url(target):
        try:
            return object_at(target).first(_HEAD)[0]
        except FileNotFoundError:
            return b""
    if not Path(target).is_file():
        return b""
    with open(target, "rb") as file:
        return file.read(_HEAD)


def _whole(target: str) -> bytes:
    if not is_url(target):
        return Path(target).read_bytes()
    with opened(target) as file:
        return file.read()


def _report(name: str, told: dict[str, Any]) -> Report:
    verdicts = told.get("verdicts")
    verdict = verdicts[0] if isinstance(verdicts, list) and verdicts else told
    word = verdict.get("word") if isinstance(verdict, dict) else None
    card, because = told.get("card"), verdict.get("because", "") if word else ""
    if told["format"] != FORMAT or word not in words() or not isinstance(card, str):
        raise InputError(
            f"{name}: is no report of `curate audit transfer` or `install`; others end in no word "
            "that a rule could ask for"
        )
    if strange := sorted(told.keys() - _fields()):
        raise InputError(
            f"{name}: looks like the report of an audit, and has {strange[0]!r}, which is none of "
            "its fields; if it is a row, give its file a name that ends in .jsonl"
        )
    return Report(name, card, str(word), str(because))


def _fields() -> set[str]:
    """Return all that a report can have."""
    from curate.audits.installing.report import Report as Installs
    from curate.audits.transfer.report import Report as Transfers

    return {*Transfers.model_fields, *Installs.model_fields}


def _decoded(data: bytes) -> Any:
    try:
        return decode(data)
    except Unreadable:
        return None
