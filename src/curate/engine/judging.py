"""Call a filter on a batch and hold it to its contract.

One verdict per record, in order, a score in the declared range, evidence that is JSON. A batch in
which the filter raises is halved until the one record that causes it stands alone.
"""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import orjson

from curate.api import Filter, Verdict
from curate.errors import CurateError, NotARecord, OutageError, PluginError
from curate.records import Record

Answer = Verdict | bytes
"""A verdict, or (from a signer) the signature for the memory to judge."""
Ask = Callable[[Sequence[Record]], Sequence[Answer]]


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
        answers = call(records)
    except NotARecord as error:
        return _halve(step, call, records, Trouble("not_a_record", str(error), ours=True))
    except CurateError:
        raise
    except (ConnectionError, TimeoutError) as error:
        raise OutageError(f"step {step!r}: {type(error).__name__}: {error}") from error
    except Exception as error:  # whatever a plugin raises is named, with its record
        trouble = Trouble("plugin_error", f"{type(error).__name__}: {error}")
        return _halve(step, call, records, trouble)
    if not isinstance(answers, Sequence) or len(answers) != len(records):
        raise PluginError(_wrong_length(step, answers, len(records)))
    return list(answers)


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
    if answer.score is None:
        return answer
    try:
        score = float(answer.score)
    except (TypeError, ValueError):
        score = math.nan
    if not math.isfinite(score) or not filter.low <= score <= filter.high:
        raise PluginError(
            f"step {step!r}: scored {answer.score!r} for {record.place}, outside its declared "
            f"range [{filter.low:g}, {filter.high:g}]; fix the filter or its `low` and `high`"
        )
    return answer if type(answer.score) is float else answer._replace(score=score)


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
