"""What a finished run says of itself in `run.json`."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from curate import __version__, views
from curate.engine.parts import Switched, Tally
from curate.engine.tallies import ERROR_BUDGET, NOTHING, Books, over_budget
from curate.io.reading import Reader
from curate.ledger import FORMAT, OUTCOMES
from curate.plan import Input
from curate.registry import ReadyStep, Resolved


def account(resolved: Resolved, books: Books) -> dict[str, Any]:
    """Return status, counts, steps and overlaps."""
    over = _over(resolved, books)
    told: dict[str, Any] = {
        "format": FORMAT,
        "curate": __version__,
        "status": "over_budget" if over else "complete",
        "over_budget": over,
        "counts": books.counts(),
        "steps": [
            _step(step, tally, books.switched.get(number))
            for number, (step, tally) in enumerate(zip(resolved.steps, books.steps, strict=True))
        ],
        "overlap": {"together": books.together(), "alone": books.alone()},
    }
    if any(step.rewriting for step in resolved.steps):
        told["teachers"] = _teachers(books)
    return told


def inputs(
    settings: Input, reader: Reader, shapes: Mapping[int, str], books: Books
) -> list[dict[str, Any]]:
    """Return what is known of each input; a limit may have left it unread in part or whole."""
    told = []
    for number, source in enumerate(reader.sources):
        read = number < len(reader.files)
        facts: dict[str, Any]
        facts = asdict(reader.files[number]) if read else {"name": source.name, "sha256": None}
        how = views.reading(settings, source.name).model_dump(exclude_none=True)
        facts |= {"format": source.format, "shape": shapes.get(number), "reading": how}
        if books.files is not None:
            counted = books.files[number] if number < len(books.files) else NOTHING
            facts |= counted._asdict()
        if number in reader.tables:
            facts["table"] = reader.tables[number]
        told.append(facts)
    return told


def _step(step: ReadyStep, tally: Tally, switched: Switched | None) -> dict[str, Any]:
    rewriting = step.rewriting
    told: dict[str, Any] = {"name": step.name, "use": step.filter.name, "rule": str(step.rule)}
    if step.filter.hides():
        told["sensitive"] = True
    if rewriting is None:
        return told | {"do": step.step.do} | asdict(tally)
    found = switched or Switched()
    return (
        told
        | {"do": "rewrite"}
        | asdict(tally)
        | {
            "rewrite": {
                "use": rewriting.rewriter.name,
                "version": rewriting.rewriter.version,
                "otherwise": rewriting.plan.otherwise,
                "seen": found.seen,
                "unnamed": found.unnamed,
                **{outcome: found.outcomes[outcome] for outcome in OUTCOMES},
                "reasons": dict(found.reasons.most_common()),
                "refused": dict(found.refused.most_common()),
                "teachers": [[*pair, count] for pair, count in found.teachers.most_common()],
            }
        }
    )


def _teachers(books: Books) -> list[dict[str, Any]]:
    """Return who wrote how much of what was read and of what was kept, most first."""
    columns = ("rows_read", "characters_read", "rows_kept", "characters_kept")
    told = [
        {"teacher": teacher, **dict(zip(columns, shares, strict=True))}
        for teacher, shares in books.teachers.items()
    ]
    return sorted(told, key=lambda row: (-row["characters_read"], str(row["teacher"])))


def _over(resolved: Resolved, books: Books) -> list[str]:
    """Return what used up its budget: `input`, and steps by name."""
    limit = resolved.plan.input.max_unreadable
    over = ["input"] if over_budget(books.unreadable + books.strangers, limit, books.read) else []
    for step, tally in zip(resolved.steps, books.steps, strict=True):
        given = step.step.max_errors
        if over_budget(tally.errors, ERROR_BUDGET if given is None else given, books.read):
            over.append(step.name)
    return over
