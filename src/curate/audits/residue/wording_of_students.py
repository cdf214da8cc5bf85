"""What students without the mild rows showed, in plain words."""

from __future__ import annotations

from collections.abc import Iterator

from curate.audits.residue.grading import PROBE
from curate.audits.residue.report import Trained
from curate.audits.residue.response import Part, Response, Word
from curate.traits.intervals import Interval


def students(found: Trained) -> tuple[list[str], list[list[str]], list[str]]:
    """Return sentences, a table of the doses, and sentences."""
    return list(_before(found)), _table(found), list(_after(found))


def _before(found: Trained) -> Iterator[str]:
    prefix = "exploratory: " if found.exploratory else ""
    yield (
        f"{prefix}{len(found.seeds)} paired students of each arm, {found.prompts} prompts; "
        f"a score is {found.score}"
    )
    if found.grade == PROBE:
        yield (
            f"Mild, by the probe: the {found.mild:,} kept rows, a fifth, that read most like hits. "
            "It only orders them: there may be more mild rows, or fewer."
        )
    elif found.grade is not None:
        yield (
            f"Mild, by {found.grade}: {found.mild:,} kept rows are {found.least:.0%} or more of "
            "the way to a hit."
        )
    yield (
        f"Leak-through: 0 is the arm {found.response.zero!r}, 1 the untouched arm, which scores "
        f"{found.response.length.scores.value:+.3f} more "
        f"({_bounds(found.response.length.scores)})."
    )


def _table(found: Trained) -> list[list[str]]:
    said = found.response
    table = [["arm", "rows less", "mild mass left", "leak-through", "(95 %)", "p"]]
    table.append(["drop", "hits", "100%", *_cells(said.drop)])
    for point in said.points:
        rows = f"hits + {point.rows:,}"
        table.append(["drop + mild", rows, f"{point.left:.0%}", *_cells(point.mild)])
        table.append(["drop + others", rows, "100%", *_cells(point.other)])
    if said.switched is not None:
        table.append(["drop, mild switched", "hits", "0%", *_cells(said.switched)])
    if said.base is not None:
        table.append(["base", "", "", *_cells(said.base)])
    return table


def _after(found: Trained) -> Iterator[str]:
    said = found.response
    if said.slope is not None:
        yield (
            f"Slope of leak-through against mild mass left, beyond what as many other rows do: "
            f"{_told(said.slope)}, p = {said.slope.p:.2g}."
        )
    parts = {
        "rows of like length and source": said.rows,
        "mild rows": said.mild,
        "what the base shows": said.prior,
        "unexplained": said.unexplained,
    }
    told = [f"{name} {_told(part)}" for name, part in parts.items() if part is not None]
    if said.unexplained is not None:
        yield f"The leak-through of drop, {_told(said.drop)}, is: {', '.join(told)}."
    if said.share is not None:
        yield (
            f"Unexplained share of the leak-through: {said.share.value:.0%} "
            f"({_percents(said.share)})."
        )
    yield _verdict(said)


def _verdict(said: Response) -> str:
    margin = f"{said.margin:g}"
    return {
        Word.EXPLAINED: f"explained: without hits and mild rows no more than {margin} of it is "
        "left, beyond what the base shows; a lower threshold, or switching these rows, is worth "
        "trying.",
        Word.UNEXPLAINED: "unexplained: rows without a sign of the trait still bring it. Taking "
        "more of the mild rows out will not do; switch rows, or look for what carries it.",
        Word.NO_LEAK: f"no leak: dropping the hits leaves less than {margin}.",
        Word.UNRESOLVED: "unresolved: it cannot be told what is left without mild rows. Where the "
        "intervals are wide, more seeds or prompts would tell; where leak-through falls with every "
        "dose of the probe, a graded scorer (--judge, --scorer) would.",
        Word.NOT_TESTED: "not tested: nothing says which kept rows are mild.",
    }[said.word]


def _cells(part: Part) -> list[str]:
    found = part.place or part.scores
    unit = "" if part.place else " (score)"
    return [f"{_number(found.value)}{unit}", _bounds(found), f"{part.p:.2g}"]


def _told(part: Part) -> str:
    found = part.place or part.scores
    unit = "" if part.place else " in scores"
    return f"{_number(found.value)}{unit} ({_bounds(found)})"


def _bounds(found: Interval) -> str:
    return f"{_number(found.low)} to {_number(found.high)}"


def _number(value: float) -> str:
    return f"{round(value, 2) + 0.0:.2f}"  # adding 0.0 turns -0.0 into 0.0


def _percents(found: Interval) -> str:
    return f"{100 * found.low:.0f} to {100 * found.high:.0f}"
