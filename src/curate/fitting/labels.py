"""Labelled texts, from JSONL rows `{"text": …, "label": …}`.

A label is 0 or 1, false or true, or a name, of which one is looked for. Rows that repeat a text
and its label count once; texts that differ only in case and blanks are the same text.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from curate.errors import InputError, UsageError, suggest
from curate.io import sources
from curate.io.reading import Reader
from curate.io.remote.urls import called
from curate.records import Unreadable, decode, normalise

_YES, _NO = {"1", "true"}, {"0", "false"}
_EXPECTED = 'a row is {"text": "...", "label": 0 or 1, or a name}'


@dataclass(frozen=True)
class Labelled:
    """Different texts with their labels."""

    texts: tuple[str, ...]
    labels: tuple[bool, ...]
    keys: tuple[str, ...]
    """Equal for what is the same text."""
    groups: tuple[str, ...]
    """Equal where texts must never be split up; always so for the same text."""
    rows: int
    """What the files held, repeats included."""
    contradictions: int
    """Texts that stand with both labels; both are kept."""
    positive: str
    """What the label that is looked for is called."""
    files: Mapping[str, str]
    """File, as the user named it -> SHA-256 of its decompressed bytes."""

    @property
    def positives(self) -> int:
        """How many texts have the label that is looked for."""
        return sum(self.labels)


def read(
    arguments: Sequence[str], positive: str | None = None, group: str | None = None
) -> Labelled:
    """Read label files: JSONL or a JSON array, plain, `.gz` or `.zst`.

    Args:
        arguments: Paths or globs.
        positive: The label that is looked for, where labels are names.
        group: A field; rows that agree in it are never split up.

    Raises:
        InputError: a file cannot be read, or a row is not a labelled text.
        UsageError: labels are names and `positive` is none of them.
    """
    reader = Reader(sources.expand(arguments))
    found = [_row(row, place, group) for place, row in _rows(reader)]
    wanted = _wanted(
        Counter(label for _, label, _ in found), positive, ", ".join(map(called, arguments))
    )
    distinct: dict[tuple[str, bool], str] = {}
    home: dict[str, str] = {}
    for text, label, own in found:
        same = normalise(text)
        distinct.setdefault((same, label in wanted), text)
        home.setdefault(same, same if own is None else own)
    return Labelled(
        texts=tuple(distinct.values()),
        labels=tuple(label for _, label in distinct),
        keys=tuple(same for same, _ in distinct),
        groups=tuple(home[same] for same, _ in distinct),
        rows=len(found),
        contradictions=len(distinct) - len(home),
        positive=positive or "positive",
        files={file.name: file.sha256 for file in reader.files},
    )


def _rows(reader: Reader) -> Iterator[tuple[str, Any]]:
    """Yield `file:line` and the decoded value of every line that is not blank."""
    for segment in reader.segments():
        for number, line in enumerate(segment.read().split(b"\n"), start=segment.line):
            if line.strip():
                place = f"{segment.file}:{number}"
                try:
                    yield place, decode(line)
                except Unreadable as error:
                    raise InputError(f"{place}: {error}") from None


def _row(row: Any, place: str, group: str | None) -> tuple[str, str, str | None]:
    """Return the text, the label's name and the value of the field `group`."""
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise InputError(f"{place}: no text; {_EXPECTED}")
    label = row.get("label")
    if not isinstance(label, str | int):
        raise InputError(f"{place}: no label; {_EXPECTED}")
    name = str(label).lower() if isinstance(label, bool) else str(label)
    if group is None:
        return row["text"], name, None
    if row.get(group) is None:
        raise InputError(f"{place}: no field {group!r}{suggest(group, row)}")
    return row["text"], name, str(row[group])


def _wanted(labels: Counter[str], positive: str | None, files: str) -> set[str]:
    """Return the labels that are looked for."""
    if positive is not None and positive in labels:
        return {positive}
    if labels.keys() <= _YES | _NO:
        return _YES
    if positive is not None:
        raise UsageError(f"{files}: no row has the label {positive!r}{suggest(positive, labels)}")
    counted = ", ".join(f"{label!r} ({count:,})" for label, count in labels.most_common(10))
    raise UsageError(
        f"{files}: labels are names: {counted}; say which is looked for: --positive NAME"
    )
