"""Records on the page: who decided, then the turns, with a rewritten one beside the old."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from curate.looking.exhibits import HELD
from curate.looking.unseen import REMEDY, withheld
from curate.report.numbers import number
from curate.report.page.html import Html, element, join
from curate.report.shown import Example, Passage, Piece

_SIGNS = {"kept": "●", "dropped": "✕", "quarantined": "▲"}
_VERSIONS = {"": "", "before": ", as read", "after": ", rewritten"}


def records(examples: Sequence[Example]) -> Html:
    """Return records below each other."""
    return join(_record(each) for each in examples)


def _record(example: Example) -> Html:
    origin = [("teacher", example.teacher), ("source", example.source)]
    said = [f"{word} {name}" for word, name in origin if name is not None]
    place = " · ".join([f"#{example.index}", example.place, example.id, *said])
    sign = element("span", _SIGNS[example.fate], aria_hidden="true")
    return element(
        "article",
        element(
            "header",
            element("p", sign, " ", example.told, class_=example.fate),
            element("p", place, class_="soft"),
        ),
        *_text(example),
        class_="record",
        aria_label=f"Record #{example.index}",
    )


def _text(example: Example) -> Iterator[Html]:
    if example.withheld:
        why = f"{withheld(example.unseen_by)}; {REMEDY}" if example.unseen_by else HELD
        yield element("p", f"[{why}]", class_="soft")
        return
    for _, group in groupby(example.passages, key=lambda each: each.turn):
        turns = [_turn(each) for each in group]
        yield element("div", *turns, class_="pair") if len(turns) == 2 else join(turns)
    if example.turns_left_out:
        left_out = f"{number(example.turns_left_out)} turn{'s' * (example.turns_left_out > 1)}"
        yield element("p", f"[{left_out} left out]", class_="gap")


def _turn(passage: Passage) -> Html:
    name = f"turn {passage.turn}, {passage.role}" if passage.turn else "the line as it is"
    return element(
        "div",
        element("p", name + _VERSIONS[passage.version], class_="who"),
        element("div", *(_piece(each) for each in passage.pieces), dir="auto", class_="said"),
        class_="turn",
    )


def _piece(piece: Piece) -> str:
    if piece.left_out:
        what = f" [… {number(piece.left_out)} characters left out …] "
        return element("span", what, class_="gap")
    return element("mark", piece.text) if piece.match else piece.text
