"""One step on the page: its rule, its scores, its reasons, what it rewrote, a few records."""

from collections.abc import Iterator, Mapping

from curate.report.model import Rewriting, Step
from curate.report.numbers import number, per_cent, teacher
from curate.report.page.histogram import histogram
from curate.report.page.html import COLUMNS, Html, element, folded, join, table
from curate.report.page.records import records

INTRODUCTION = (
    "Bars show how many records have which score; their heights are logarithms. The dashed line is "
    "the threshold, and bars of hits are in colour."
)
_LISTED = 8
"""More reasons than that are folded."""
_DOES = {
    "flag": "A hit is flagged: it is in the ledger, and the record stays.",
    "drop": "A hit is dropped.",
    "rewrite": "A hit is rewritten.",
}


def step(found: Step, place: int) -> Html:
    """Return what a step saw and did."""
    return element(
        "section",
        element("h3", f"{place}. {found.name}"),
        element("p", _head(found), class_="soft"),
        element("p", _did(found)),
        *_scores(found, place),
        *_reasons(found),
        *_rewriting(found.rewriting),
        *_examples(found),
        id=f"step-{place}",
        aria_label=found.name,
    )


def _head(found: Step) -> str:
    by = f", {found.distribution}" if found.distribution else ""
    only = "" if found.only is None else f" It judges what {found.only} hit."
    return f"Filter {found.use}, version {found.version}{by}. A hit: {found.rule}.{only}"


def _did(found: Step) -> str:
    told = [
        f"{number(found.hits)} hits ({per_cent(found.hits, found.seen)}) of "
        f"{number(found.seen)} records seen.",
        _DOES[found.do],
    ]
    counts = {
        "unsure": found.abstained,
        "dropped": found.dropped if found.dropped != found.hits else 0,
        "set aside": found.quarantined,
        "errors": found.errors,
    }
    said = [f"{name} {number(count)}" for name, count in counts.items() if count]
    return " ".join([*told, f"{', '.join(said).capitalize()}." if said else ""]).rstrip()


def _scores(found: Step, place: int) -> Iterator[Html]:
    if found.scores is None:
        yield element("p", "It scored no record.", class_="soft")
        return
    outside = found.scores.below + found.scores.above
    told = f"{number(outside)} of the rarest scores stand in the dashed bars at the ends."
    parts = [element("figcaption", told)] if outside else []
    yield element("figure", histogram(f"scores-{place}", found, found.scores), *parts)
    rows = [
        [number(each.low), number(each.high), number(each.count)]
        for each in found.scores.bins
        if each.count
    ]
    head = ["from", "to", "records"]
    yield folded("The scores in numbers", table(f"Scores of {found.name}", head, rows))


def _reasons(found: Step) -> Iterator[Html]:
    if not found.reasons:
        return
    rows = [[each.reason, number(each.records), number(each.hits)] for each in found.reasons]
    if found.other_reasons:
        rows.append(["(others)", number(found.other_reasons), ""])
    made = table("Reasons it gave", ["reason", "records", "of them hits"], rows)
    yield folded(f"{len(rows)} reasons", made) if len(rows) > _LISTED else made


def _rewriting(told: Rewriting | None) -> Iterator[Html]:
    if told is None:
        return
    hits = sum(told.outcomes.values())
    rows = [
        [outcome, number(count), per_cent(count, hits)]
        for outcome, count in told.outcomes.items()
        if count
    ]
    caption = f"What became of its hits, by the rewriter {told.use} {told.version}"
    yield table(caption, ["outcome", "hits", "share"], rows)
    yield from _counts("Why hits were not rewritten", told.reasons)
    yield from _counts("Why new texts were refused", told.refused)
    if told.teachers:
        pairs = [[teacher(old), teacher(new), number(rows)] for old, new, rows in told.teachers]
        yield table(
            "Who wrote it before, and after",
            ["before", "after", "rows"],
            pairs,
            numbers=range(2, COLUMNS),
        )


def _counts(caption: str, counts: Mapping[str, int]) -> Iterator[Html]:
    if counts:
        rows = [[reason, number(count)] for reason, count in counts.items()]
        yield table(caption, ["reason", "times"], rows)


def _examples(found: Step) -> Iterator[Html]:
    if not found.examples:
        return
    kinds = {"flag": ("hits", found.hits), "drop": ("dropped records", found.dropped)}
    if found.rewriting is not None:
        kinds["rewrite"] = ("rewritten records", found.rewriting.outcomes["rewritten"])
    what, total = kinds[found.do]
    said = f"{len(found.examples)} of {number(total)} {what}"
    yield folded(said, join([records(found.examples)]), opened=True)
