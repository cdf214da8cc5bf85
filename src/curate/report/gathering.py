"""A run made into a report: one pass over ledger and rows, then a few records looked at closely."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from curate import ledger
from curate.errors import LedgerError
from curate.looking.few import Few
from curate.looking.lines import Line, lines
from curate.looking.rules import step_rules
from curate.looking.thresholds import bounds, kind
from curate.looking.unseen import declared_sensitive
from curate.looking.views import Views
from curate.report.counting import OTHERS, Count, StepCount
from curate.report.files import inputs, outputs, plan_text
from curate.report.hidden import Hidden
from curate.report.model import (
    Audit,
    Quarantine,
    Reason,
    Report,
    Rewriting,
    Share,
    Step,
    Written,
)
from curate.report.passages import example, named, origin

REASONS = 20
"""Reasons of a step that are listed."""
SHARES = 200
"""Pairs of source and teacher that are listed."""
PAIRS = 50
"""Pairs of old and new teachers that are listed."""
EVERY = 10_000
"""Records between two calls of `progress`."""


def gather(
    run: Path,
    audits: Sequence[Audit] = (),
    *,
    unmask: bool = False,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Report:
    """Return the report of a finished run.

    Memory does not grow with the run: it holds a few records of each step, and counts.

    Args:
        run: The run directory.
        audits: What audits of the run found.
        unmask: Show what steps marked as sensitive.
        progress: Called now and then with the records counted so far, and all there are.

    Raises:
        InputError: it is no run directory, or the run is not finished.
        LedgerError: the ledger or a row file is damaged.
    """
    facts = ledger.summary(run)
    try:
        return _gather(run, facts, audits, unmask, progress)
    except (KeyError, TypeError, ValueError) as error:
        told = f"{type(error).__name__}: {error}"
        raise LedgerError(f"{run}: not what a run writes ({told}); see `curate verify`") from error


def _gather(
    run: Path,
    facts: Mapping[str, Any],
    audits: Sequence[Audit],
    unmask: bool,
    progress: Callable[[int, int], None],
) -> Report:
    hidden = Hidden(declared_sensitive(facts), unmask=unmask)
    count = Count(facts, hidden)
    total = facts["counts"]["read"]
    for number, line in enumerate(lines(run)):
        count.add(line)
        if number % EVERY == 0:
            progress(number, total)
    views = Views(facts)
    plan, plan_left_out = plan_text(run)
    return Report(
        curate=named(facts["curate"]),
        run=named(run.resolve().name),
        status=facts["status"],
        over_budget=tuple(map(named, facts["over_budget"])),
        plan_digest=facts["identity"]["plan_digest"],
        plan=plan,
        plan_left_out=plan_left_out,
        limit=facts["identity"]["limit"],
        counts=facts["counts"],
        **inputs(facts),
        outputs=outputs(facts),
        files=_files(facts),
        steps=tuple(_steps(facts, count, views, hidden)),
        together=tuple(tuple(row) for row in facts["overlap"]["together"]),
        alone=tuple(facts["overlap"]["alone"]),
        shares=_shares(count, hidden),
        written=_written(facts, hidden),
        quarantine=_quarantine(count, hidden),
        quarantined=tuple(example(line, views, hidden) for line in _in_order(count.quarantined)),
        masked=not unmask,
        audits=tuple(audits),
    )


def _steps(facts: Mapping[str, Any], count: Count, views: Views, hidden: Hidden) -> Iterator[Step]:
    rules = step_rules(facts)
    left = facts["counts"]["read"] - facts["counts"]["unreadable"]
    for step, declared in zip(facts["steps"], facts["identity"]["plan"]["steps"], strict=True):
        left -= step["dropped"] + step["quarantined"]
        name = step["name"]
        found, edges = count.steps[name], bounds(rules[name].rule)
        reasons, others = _reasons(found, hidden)
        numbers = ("seen", "hits", "abstained", "dropped", "quarantined", "errors")
        yield Step(
            name=named(name),
            use=named(step["use"]),
            version=named(declared["version"]),
            distribution=named(
                f"{declared['distribution']} {declared['distribution_version']}".strip()
            ),
            rule=named(step["rule"]),
            kind=kind(rules[name].rule),
            bounds=edges,
            do=step["do"],
            only=_name(declared.get("only")),
            **{number: step[number] for number in numbers},
            left=left,
            reasons=reasons,
            other_reasons=others,
            scores=found.histogram.scores(edges),
            rewriting=_rewriting(step.get("rewrite"), hidden),
            examples=tuple(example(line, views, hidden, name) for line in _in_order(found.few)),
        )


def _files(facts: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    told = facts["identity"].get("files", {})
    return {
        named(step): {named(name): named(str(found)) for name, found in files.items()}
        for step, files in told.items()
    }


def _quarantine(count: Count, hidden: Hidden) -> tuple[Quarantine, ...]:
    found: Counter[tuple[str, str]] = Counter()
    for (by, reason), records in count.quarantine.items():
        found[by, hidden.name(reason)] += records
    return tuple(
        Quarantine(by=named(by), reason=named(reason), records=records)
        for (by, reason), records in _ordered(found)[:SHARES]
    )


def _reasons(found: StepCount, hidden: Hidden) -> tuple[tuple[Reason, ...], int]:
    """Return the commonest reasons, and how many records have another."""
    records: Counter[str] = Counter()
    hits: Counter[str] = Counter()
    for (told, hit), count in found.reasons.items():
        reason = hidden.name(told)
        records[reason] += count
        hits[reason] += count * hit
    ordered = [reason for reason, _ in _ordered(records) if reason != OTHERS]
    listed = tuple(
        Reason(reason=named(reason), records=records[reason], hits=hits[reason])
        for reason in ordered[:REASONS]
    )
    return listed, records.total() - sum(each.records for each in listed)


def _rewriting(told: Mapping[str, Any] | None, hidden: Hidden) -> Rewriting | None:
    if told is None:
        return None
    pairs = told["teachers"][:PAIRS]
    return Rewriting(
        use=named(told["use"]),
        version=named(told["version"]),
        otherwise=told["otherwise"],
        outcomes={outcome: told[outcome] for outcome in ledger.OUTCOMES},
        reasons=_counted(told["reasons"], hidden),
        refused=_counted(told["refused"], hidden),
        teachers=tuple(
            (origin(old, hidden), origin(new, hidden), count) for old, new, count in pairs
        ),
    )


def _shares(count: Count, hidden: Hidden) -> tuple[Share, ...]:
    found: defaultdict[tuple[str | None, str | None], list[int]] = defaultdict(lambda: [0, 0])
    for column, counts in enumerate((count.read, count.kept)):
        for key, rows in counts.items():
            source, teacher = (origin(name, hidden) for name in key)
            found[source, teacher][column] += rows
    ordered = sorted(found.items(), key=lambda each: (-sum(each[1]), str(each[0])))
    rest = [rows for _, rows in ordered[SHARES:]]
    shares = [
        Share(source=source, teacher=teacher, read=read, kept=kept)
        for (source, teacher), (read, kept) in ordered[:SHARES]
    ]
    if rest:
        read, kept = (sum(column) for column in zip(*rest, strict=True))
        shares.append(Share(source=OTHERS, teacher=OTHERS, read=read, kept=kept))
    return tuple(shares)


def _written(facts: Mapping[str, Any], hidden: Hidden) -> tuple[Written, ...]:
    return tuple(
        Written(
            teacher=origin(row["teacher"], hidden),
            characters_read=row["characters_read"],
            characters_kept=row["characters_kept"],
        )
        for row in facts.get("teachers", ())[:SHARES]
    )


def _in_order(few: Few[Line]) -> list[Line]:
    return sorted(few.items(), key=lambda line: line.entry.index)


def _ordered(counts: Counter[Any]) -> list[tuple[Any, int]]:
    """Return the counts, the largest first; equal ones by name."""
    return sorted(counts.items(), key=lambda each: (-each[1], str(each[0])))


def _name(name: str | None) -> str | None:
    return None if name is None else named(name)


def _counted(counts: Mapping[str, int], hidden: Hidden) -> dict[str, int]:
    found: Counter[str] = Counter()
    for name, count in counts.items():
        found[named(hidden.name(name))] += count
    return dict(found)
