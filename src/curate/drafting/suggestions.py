"""The steps that a first plan has, in their order, and why each of them is there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from curate.drafting.quoting import can_stand, pattern
from curate.surveying.survey import Survey

_MOST_TEACHERS = 50
"""With more of them a list of names is no plan."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A step: the filter, its options, and what becomes of a hit unless there are too many."""

    why: str
    use: str
    options: Mapping[str, Any] = field(default_factory=dict)
    do: Literal["flag", "drop"] = "drop"


_FIRST = (
    Suggestion(
        "Is it a conversation one could train on? Finds empty answers, two questions in a row, ...",
        "roles",
    ),
    Suggestion(
        "Answers of fewer than three words teach little.", "length", {"unit": "words", "min": 3}
    ),
    Suggestion("Keys, tokens and passwords, in any turn.", "regex", {"pack": "secrets"}),
    Suggestion(
        "E-mail addresses, card and telephone numbers, in any turn.", "regex", {"pack": "pii"}
    ),
    Suggestion(
        "Tokens of a chat template that stand in the text.", "regex", {"pack": "special-tokens"}
    ),
    Suggestion(
        'Answers that name their maker: "I am a model trained by ..."',
        "regex",
        {"pack": "provider-identity"},
        "flag",
    ),
    Suggestion(
        "Answers that refuse. Some are right to: look before you drop them.",
        "regex",
        {"pack": "refusals"},
        "flag",
    ),
    Suggestion(
        "Answers that claim to know today's date, or where their knowledge ends.",
        "regex",
        {"pack": "date-claims"},
        "flag",
    ),
    Suggestion(
        "Repeated lines, symbols, lists without end: rules made for web pages, so look first.",
        "text_quality",
        {},
        "flag",
    ),
    Suggestion(
        "The same conversation again, whatever its case and white space; the first one stays.",
        "duplicates",
        {"normalise": True},
    ),
)


def suggestions(found: Survey) -> Iterator[Suggestion]:
    """Yield the steps for a corpus, from top to bottom."""
    yield from _FIRST
    names = [each.name for each in found.teachers.named if can_stand(each.name)]
    if 0 < len(names) <= _MOST_TEACHERS:
        yield Suggestion(
            "Rows by any other teacher than these; take a name out to find its rows too. To have "
            "them answered by another teacher instead, see `curate index build`.",
            "provenance",
            {"allow": sorted(map(pattern, names))},
            "flag",
        )
