"""Responses with their teachers, from corpora of any shape."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from curate import corpora
from curate.errors import NotARecord
from curate.plan import Input
from curate.records import Record, Unreadable, digest, normalise


class Sample(NamedTuple):
    """One response."""

    text: str
    teacher: str | None
    """As the row declares it, after aliases; None where it does not."""
    prompt: str
    """Equal for responses to the same prompt, which no split may separate."""
    source: str | None
    id: str | None = None
    """The row's own; None where it has none."""


@dataclass(frozen=True)
class Corpus:
    """The responses of some files, and what was left out."""

    samples: list[Sample]
    """In the order of the files."""
    files: Mapping[str, str]
    """File, as the user named it -> SHA-256 of its decompressed bytes."""
    rows: int
    """Lines that are not blank."""
    unreadable: int
    """Rows that are no JSON."""
    not_records: int
    """Rows that are JSON but have no turns in their file's shape."""
    no_response: int
    """Records without an assistant turn, or with a blank one at the end."""

    @property
    def unlabelled(self) -> int:
        """How many responses name no teacher."""
        return sum(sample.teacher is None for sample in self.samples)


def read(arguments: Sequence[str], settings: Input | None = None) -> Corpus:
    """Read corpora.

    Args:
        arguments: Paths or globs.
        settings: How rows are read; by default each file's shape is found by its first rows.

    Raises:
        InputError: a file is missing or cannot be read.
    """
    reader = corpora.reader(arguments, settings)
    samples: list[Sample] = []
    counts = {"rows": 0, "unreadable": 0, "not_records": 0, "no_response": 0}
    for record in corpora.records(reader, settings):
        counts["rows"] += 1
        try:
            sample = _sample(record)
        except Unreadable:
            counts["unreadable"] += 1
        except NotARecord:
            counts["not_records"] += 1
        else:
            if sample.text.strip():
                samples.append(sample)
            else:
                counts["no_response"] += 1
    return Corpus(samples, {file.name: file.sha256 for file in reader.files}, **counts)


def _sample(record: Record) -> Sample:
    text = record.response
    if record.prompt.strip():
        prompt = record.prompt_key
    else:  # nothing was asked: only the same text again is kept together
        prompt = digest(normalise(text).encode("utf-8", "surrogatepass"))
    own = None if record.id == record.origin else record.id
    return Sample(text, record.teacher, prompt, record.source, own)
