"""Corpora as rows that students learn, and answers of another teacher beside them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from curate import corpora
from curate.api import Context, Hit, Lesson, Replacement, Rewriter, Verdict
from curate.audits.rows import Conversation, Row, conversation
from curate.errors import InputError
from curate.index.keys import keys
from curate.io.remote.urls import called
from curate.records import Record
from curate.traits import cases


@dataclass(frozen=True)
class Corpus:
    """The rows of some files, and what was left out."""

    rows: tuple[Row, ...]
    records: tuple[Record, ...]
    """The same as they were read."""
    left_out: Mapping[str, int]
    """Reason -> records that students cannot learn."""


def read(arguments: Sequence[str], *, offline: bool = False) -> Corpus:
    """Read corpora; each file's shape is found by its first rows.

    Raises:
        InputError: a file is missing or cannot be read, or has no row a student could learn.
        UsageError: a file is read over the network, and `offline` forbids that.
    """
    rows: list[Row] = []
    kept: list[Record] = []
    left_out: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for record in corpora.records(corpora.reader(arguments, offline=offline)):
        said = conversation(record)
        if isinstance(said, str):
            left_out[said] += 1
            continue
        seen[record.id] += 1
        again = seen[record.id] - 1
        name = f"{record.id}#{again}" if again else record.id
        rows.append(Row(name, said, said, teacher=record.teacher, source=record.source))
        kept.append(record)
    if not rows:
        why = ", ".join(f"{count:,} {reason}" for reason, count in left_out.items())
        raise InputError(
            f"{', '.join(map(called, arguments))}: no row a student could learn ({why or 'empty'})"
        )
    return Corpus(tuple(rows), tuple(kept), dict(left_out))


def with_answers(rows: Sequence[Row], answers: Sequence[Row]) -> tuple[Row, ...]:
    """Return the rows, with another teacher's answer where it answered the prompt too.

    A prompt is found by its words, as `curate.index` does; of several answers to it, each row
    takes the next one, and the last of them serves all that are left.

    Raises:
        InputError: no prompt is in both, or all answers are the same.
    """
    known: defaultdict[bytes, list[str]] = defaultdict(list)
    for each in answers:
        known[_prompt(each.original)].append(each.answer)
    taken: Counter[bytes] = Counter()
    made = []
    for row in rows:
        prompt = _prompt(row.original)
        several = known.get(prompt)
        at = min(taken[prompt], len(several) - 1) if several else 0
        made.append(_answered(row, several[at]) if several else row)
        taken[prompt] += 1
    if not any(row.clean for row in made):
        raise InputError(
            f"of {len(rows):,} original prompts none is among the {len(answers):,} switched ones; "
            "--switched is the same prompts, answered by another teacher"
        )
    return _not_all_the_same(made)


def with_rewriter(corpus: Corpus, rewriter: Rewriter, ctx: Context) -> tuple[Row, ...]:
    """Return the rows, with a clean teacher's answer where an index has one.

    Raises:
        InputError: the index cannot be read, answers no row, or answers all the same.
    """
    with rewriter.open(ctx) as rewrite:
        answers = rewrite([Hit(record, Verdict(1.0)) for record in corpus.records])
    made, lacking = [], Counter[str]()
    for row, record, answer in zip(corpus.rows, corpus.records, answers, strict=True):
        if isinstance(answer, Replacement):
            (text,) = (answer.turns[turn] for turn in answer.turns if turn == record.response_turn)
            made.append(_answered(row, text))
        else:
            made.append(row)
            lacking[answer.reason] += 1
    if not any(row.clean for row in made):
        why = ", ".join(f"{count:,} {reason}" for reason, count in lacking.items())
        raise InputError(f"--index has no answer to any of {len(made):,} rows ({why})")
    return _not_all_the_same(made)


def lessons(rows: Sequence[Row]) -> tuple[Lesson, ...]:
    """Return rows as lessons with keys that go by the prompt, so that teachers stay paired."""
    seen: Counter[bytes] = Counter()
    made = []
    for row in rows:
        prompt = _prompt(row.original)
        made.append(Lesson(f"other {prompt.hex()} {seen[prompt]}", row.original))
        seen[prompt] += 1
    return tuple(made)


def _prompt(said: Conversation) -> bytes:
    found = keys(cases.conversation(said))
    return b"" if found is None else found.normalised


def _answered(row: Row, text: str) -> Row:
    return replace(row, clean=(*row.original[:-1], row.original[-1]._replace(content=text)))


def _not_all_the_same(rows: list[Row]) -> tuple[Row, ...]:
    if all(row.clean in (None, row.original) for row in rows):
        raise InputError(
            "the switched answers are the original ones, word for word; name another teacher's"
        )
    return tuple(rows)
