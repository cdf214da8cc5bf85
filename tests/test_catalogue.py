"""What `curate plugins info` says about options of every kind."""

from pathlib import Path
from typing import Annotated, ClassVar, Literal

import pytest
from pydantic import BaseModel, Field

from curate.api import RecordFilter, Rule, Verdict
from curate.catalogue import details, page, summary
from curate.registry import Entry


class Inner(BaseModel):
    depth: int = 1
    width: int = 2


class Many(RecordFilter):
    """Scores many things.

    More about it.
    """

    name: ClassVar[str] = "many"
    high: ClassVar[float] = float("inf")

    must: str
    flag: bool = Field(True, description="whether it is")
    share: Annotated[float, Field(gt=0, le=1)] = 0.5
    count: int | None = None
    words: list[str] = Field([])
    pair: tuple[int, float] = (1, 2.0)
    patterns: dict[str, str] = Field({})
    labels: list[str] = Field(default_factory=lambda: ["x"], alias="label")
    file: Path | None = None
    mode: Literal["a", "b"] = "a"
    only: Literal["a"] = "a"
    inner: Inner = Inner()

    def judge(self, record):
        return Verdict(0.0)


ENTRY = Entry(Many, "kit", "1.2")


def test_summary():
    assert summary(ENTRY)["summary"] == "Scores many things."


@pytest.mark.parametrize(
    ("option", "type_"),
    [
        ("must", "text"),
        ("flag", "true or false"),
        ("share", "number above 0 and at most 1"),
        ("count", "whole number or nothing"),
        ("words", "list of text"),
        ("pair", "[whole number, number]"),
        ("patterns", "mapping to text"),
        ("file", "path or nothing"),
        ("mode", "a | b"),
        ("only", "a"),
        ("inner", "mapping with depth, width"),
    ],
)
def test_types_in_words(option, type_):
    types = {each["name"]: each["type"] for each in details(ENTRY)["options"]}
    assert types[option] == type_


def test_page():
    told = page(details(ENTRY))
    assert told.startswith("many (filter), from kit 1.2\n\nScores many things.\n\nMore about it.\n")
    assert "score    0 to inf; a hit by default: at_least: 0.5" in told
    assert "  must: text; required\n" in told
    assert "  flag: true or false; default true\n      whether it is\n" in told
    assert "  count: whole number or nothing; default null\n" in told
    assert '  label: list of text; default ["x"]\n' in told


def test_a_rule_that_depends_on_the_options_is_not_guessed():
    class Lengths(Many):
        """Scores lengths."""

        def default_rule(self):
            return Rule(at_least=self.count or 1)

    told = details(Entry(Lengths, "kit", "1"))
    assert told["rule"] is None
    assert "a hit by default: depends on the options" in page(told)
