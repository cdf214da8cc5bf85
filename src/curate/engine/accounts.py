"""What a finished run says of itself in `run.json`."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from curate import __version__, views
from curate.engine.tallies import ERROR_BUDGET, Books, over_budget
from curate.io.reading import Reader
from curate.ledger import FORMAT
from curate.plan import Input
from curate.registry import Resolved


def account(resolved: Resolved, books: Books) -> dict[str, Any]:
    """Return status, counts, steps and overlaps."""
    over = _over(resolved, books)
    return {
        "format": FORMAT,
        "curate": __version__,
        "status": "over_budget" if over else "complete",
        "over_budget": over,
        "counts": books.counts(),
        "steps": [
            {"name": step.name, "use": step.filter.name, "rule": str(step.rule), "do": step.step.do}
            | asdict(tally)
            for step, tally in zip(resolved.steps, books.steps, strict=True)
        ],
        "overlap": {"together": books.together(), "alone": books.alone()},
    }


def inputs(
    settings: Input, names: Sequence[str], reader: Reader, shapes: Mapping[int, str]
) -> list[dict[str, Any]]:
    """Return what is known of each input; a limit may have left it unread in part or whole."""
    told = []
    for number, name in enumerate(names):
        read = number < len(reader.files)
        facts = asdict(reader.files[number]) if read else {"name": name, "sha256": None}
        how = views.reading(settings, name).model_dump(exclude_none=True)
        told.append(facts | {"shape": shapes.get(number), "reading": how})
    return told


def _over(resolved: Resolved, books: Books) -> list[str]:
    """Return what used up its budget: `input`, and steps by name."""
    limit = resolved.plan.input.max_unreadable
    over = ["input"] if over_budget(books.unreadable + books.strangers, limit, books.read) else []
    for step, tally in zip(resolved.steps, books.steps, strict=True):
        given = step.step.max_errors
        if over_budget(tally.errors, ERROR_BUDGET if given is None else given, books.read):
            over.append(step.name)
    return over
