"""`duplicates`: is this record a repeat of one before it?"""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from curate.api import Context, CorpusFilter, Record, Rule, Scope, Signer, Verdict
from curate.filters.seen import Seen
from curate.records import Turn, normalise

_EMPTY = Verdict(None, "empty")
_NEW = Verdict(0.0)


class Duplicates(CorpusFilter):
    """Scores 1 a record that repeats an earlier one, 0 one that is new.

    The first in input order stays, whatever the number of workers. A repeat's evidence names the
    line it repeats: `of`, its 0-based index in the run. What has no text to compare (white space
    counts as none), such as the prompt of a pre-training row, is neither new nor a repeat: the
    filter abstains.

        steps:
          - use: duplicates
            with: {by: prompt, normalise: true}
            do: drop

    Roles and texts are compared, exactly; what a row holds beside its turns (ids, tool
    definitions) is not, except with `by: raw`. Memory grows by about 40 MB per million different
    records.
    """

    name: ClassVar[str] = "duplicates"
    rule: ClassVar[Rule] = Rule(at_least=1.0)

    method: Literal["exact"] = Field("exact", description="exact: the same text")
    by: Literal["conversation", "prompt", "response", "raw"] = Field(
        "conversation",
        description="what is compared: all turns, those before the last assistant turn, "
        "that turn alone, or the bytes of the line",
    )
    normalise: bool = Field(
        False, description="compare without regard to case, white space and Unicode form"
    )

    @model_validator(mode="after")
    def _bytes_have_no_normal_form(self) -> Self:
        if self.by == "raw" and self.normalise:
            raise ValueError("normalise: true works on texts, not on by: raw; take one away")
        return self

    def signer(self, ctx: Context) -> AbstractContextManager[Signer]:  # noqa: ARG002
        """Yield the signer: 16 bytes a record, or an abstention where there is no text."""
        by, form = self.by, normalise if self.normalise else str  # str gives a text itself
        if by == "raw":
            return nullcontext(lambda records: [bytes.fromhex(record.digest) for record in records])
        if by == "conversation":
            return nullcontext(lambda records: [_sign(record.turns, form) for record in records])
        return nullcontext(lambda records: [_sign(_turns(record, by), form) for record in records])

    def memory(self, ctx: Context) -> "FirstWins":  # noqa: ARG002
        """Return an empty memory."""
        return FirstWins()


class FirstWins:
    """The memory of `duplicates`: the first record with a signature is new, the rest repeat it."""

    def __init__(self) -> None:
        self._seen = Seen()

    def admit(self, signature: bytes, index: int) -> Verdict:
        """Judge the record at `index` by the signatures admitted before, then remember it."""
        first = self._seen.admit(signature, index)
        return _NEW if first is None else Verdict(1.0, "duplicate", {"of": first})


def _turns(record: Record, scope: Scope) -> list[Turn]:
    return [record.turns[position] for position, _ in record.texts(scope)]


def _sign(turns: Sequence[Turn], form: Callable[[str], str]) -> bytes | Verdict:
    parts, empty = [], True
    for turn in turns:
        text = form(turn.text)
        empty = empty and (not text or text.isspace())
        # With the lengths in front no two lists of turns can give the same join.
        parts.append(f"{len(turn.role)} {len(text)} {turn.role}{text}")
    if empty:
        return _EMPTY
    return hashlib.sha256("".join(parts).encode("utf-8", "surrogatepass")).digest()[:16]
