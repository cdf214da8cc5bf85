"""`replay`: another teacher's answer to the same prompt, taken from an index of rollouts."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from curate.api import Context, GaveUp, Hit, Replacement, Rewrite, Rewriter
from curate.errors import UsageError, suggest
from curate.index.keys import Keys, keys_or_reason
from curate.index.lookup import Index
from curate.index.opening import identity, opened
from curate.index.rollout import Rollout
from curate.index.unspoken import follows
from curate.records import View
from curate.rewriters.candidates import Candidate, Candidates
from curate.rewriters.families import related


class Replay(Rewriter):
    """Puts in place of the last answer what another teacher answered to the same conversation.

        do:
          rewrite: {use: replay, with: {index: clean.index, prefer: [gpt-4-0314]}}

    The prompt is found by its words: as they are, else normalised (case, blanks, Unicode forms).
    Of several answers, those to the very same words come first, then those of preferred teachers,
    and among equals a draw decides, which depends on the seed and the prompt alone. Each further
    attempt takes the next one. Answers of the teacher that is replaced are never taken, nor those
    that were cut off or say the same. Teachers of the index go by the plan's `input.aliases`.

    Why there is none is in the ledger, the last of these that any answer came to: `no_match` (also
    where nothing is asked), `only_same_teacher`, `only_same_family`, `none_preferred`,
    `only_cut_off`, `only_identical`, `no_more_candidates` (each was proposed, and none taken); for
    rows that cannot have one, `not_a_record` and `no_response`.
    """

    name: ClassVar[str] = "replay"

    index: Path = Field(
        description="a file that `curate index build` wrote, or a corpus to make one of"
    )
    prefer: list[str] = Field(
        default_factory=list,
        description="teachers of the index whose answers are taken first, in this order",
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
        self._related = lru_cache(4096)(lambda one, other: related(one, other, config.families))

    def __call__(self, hits: Sequence[Hit]) -> list[Replacement | GaveUp]:
        prompts = [keys_or_reason(hit.record) for hit in hits]
        found = self._index.find(each.normalised for each in prompts if isinstance(each, Keys))
        views = {id(hit.record.view): hit.record.view for hit in hits}
        candidates = {key: self._candidates(found, view) for key, view in views.items()}
        return [
            self._choose(hit, prompt, candidates[id(hit.record.view)].of(prompt))
            if isinstance(prompt, Keys)
            else GaveUp("not_a_record" if prompt else "no_match")
            for hit, prompt in zip(hits, prompts, strict=True)
        ]

    def _candidates(self, found: Mapping[bytes, list[Rollout]], view: View) -> Candidates:
        config = self._config
        exact = config.match == "exact"
        return Candidates(found, view, config.prefer, exact=exact, salt=self._salt)

    def _choose(
        self, hit: Hit, prompt: Keys, candidates: Sequence[Candidate]
    ) -> Replacement | GaveUp:
        """Return the answer for this attempt: the one with so many others before it."""
        record = hit.record
        turn, teacher = record.response_turn, record.teacher
        if turn is None:
            return GaveUp("no_response")
        if follows(record, [turn]):
            return GaveUp("goes_on")
        taken = [record.turns[turn].text]  # a list: as short as attempts, and no text is hashed
        furthest = 0
        for candidate in candidates:
            why_not = self._why_not(candidate, teacher, taken)
            furthest = max(furthest, why_not)
            if why_not < _TAKEN:
                continue
            rollout = candidate.rollout
            if len(taken) > hit.attempt:
                evidence = _evidence(rollout, prompt, len(candidates))
                return Replacement({turn: rollout.text}, candidate.teacher, evidence=evidence)
            taken.append(rollout.text)
        return GaveUp(_REASONS[furthest], {"candidates": len(candidates)} if candidates else {})

    def _why_not(self, candidate: Candidate, teacher: str | None, taken: list[str]) -> int:
        """Return the first thing that speaks against a candidate, as its place in `_REASONS`."""
        rollout = candidate.rollout
        if candidate.teacher == teacher:
            return 1
        if not self._config.same_family and self._is_kin(candidate, teacher):
            return 2
        if self._config.only_preferred and not candidate.preferred:
            return 3
        if rollout.cut:
            return 4
        return 5 if rollout.text in taken else _TAKEN

    def _is_kin(self, candidate: Candidate, teacher: str | None) -> bool:
        """Say whether the family of either of its names is that of a teacher."""
        written = candidate.rollout.teacher
        return self._related(candidate.teacher, teacher) or (
            written != candidate.teacher and self._related(written, teacher)
        )


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


def _evidence(rollout: Rollout, prompt: Keys, candidates: int) -> dict[str, Any]:
    """Return where an answer comes from."""
    told: dict[str, Any] = {
        "from": rollout.place,
        "digest": rollout.digest.hex(),
        "match": "exact" if rollout.exact == prompt.exact else "normalised",
        "candidates": candidates,
    }
    return told if rollout.source is None else {**told, "source": rollout.source}
