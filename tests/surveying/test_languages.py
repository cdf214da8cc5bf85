"""Languages by the filter of that name, scripts where it is not there or not able."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from pydantic import Field

from curate.api import Context, Filter, Judge, RecordFilter, Verdict
from curate.errors import UsageError
from curate.records import Record
from curate.registry import Entry, Registry
from curate.surveying.languages import Written, installed, written
from rollout_rows import record, row


class Language(Filter):
    """Takes the first word of an answer for its language; abstains where there is none."""

    name = "language"
    keep: frozenset[str] = Field(description="what is wanted")

    @contextmanager
    def open(self, ctx: Context) -> Iterator[Judge]:
        yield lambda records: [self._judge(each) for each in records]

    def _judge(self, record: Record) -> Verdict:
        words = record.response.split()
        if not words:
            return Verdict(None, "too_short")
        return Verdict(float(words[0] not in self.keep), words[0], {"language": words[0]})


class Broken(Language):
    """Lacks its model."""

    @contextmanager
    def open(self, ctx: Context) -> Iterator[Judge]:
        raise UsageError("no model here")
        yield  # type: ignore[unreachable]


class Other(RecordFilter):
    """Another filter of that name, with other options."""

    name = "language"
    script: str = Field(description="what is wanted")

    def judge(self, record: Record) -> Verdict:
        return Verdict(0.0)


def records(*answers: str) -> list[Record]:
    return [record(row("?", answer)) for answer in answers]


def names(found: Written) -> dict[str, int]:
    return {each.name: each.rows for each in found.counts.names}


def registry(*filters: type[Filter]) -> Registry:
    return Registry({cls.name: Entry(cls, "x", "1") for cls in filters})


def test_languages():
    found = written(records("de a", "en b", "de c", ""), installed(registry(Language)))
    assert (found.kind, names(found), found.unsure) == ("language", {"de": 2, "en": 1}, 1)
    assert found.note == ""


@pytest.mark.parametrize(
    ("filters", "note"),
    [([], "is not installed"), ([Other], "is not installed"), ([Broken], "no model here")],
    ids=["no filter", "another filter", "a filter without its model"],
)
def test_scripts_where_languages_cannot_be_told(filters: Sequence[type[Filter]], note: str):
    found = written(records("ab б", "где", "東京", "…12"), installed(registry(*filters)))
    assert (found.kind, names(found), found.unsure) == (
        "script", {"cyrillic": 1, "latin": 1, "cjk": 1}, 1,
    )  # fmt: skip
    assert note in found.note
