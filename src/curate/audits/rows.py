"""The rows of a run as students learn them: as they were, as the run left them, and clean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from curate import ledger
from curate.api import Context, GaveUp, Hit, Message, Replacement, Rewrite, Rewriter, Verdict
from curate.errors import NotARecord, UsageError, suggest
from curate.ledger import Entry
from curate.ledger.places import check_offline
from curate.looking.lines import lines
from curate.looking.views import Views
from curate.records import Record, Turn, Unreadable, View

Conversation = tuple[Message, ...]
ROLES = ("system", "user", "assistant")
_BATCH = 2000
"""Rows a rewriter is asked for at once."""


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a run."""

    key: str
    """Its id, by which arms stay paired."""
    original: Conversation
    """As it was read."""
    now: Conversation | None
    """As the run kept it; None where it did not."""
    hits: frozenset[str] = frozenset()
    """The steps that hit it."""
    scores: Mapping[str, float] = field(default_factory=dict)
    """Step -> what it scored."""
    teacher: str | None = None
    source: str | None = None
    clean: Conversation | None = None
    """With a clean teacher's answer, where there is one."""

    @property
    def prompt(self) -> Conversation:
        """What stands before the last answer."""
        return self.original[:-1]

    @property
    def answer(self) -> str:
        """The last answer, as it was read."""
        return self.original[-1].content

    @property
    def length(self) -> int:
        """Characters that the assistant says, as it was read."""
        return sum(len(said.content) for said in self.original if said.role == "assistant")

    @property
    def switched(self) -> Conversation | None:
        """With another teacher's answer: the run's own where it rewrote the row, else clean."""
        rewritten = self.now is not None and self.now != self.original
        return self.now if rewritten else self.clean


@dataclass(frozen=True)
class Material:
    """What an audit of a run works with."""

    rows: tuple[Row, ...]
    steps: tuple[str, ...]
    """The steps whose hits the audit is about."""
    left_out: Mapping[str, int]
    """Reason -> records that students cannot learn."""
    lacking: Mapping[str, int] = field(default_factory=dict)
    """Reason -> rows without a clean answer."""

    @property
    def hits(self) -> frozenset[str]:
        """The keys of the rows that are hits."""
        wanted = set(self.steps)
        return frozenset(row.key for row in self.rows if row.hits & wanted)


def of_run(
    run: Path, ctx: Context, steps: Sequence[str] = (), clean: Rewriter | None = None
) -> Material:
    """Read a finished run.

    Args:
        run: The run directory.
        ctx: What the rewriter is opened with.
        steps: Whose hits the audit is about; by default every step that drops or rewrites.
        clean: Gives a clean teacher's answers; None: there are none.

    Raises:
        InputError: it is no run directory, the run is not finished, or what `clean` reads cannot
            be read.
        LedgerError: a file of the run is missing or damaged.
        OutageError: `clean` does not answer.
        UsageError: the run has no such step, no step that acts, none of its records is a
            hit, or it is on a store and the network must not be used.
    """
    check_offline(run, offline=ctx.offline)
    facts = ledger.summary(run)
    does = {each["name"]: each["do"] for each in facts["identity"]["plan"]["steps"]}
    for step in steps:
        if step not in does:
            raise UsageError(f"{run}: the run has no step {step!r}{suggest(step, does)}")
    acting = tuple(steps) or tuple(name for name, do in does.items() if do != "flag")
    if not acting:
        flagging = f": --step {next(iter(does))}" if does else ""
        raise UsageError(f"{run}: no step drops or rewrites; name the step to audit{flagging}")
    left_out: Counter[str] = Counter()
    lacking: Counter[str] = Counter()
    records = _records(run, Views(facts), left_out)
    as_run = replace(ctx, reading=facts["identity"]["plan"]["input"])
    with nullcontext() if clean is None else clean.open(as_run) as rewrite:
        rows = tuple(_told_apart(_rows(records, rewrite, lacking)))
    found = Material(rows, acting, dict(left_out), dict(lacking))
    if not found.hits:
        raise UsageError(
            f"{run}: {' and '.join(map(repr, acting))} hit none of the {len(rows):,} records a "
            "student could learn from; there is nothing to compare"
        )
    return found


def conversation(record: Record) -> Conversation | str:
    """Return a record up to its last answer, or why a student cannot learn it."""
    try:
        turns, last = record.turns, record.response_turn
    except Unreadable as error:
        return error.reason
    except NotARecord:
        return "not_a_record"
    if last is None or not turns[last].text.strip():
        return "no_response"
    said = [turn for turn in turns[: last + 1] if turn.role != "rejected"]
    if any(turn.role not in ROLES for turn in said):
        return "uses_tools"
    return tuple(_message(turn) for turn in said)


def _records(
    run: Path, views: Views, left_out: Counter[str]
) -> Iterator[tuple[Entry, Record, Conversation, Conversation | None]]:
    """Yield what can be learned: the entry, the record as it was read, its texts then and now."""
    for line in lines(run):
        view = views.of(line)
        record = _record(line.entry, line.before or line.row, view)
        before = conversation(record)
        if isinstance(before, str):
            left_out[before] += 1
            continue
        now: Conversation | str | None = before if line.entry.fate == "kept" else None
        if line.before and now is not None:
            now = conversation(_record(line.entry, line.row, view))
        yield line.entry, record, before, None if isinstance(now, str) else now


def _rows(
    records: Iterator[tuple[Entry, Record, Conversation, Conversation | None]],
    rewrite: Rewrite | None,
    lacking: Counter[str],
) -> Iterator[Row]:
    while some := list(islice(records, _BATCH)):
        answers: Sequence[Replacement | GaveUp | None] = [None] * len(some)
        if rewrite is not None:
            answers = rewrite([Hit(record, Verdict(1.0)) for _, record, _, _ in some])
        for (entry, record, before, now), answer in zip(some, answers, strict=True):
            if isinstance(answer, GaveUp):
                lacking[answer.reason] += 1
            yield Row(
                key=entry.id,
                original=before,
                now=now,
                hits=frozenset(look.step for look in entry.trail if look.hit),
                scores={look.step: look.score for look in entry.trail if look.score is not None},
                teacher=record.teacher,
                source=record.source,
                clean=_replaced(before, record, answer)
                if isinstance(answer, Replacement)
                else None,
            )


def _replaced(before: Conversation, record: Record, answer: Replacement) -> Conversation:
    """Return the conversation with the last answer replaced."""
    (text,) = (answer.turns[turn] for turn in answer.turns if turn == record.response_turn)
    return (*before[:-1], before[-1]._replace(content=text))


def _record(entry: Entry, row: bytes, view: View) -> Record:
    raw = row.removesuffix(b"\n").removesuffix(b"\r")
    return Record(raw, entry.line, entry.file, view)


def _message(turn: Turn) -> Message:
    return Message(turn.role, turn.text)


def _told_apart(rows: Iterator[Row]) -> Iterator[Row]:
    """Yield the rows with keys of their own: ids need not be."""
    times: Counter[str] = Counter()
    taken: set[str] = set()
    for row in rows:
        key = row.key
        while key in taken:  # `a#1` may be the id of another row
            times[row.key] += 1
            key = f"{row.key}#{times[row.key]}"
        taken.add(key)
        yield row if key == row.key else replace(row, key=key)
