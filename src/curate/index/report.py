"""What an index holds and what it covers, as text and as rows of tables."""

from collections.abc import Iterator, Mapping, Sequence

from curate.index.coverage import Coverage, Covered, by_rows
from curate.index.stored import Facts

_UNNAMED = "(none named)"


def built(name: str, facts: Facts, size: int) -> Iterator[str]:
    """Yield what was read and what became of it, line by line.

    Args:
        name: The file.
        facts: What it says about itself.
        size: Bytes of the file.
    """
    yield from held(name, facts, size)
    left_out = sum(facts.left_out.values())
    yield f"{facts.read:,} rows read = {facts.rows:,} indexed + {left_out:,} left out"
    for reason, rows in facts.left_out.items():
        yield f"  {reason}: {rows:,}"


def held(name: str, facts: Facts, size: int) -> Iterator[str]:
    """Yield what an index holds, in two lines or three."""
    yield (
        f"{name}: {facts.rows:,} rollouts of {facts.prompts:,} prompts, teachers: "
        f"{len(facts.teachers):,}; {size / 1e6:,.1f} MB, {size / facts.rows:,.0f} bytes a rollout"
    )
    yield f"content {facts.content}"
    if facts.cut_off:
        yield f"{facts.cut_off:,} rollouts were cut off and will not be taken"


def names(facts: Facts) -> list[list[str]]:
    """Return a table of who wrote the rollouts and where they come from."""
    rows = [["", "name", "rollouts"]]
    for what, counts in (
        ("teacher", facts.teachers.items()),
        ("source", facts.sources),
        ("file", facts.files.items()),
    ):
        for name, count in sorted(counts, key=lambda item: (-item[1], item[0] or "")):
            rows.append([what, name or _UNNAMED, f"{count:,}"])
    return rows


def covered(found: Mapping[str, Coverage], what: str, *, details: bool) -> list[list[str]]:
    """Return a table of what is covered.

    Args:
        found: Coverage by the name of a step or corpus.
        what: What these names are.
        details: Also by teacher and source.
    """
    table = [["", "name", "rows", "exact", "normalised", "none", "same teacher", "can be switched"]]
    for name, each in found.items():
        table.append(_row(what, name, each.total))
        if details:
            table += [_row("  teacher", one, counts) for one, counts in by_rows(each.teachers)]
            table += [_row("  source", one, counts) for one, counts in by_rows(each.sources)]
    return table


def unusable(found: Mapping[str, Coverage]) -> Iterator[str]:
    """Yield how many rows could not be looked up, and why."""
    for name, each in found.items():
        for reason, rows in each.unusable.most_common():
            yield f"{name}: {rows:,} rows are in none of these counts: {reason}"


def _row(what: str, name: str | None, counts: Covered) -> list[str]:
    numbers: Sequence[int] = (
        counts.rows, counts.exact, counts.normalised, counts.none, counts.same_teacher
    )  # fmt: skip
    share = counts.share
    told = "-" if share is None else f"{share:.1%}"
    return [what, name or _UNNAMED, *(f"{number:,}" for number in numbers), told]
