"""`duplicates`: is this record a repeat of one before it?"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from curate.api import Context, CorpusFilter, Memory, Record, Rule, Scope, Signer, Verdict
from curate.filters.minhash import SCHEME
from curate.filters.minhash.banding import banding
from curate.filters.minhash.memory import MostSimilar
from curate.filters.minhash.signatures import Signing
from curate.filters.minhash.words import words
from curate.filters.seen import Seen
from curate.filters.spilled.seen import SeenInFile
from curate.records import Turn, normalise

IN_MEMORY = 64 << 20
"""Bytes the memory of `exact` takes at most before it moves to files."""
_EMPTY = Verdict(None, "empty")
_NEW = Verdict(0.0)
_OF_MINHASH: Mapping[str, Any] = {"threshold": 0.8, "shingle": 5, "seed": None}
"""Options of `method: minhash` and their defaults."""


class Duplicates(CorpusFilter):
    """Scores a record by how much it repeats an earlier one: 1 is the same, 0 is new.

    The first in input order stays, whatever the number of workers. A repeat's evidence names the
    line it repeats: `of`, its 0-based index in the run; that line counts whether it was kept or
    not. What has no text to compare (white space counts as none), such as the prompt of a
    pre-training row, is neither new nor a repeat: the filter abstains.

        steps:
          - use: duplicates
            with: {by: prompt, normalise: true}
            do: drop

    `method: exact` compares roles and texts, exactly; what a row holds beside its turns (ids, tool
    definitions) is not, except with `by: raw`. A million different records take 40 MB; beyond that
    the memory moves to files without a name, where they take 40 to 65 MB a million.

    `method: minhash` (extra `fast`) finds near duplicates: `with: {method: minhash, threshold:
    0.7}`. The score is the Jaccard similarity to the most similar earlier record: of all the
    different shingles (`shingle` words in a row) of the two texts, the share that both have. A text
    of fewer words is one shingle. Words stand between white space; of scripts without blanks
    between words (Chinese, Japanese, Thai …) each character is one. Roles are not compared.

    A pair at the threshold is found with a probability of 0.99 or more, a pair above it more
    surely, one below it less: below the threshold a score is only the most that was found, so
    lower `threshold`, not just the bound of `when:`. Scores are exact between texts of fewer than
    128 different shingles; of longer ones the 128 with the lowest hashes are compared (standard
    error 0.035 at 0.8). Where hundreds of earlier texts are alike, only some of them are compared
    (`curate.filters.minhash.memory`). For a threshold of 0.8 a signature takes 64 bytes, and 4 for
    each shingle compared. A million different records take 0.4 GB, and 4 bytes for each of these
    shingles; beyond that (or 1 GB) the memory moves to files, where they take up to 0.75 GB a
    million, and 4 bytes for each shingle.

    Files lie in the folder of the run, or, where that is at a URL, in the one for temporary files
    (`TMPDIR`). The system keeps of them in RAM what it has room for; where it has too little, a
    record of minhash waits for up to 16 reads.
    """

    name: ClassVar[str] = "duplicates"
    rule: ClassVar[Rule] = Rule(at_least=1.0)

    method: Literal["exact", "minhash"] = Field(
        "exact", description="exact: the same text; minhash: nearly the same text"
    )
    by: Literal["conversation", "prompt", "response", "raw"] = Field(
        "conversation",
        description="what is compared: all turns, those before the last assistant turn, "
        "that turn alone, or the bytes of the line",
    )
    normalise: bool = Field(
        False, description="compare without regard to case, white space and Unicode form"
    )
    threshold: float | None = Field(
        None, ge=0.1, lt=1, description="minhash: the least similarity of a repeat; default 0.8"
    )
    shingle: int | None = Field(
        None, ge=1, le=100, description="minhash: how many words make a shingle; default 5"
    )
    seed: int | None = Field(
        None, description="minhash: of the permutations; default: the plan's seed"
    )

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, options: Any) -> Any:
        """Fill in what `minhash` goes by, so that a run's plan says it."""
        if not isinstance(options, Mapping) or options.get("method") != "minhash":
            return options
        left_out = {k: value for k, value in _OF_MINHASH.items() if options.get(k) is None}
        return {**options, **left_out}

    @model_validator(mode="after")
    def _fits_the_method(self) -> Self:
        if self.method == "exact":
            for name in _OF_MINHASH:
                if getattr(self, name) is not None:
                    raise ValueError(f"{name} belongs to method: minhash; add that or take it away")
        if self.by == "raw" and self.normalise:
            raise ValueError("normalise: true works on texts, not on by: raw; take one away")
        if self.by == "raw" and self.method == "minhash":
            raise ValueError(
                "minhash compares texts, not by: raw; take conversation, prompt or response"
            )
        return self

    def default_rule(self) -> Rule:
        """Return the rule: a hit is the same text, or one as similar as `threshold`."""
        return self.rule if self.threshold is None else Rule(at_least=self.threshold)

    def fingerprint(self) -> Mapping[str, str]:
        """Return the scheme of the signatures, where the method has one."""
        return {"minhash": SCHEME} if self.method == "minhash" else {}

    def signer(self, ctx: Context) -> AbstractContextManager[Signer]:
        """Yield the signer: bytes for a record, or an abstention where there is no text.

        Raises:
            UsageError: `minhash` needs numpy, and it is not installed.
        """
        by, form = self.by, normalise if self.normalise else str  # str gives a text itself
        if by == "raw":
            return nullcontext(lambda records: [bytes.fromhex(record.digest) for record in records])
        if self.threshold is not None and self.shingle is not None:
            ctx = ctx if self.seed is None else replace(ctx, seed=self.seed)
            signing = Signing(self.shingle, banding(self.threshold), ctx.rng("minhash"))
            return nullcontext(lambda records: _sign_sets(records, by, form, signing))
        if by == "conversation":
            return nullcontext(lambda records: [_sign(record.turns, form) for record in records])
        return nullcontext(lambda records: [_sign(_turns(record, by), form) for record in records])

    def group(self, signature: bytes) -> bytes | None:
        """Return the signature itself: only equal ones repeat each other; `minhash` has no groups.

        Near duplicates have no part of a signature in common for sure.
        """
        return signature if self.threshold is None else None

    def memory(self, ctx: Context) -> Memory:
        """Return an empty memory."""
        if self.threshold is None:
            return FirstWins(ctx.scratch)
        return MostSimilar(banding(self.threshold).bands, ctx.scratch)


class FirstWins:
    """The memory of `duplicates`: the first record with a signature is new, the rest repeat it.

    Args:
        folder: Where it goes when it grows large; None: the system's folder for temporary files.
        in_memory: Bytes it may take before that.
    """

    def __init__(self, folder: Path | None = None, in_memory: int = IN_MEMORY) -> None:
        self._folder, self._files = folder, ExitStack()
        self._seen: Seen | SeenInFile = Seen(in_memory // Seen.ENTRY)

    def admit(self, signature: bytes, index: int) -> Verdict:
        """Judge the record at `index` by the signatures admitted before, then remember it.

        Raises:
            OutageError: the folder has no room for more.
        """
        first = self._seen.admit(signature, index)
        if first is not None:
            return Verdict(1.0, "duplicate", {"of": first})
        if self._seen.full:
            self._move()
        return _NEW

    def _move(self) -> None:
        assert isinstance(self._seen, Seen)  # noqa: S101  (what is in files is never full)
        moved = self._files.enter_context(closing(SeenInFile(self._folder)))
        for earlier, index in self._seen:
            moved.admit(earlier, index)
        self._seen = moved

    def close(self) -> None:
        """Give the files back, if there are any."""
        self._files.close()


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


def _sign_sets(
    records: Sequence[Record], scope: Scope, form: Callable[[str], str], signing: Signing
) -> list[bytes | Verdict]:
    texts = (words(form(record.text(scope))) for record in records)
    return [_EMPTY if signed is None else signed for signed in signing.sign(texts)]
