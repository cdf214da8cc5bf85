"""Call a filter or a rewriter on a batch and hold it to its contract.

One verdict per record, in order, a score in the declared range, evidence that is JSON. A batch in
which the filter raises is halved until the one record that causes it stands alone.
"""

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import orjson

from curate.api import Filter, GaveUp, Hit, Replacement, Rewrite, Verdict
from curate.errors import NotARecord, OutageError, PluginError, UsageError
from curate.records import Record

DETAIL = 500
"""Characters kept of what a plugin says when it fails: it may quote the record."""

Answer = Verdict | bytes
"""A verdict, or (from a signer) the signature for the memory to judge."""
Ask = Callable[[Sequence[Record]], Sequence[Answer]]
Proposal = Replacement | GaveUp


class Placed(Protocol):
    """Something that knows its `file:line`."""

    @property
    def place(self) -> str:
        """Return `file:line`."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why one record got no verdict. `ours` says that the row is to blame, not the filter."""

    reason: str
    detail: str
    ours: bool = False


def ask(step: str, call: Ask, records: Sequence[Record]) -> list[Answer | Trouble]:
    """Return an answer or the trouble for every record, in order.

    Raises:
        CurateError: an outage, or a contract broken by the batch as a whole.
    """
    if not records:
        return []
    try:
        with _outages(step):
            answers = call(records)
    except NotARecord as error:
        return _without_strangers(step, call, records, error)
    except (OutageError, PluginError, UsageError):
        raise
    except (Exception, SystemExit, KeyboardInterrupt) as error:  # named, with its record
        detail = f"{type(error).__name__}: {error}"
        trouble = Trouble("plugin_error", detail[:DETAIL])
        return _halve(step, call, records, trouble)
    if not isinstance(answers, Sequence) or len(answers) != len(records):
        raise PluginError(_wrong_length(step, answers, len(records)))
    return list(answers)


@contextmanager
def _outages(step: str) -> Iterator[None]:
    """Name the step whose service does not answer."""
    try:
        yield
    except OutageError as error:
        raise OutageError(f"step {step!r}: {error}") from error
    except (ConnectionError, TimeoutError) as error:
        raise OutageError(f"step {step!r}: {type(error).__name__}: {error}") from error


def _without_strangers(
    step: str, call: Ask, records: Sequence[Record], error: NotARecord
) -> list[Answer | Trouble]:
    """Ask again about the records that have turns; the others are no records."""
    answers: list[Answer | Trouble | None] = []
    for record in records:
        try:
            answers.append(None if record.turns else _stranger(error))
        except NotARecord as own:
            answers.append(_stranger(own))
    good = [record for record, answer in zip(records, answers, strict=True) if answer is None]
    if len(good) == len(records):  # the filter means something else by it
        return _halve(step, call, records, _stranger(error))
    replies = iter(ask(step, call, good))
    return [next(replies) if answer is None else answer for answer in answers]


def _stranger(error: NotARecord) -> Trouble:
    return Trouble("not_a_record", str(error)[:DETAIL], ours=True)


def _halve(
    step: str, call: Ask, records: Sequence[Record], trouble: Trouble
) -> list[Answer | Trouble]:
    if len(records) == 1:
        return [trouble]
    middle = len(records) // 2
    return [*ask(step, call, records[:middle]), *ask(step, call, records[middle:])]


def _wrong_length(step: str, answers: Any, wanted: int) -> str:
    got = f"{len(answers)} verdicts" if isinstance(answers, Sequence) else type(answers).__name__
    return (
        f"step {step!r}: the filter returned {got} for {wanted} records; "
        "it must return one verdict per record, in order"
    )


def propose(step: str, call: Rewrite, hits: Sequence[Hit]) -> list[Proposal | Trouble]:
    """Return a proposal or the trouble for every hit, in order.

    Raises:
        CurateError: an outage, or a contract broken by the rewriter.
    """
    if not hits:
        return []
    try:
        with _outages(step):
            proposals = call(hits)
    except (OutageError, PluginError, UsageError):
        raise
    except (Exception, SystemExit, KeyboardInterrupt) as error:  # named, with its record
        if len(hits) == 1:
            return [Trouble("plugin_error", f"{type(error).__name__}: {error}"[:DETAIL])]
        middle = len(hits) // 2
        return [*propose(step, call, hits[:middle]), *propose(step, call, hits[middle:])]
    if not isinstance(proposals, Sequence) or len(proposals) != len(hits):
        got = len(proposals) if isinstance(proposals, Sequence) else type(proposals).__name__
        raise PluginError(
            f"step {step!r}: the rewriter returned {got} answers for {len(hits)} hits; it must "
            "return one Replacement or GaveUp per hit, in order"
        )
    for hit, proposal in zip(hits, proposals, strict=True):
        if wrong := _broken(proposal, hit.record):
            raise PluginError(
                f"step {step!r}: the rewriter's answer for {hit.record.place} {wrong}"
            )
    return list(proposals)


def _broken(proposal: Any, record: Record) -> str:
    """Say what is wrong with a proposal, or nothing."""
    if not isinstance(proposal, Replacement | GaveUp):
        return f"is {type(proposal).__name__}; it must be curate.api.Replacement or GaveUp"
    if not isinstance(proposal.evidence, Mapping):
        return "needs a mapping as evidence"
    if isinstance(proposal, GaveUp):
        return "" if proposal.reason and isinstance(proposal.reason, str) else "needs a reason"
    teacher = proposal.teacher
    if teacher is not None and not (isinstance(teacher, str) and teacher.strip()):
        return f"names {teacher!r} as the teacher; it must be a name, or None"
    if proposal.finish not in ("stop", "length"):
        return f"says finish={proposal.finish!r}; it must be 'stop' or 'length'"
    return _broken_turns(proposal.turns, len(record.turns))


def _broken_turns(turns: Any, count: int) -> str:
    if not isinstance(turns, Mapping) or not turns:
        return "needs a new text for at least one turn"
    strangers = [n for n in turns if not isinstance(n, int) or not 0 <= n < count]
    if strangers:
        return f"names turn {strangers[0]!r}; the record has {count} turns, from 0"
    wrong = [text for text in turns.values() if not isinstance(text, str)]
    return f"gives {type(wrong[0]).__name__} as a text" if wrong else ""


def check(step: str, filter: Filter, answer: Any, record: Placed) -> Verdict:
    """Return the verdict with a plain float score, or say which promise it breaks.

    Raises:
        PluginError: not a verdict, or a score that is not finite or out of the declared range.
    """
    if not isinstance(answer, Verdict):
        raise PluginError(
            f"step {step!r}: returned {type(answer).__name__} for {record.place}; "
            "a filter returns curate.api.Verdict"
        )
    if not isinstance(answer.reason, str) or not isinstance(answer.evidence, Mapping):
        raise PluginError(
            f"step {step!r}: the verdict for {record.place} needs a text as reason and a mapping "
            f"as evidence, not {answer.reason!r:.40} and {type(answer.evidence).__name__}"
        )
    if answer.score is None:
        return answer
    try:
        score = math.nan if isinstance(answer.score, str) else float(answer.score)
    except (TypeError, ValueError):
        score = math.nan
    if not math.isfinite(score) or not filter.low <= score <= filter.high:
        raise PluginError(
            f"step {step!r}: scored {answer.score!r} for {record.place}, outside its declared "
            f"range [{filter.low:g}, {filter.high:g}]; fix the filter or its `low` and `high`"
        )
    return answer if type(answer.score) is float else answer._replace(score=score)


def told(step: str, verdict: Verdict, *, hit: bool) -> dict[str, Any]:
    """Return what the ledger tells of a verdict."""
    facts: dict[str, Any] = {"step": step, "score": verdict.score, "hit": hit}
    if verdict.reason:
        facts["reason"] = verdict.reason
    if verdict.evidence:
        facts["evidence"] = dict(verdict.evidence)
    return facts


def failure(step: str, place: str, detail: str) -> str:
    """Say that a step broke on a record, and what the user can do."""
    return (
        f"step {step!r} failed on {place}: {detail}. Nothing is lost: fix it and start the same "
        "command again, or give the step `on_error: quarantine`"
    )


def dump(step: str, value: Mapping[str, Any]) -> bytes:
    """Return `value` as one line of JSON.

    Raises:
        PluginError: it holds something that is not JSON.
    """
    try:
        return orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY, default=_plain)
    except TypeError:
        pass
    try:  # lone surrogates, which orjson refuses
        return json.dumps(value, default=_plain, allow_nan=False).encode("ascii")
    except (TypeError, ValueError) as error:
        raise PluginError(f"step {step!r}: evidence that is not JSON: {error}") from None


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is not JSON")
