"""What a sample is written in: its languages where a plugin tells them, else its scripts."""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pydantic import ValidationError

from curate.api import Context, Filter
from curate.errors import CurateError
from curate.records import Record
from curate.registry import Builder, Registry
from curate.surveying.names import Counts, Names

FILTER = "language"
"""The filter that is asked; its evidence names the language under the same word."""
_OPTIONS = {"keep": ["en"]}
"""It wants to know which languages count as wanted; which one a record is in stays the same."""
_TOLD = 20_000
"""Characters of a record that tell its script."""
_HOW = "scripts, not languages: the filter `language` (plugins/curate-language) is not installed"


@dataclass(frozen=True, slots=True)
class Written:
    """Records of the sample by language or script."""

    kind: str
    """language or script: that of most of a record's letters."""
    sample: int
    counts: Counts
    unsure: int
    """Records without a clear answer."""
    note: str
    """Why there are scripts in place of languages; may be empty."""


def installed(registry: Registry) -> Filter | None:
    """Return the filter that tells languages; None where there is none with these options."""
    entry = registry.filters.get(FILTER)
    if entry is None:
        return None
    try:
        filter = Builder(registry).build(entry.cls, _OPTIONS)
    except (CurateError, ValidationError):
        return None
    return filter if isinstance(filter, Filter) else None


def written(records: Sequence[Record], filter: Filter | None) -> Written:
    """Return what the assistant turns of records are written in.

    Args:
        records: The sample.
        filter: The filter `language`, or None where it is not installed.
    """
    if filter is None:
        return _scripts(records, _HOW)
    try:
        with filter.open(Context(offline=True)) as judge:
            verdicts = judge(records)
    except (CurateError, OSError) as error:
        return _scripts(records, f"scripts, not languages: the filter `language` says: {error}")
    names, unsure = Names(), 0
    for verdict in verdicts:
        language = verdict.evidence.get(FILTER)
        if isinstance(language, str) and language:
            names.add(language)
        else:
            unsure += 1
    return Written("language", len(records), names.counts(), unsure, "")


def _scripts(records: Sequence[Record], note: str) -> Written:
    names, unsure = Names(), 0
    for record in records:
        scripts: Counter[str] = Counter()
        for char, count in Counter(record.text("assistant")[:_TOLD]).items():
            if char.isalpha():
                scripts[_script(char)] += count
        if scripts:
            names.add(min(scripts, key=lambda name: (-scripts[name], name)))
        else:
            unsure += 1
    return Written("script", len(records), names.counts(), unsure, note)


@lru_cache(maxsize=100_000)
def _script(letter: str) -> str:
    """Return the first word of the letter's Unicode name, which names its script."""
    return unicodedata.name(letter, "OTHER").partition(" ")[0].partition("-")[0].lower()
