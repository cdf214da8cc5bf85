"""`replay`: another teacher's answer to the same prompt, taken from an index of rollouts."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from curate.api import Context, GaveUp, Hit, Replacement, Rewrite, Rewriter
from curate.errors import NotARecord, UsageError, suggest
from curate.index.keys import Keys, keys
from curate.index.lookup import Index
from curate.index.opening import identity, opened
from curate.index.rollout import Rollout
from curate.records import Record, Unreadable
from curate.rewriters.families import related


class Replay(Rewriter):
    """Puts in place of the last answer what another teacher answered to the same conversation.

        do:
          rewrite: {use: replay, with: {index: clean.index, prefer: [gpt-4-0314]}}

    The prompt is found by its words: as they are, else normalised (case, blanks, Unicode forms).
    Of several answers, those to the very same words come first, then those of preferred teachers,
    and among equals a draw decides, which depends on the seed and the prompt alone. Each further
    attempt takes the next one. Answers of the teacher that is replaced are never taken, nor those
    that were cut off or say the same; why there is none is in the ledger: `no_match`,
    `only_same_teacher`, `only_same_family`, `none_preferred`, `only_cut_off`, `only_identical`,
    `no_more_candidates`, and for rows that cannot have one `not_a_record` and `no_response`.
    """

    name: ClassVar[str] = "replay"

    index: Path = Field(
        description="a file that `curate index build` wrote, or a corpus to make one of"
    )
    prefer: list[str] = Field(
        default_factory=list, description="teachers whose answers are taken first, in this order"
    )
    only_preferred: bool = Field(False, description="take nobody else's answers")
    match: Literal["exact", "normalised"] = Field(
        "normalised", description="how much of a prompt must be the same"
    )
    same_family: bool = Field(
        False,
        description="take answers of other teachers of the replaced one's family too; they may "
        "carry the same traits",
    )
    families: dict[str, str] = Field(
        default_factory=dict, description="teacher -> family, where the name does not tell it"
    )

    @model_validator(mode="after")
    def _preferred_are_given(self) -> Self:
        if self.only_preferred and not self.prefer:
            raise ValueError("only_preferred needs prefer: the teachers whose answers are taken")
        return self

    def fingerprint(self) -> Mapping[str, str]:
        """Return the hash of all that the index can answer.

        Raises:
            InputError: it is missing or damaged.
        """
        return {"index": identity(self.index)}

    @contextmanager
    def open(self, ctx: Context) -> Iterator[Rewrite]:
        """Open the index, built first where it is a corpus, and yield the function.

        Raises:
            InputError: it is missing or damaged.
            UsageError: it has no answer of a preferred teacher.
        """
        with opened(self.index, ctx) as index:
            for teacher in self.prefer:
                if teacher not in index.facts.teachers:
                    near = suggest(teacher, index.facts.teachers)
                    raise UsageError(f"{self.index}: no rollout is by {teacher!r} (prefer){near}")
            yield _Switch(self, index, ctx)


class _Switch:
    """Answers a batch of hits with one sweep through the index."""

    def __init__(self, config: Replay, index: Index, ctx: Context) -> None:
        self._config, self._index = config, index
        self._salt = ctx.rng("replay").randbytes(16)
        self._preferred = {teacher: rank for rank, teacher in enumerate(config.prefer)}
        self._related = lru_cache(4096)(lambda one, other: related(one, other, config.families))

    def __call__(self, hits: Sequence[Hit]) -> list[Replacement | GaveUp]:
        prompts = [_prompt(hit.record) for hit in hits]
        found = self._index.find(each.normalised for each in prompts if isinstance(each, Keys))
        ordered: dict[Keys, list[Rollout]] = {}
        return [
            self._choose(hit, prompt, self._order(prompt, found, ordered))
            if isinstance(prompt, Keys)
            else prompt
            for hit, prompt in zip(hits, prompts, strict=True)
        ]

    def _order(
        self, prompt: Keys, found: Mapping[bytes, list[Rollout]], known: dict[Keys, list[Rollout]]
    ) -> list[Rollout]:
        """Return a prompt's rollouts in the order in which they are taken; each sorted once."""
        rollouts, exact = found.get(prompt.normalised, []), self._config.match == "exact"
        if len(rollouts) < 2 and not exact:
            return rollouts
        if prompt not in known:
            alike = [each for each in rollouts if not exact or each.exact == prompt.exact]
            known[prompt] = sorted(alike, key=lambda each: self._rank(prompt, each))
        return known[prompt]

    def _rank(self, prompt: Keys, rollout: Rollout) -> tuple[bool, int, bytes]:
        preferred = self._preferred.get(rollout.teacher, len(self._preferred))
        what = rollout.key + rollout.exact + rollout.digest + _bytes(rollout.teacher)
        drawn = hashlib.blake2b(what, key=self._salt, digest_size=16).digest()
        return rollout.exact != prompt.exact, preferred, drawn

    def _choose(self, hit: Hit, prompt: Keys, rollouts: Sequence[Rollout]) -> Replacement | GaveUp:
        """Return the answer for this attempt: the one with so many others before it."""
        record = hit.record
        turn, teacher = record.response_turn, record.teacher
        if turn is None:
            return GaveUp("no_response")
        taken = [record.turns[turn].text]  # a list: as short as attempts, and no text is hashed
        furthest = 0
        for rollout in rollouts:
            why_not = self._why_not(rollout, teacher, taken)
            furthest = max(furthest, why_not)
            if why_not < _TAKEN:
                continue
            if len(taken) > hit.attempt:
                evidence = _evidence(rollout, prompt, len(rollouts))
                return Replacement({turn: rollout.text}, rollout.teacher, evidence=evidence)
            taken.append(rollout.text)
        return GaveUp(_REASONS[furthest], {"candidates": len(rollouts)} if rollouts else {})

    def _why_not(self, rollout: Rollout, teacher: str | None, taken: list[str]) -> int:
        """Return the first thing that speaks against a rollout, as its place in `_REASONS`."""
        config = self._config
        if rollout.teacher == teacher:
            return 1
        if not config.same_family and self._related(rollout.teacher, teacher):
            return 2
        if config.only_preferred and rollout.teacher not in self._preferred:
            return 3
        if rollout.cut:
            return 4
        return 5 if rollout.text in taken else _TAKEN


_REASONS = (
    "no_match",
    "only_same_teacher",
    "only_same_family",
    "none_preferred",
    "only_cut_off",
    "only_identical",
    "no_more_candidates",
)
"""Why there is no answer: how far the best of the candidates came."""
_TAKEN = 6


def _prompt(record: Record) -> Keys | GaveUp:
    """Return what a record's prompt is found by, or why it has none."""
    try:
        return keys(record) or GaveUp("no_match")
    except (NotARecord, Unreadable):
        return GaveUp("not_a_record")


def _evidence(rollout: Rollout, prompt: Keys, candidates: int) -> dict[str, Any]:
    """Return where an answer comes from."""
    told: dict[str, Any] = {
        "from": rollout.place,
        "digest": rollout.digest.hex(),
        "match": "exact" if rollout.exact == prompt.exact else "normalised",
        "candidates": candidates,
    }
    return told if rollout.source is None else {**told, "source": rollout.source}


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
