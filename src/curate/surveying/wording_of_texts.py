"""Conversations, lengths, repeats and languages of a survey, in words and tables."""

from collections.abc import Iterator, Sequence

from curate.surveying.conversations import Conversations
from curate.surveying.languages import Written
from curate.surveying.lengths import Length, Lengths
from curate.surveying.repeats import Repeated
from curate.surveying.spread import Spread
from curate.surveying.tables import Part, Table, counted, numbers, share, some

_QUANTILES = ("min", "5 %", "median", "95 %", "99 %", "max")
_BAR = 30
"""Characters of the longest bar."""


def conversations(found: Conversations, records: int) -> Part:
    """Return who speaks after whom, and how often that is not well formed."""
    return (
        "conversations",
        [],
        counted(found.sequences, "turns", records),
        list(_about_conversations(found)),
    )


def _about_conversations(found: Conversations) -> Iterator[str]:
    if found.turns:
        cells = zip(_QUANTILES, _cells(found.turns), strict=True)
        yield f"turns in a row: {', '.join(f'{name} {cell}' for name, cell in cells)}"
    if found.system_prompts:
        yield f"{some(found.system_prompts, 'row')} with a system prompt"
    if found.tool_calls:
        yield f"{some(found.tool_calls, 'row')} with tool calls"
    if found.broken:
        yield "rows that break a rule of the filter `roles`:"
        yield from (f"  {rule} {rows:,}" for rule, rows in found.broken.items())


def lengths(found: Lengths) -> Iterator[Part]:
    """Yield how long prompts and responses are, in numbers and as a picture."""
    rows: list[tuple[str, ...]] = [("", "rows", *_QUANTILES)]
    for name, part in (("prompt", found.prompt), ("response", found.response)):
        for unit, spread in (("characters", part.characters), ("words", part.words)):
            if spread:
                rows.append((f"{name}, {unit}", f"{spread.rows:,}", *_cells(spread)))
    yield "lengths", [], numbers(rows), list(_about_lengths(found))
    for name, part in (("prompts", found.prompt), ("responses", found.response)):
        if part.bins:
            yield f"characters of {name}", [], _histogram(part), []


def _about_lengths(found: Lengths) -> Iterator[str]:
    said = sum(each.rows for each in found.finish.names) + found.finish.others
    if said:
        yield f"{some(said, 'row')} with a finish reason; {found.cut_off:,} hit a limit of length"
    yield "longest rows:"
    yield from (f"  {each.place} ({some(each.characters, 'character')})" for each in found.longest)


def _cells(spread: Spread) -> tuple[str, ...]:
    quantiles = (spread.min, spread.p5, spread.median, spread.p95, spread.p99, spread.max)
    return tuple(f"{number:,}" for number in quantiles)


def _histogram(part: Length) -> Table:
    """Return a bar for every bin, the longest as long as `_BAR`; what is there at all has one."""
    most = max(each.rows for each in part.bins)
    ends = [f"{each.low:,} to {each.high:,}" if each.high else "0" for each in part.bins]
    width = max(map(len, ends))
    rows = [("characters", "rows", "")]
    for end, each in zip(ends, part.bins, strict=True):
        bar = "#" * -(-_BAR * each.rows // most)
        rows.append((end.rjust(width), f"{each.rows:,}", bar.ljust(_BAR)))
    return numbers(rows)


def repeats(found: Sequence[Repeated]) -> Part:
    """Return how many rows say again what an earlier one says."""
    rows: list[tuple[str, ...]] = [("part", "rows", "repeats", "share", "normalised", "share")]
    exact = {each.part: each for each in found if not each.normalised}
    normal = {each.part: each for each in found if each.normalised}
    for part, each in exact.items():
        other = normal[part]
        cells = [f"{each.rows:,}", f"{each.repeats:,}", share(each.repeats, each.rows)]
        cells += [f"{other.repeats:,}", share(other.repeats, other.rows)]
        rows.append((part, *cells))
    prompt = normal["prompt"]
    answers = prompt.new_answer or 0
    after = [
        "a repeat has the same text as an earlier row; normalised: but for case, white space and "
        "Unicode form",
        f"of {some(prompt.repeats, 'repeated prompt')} (normalised), {answers:,} have another "
        f"answer and {prompt.repeats - answers:,} the same",
    ]
    return "repeats", [], numbers(rows), after


def written(found: Written) -> Part:
    """Return what a sample is written in."""
    before = [f"of {some(found.sample, 'record')}, drawn by their hashes"]
    after = [f"{some(found.unsure, 'record')} without a clear answer"] if found.unsure else []
    if found.note:
        after.append(found.note)
    table = counted(found.counts, found.kind, found.sample) if found.counts.names else []
    return f"{found.kind}s of the answers", before, table, after
