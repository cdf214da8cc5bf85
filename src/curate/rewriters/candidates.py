"""The rollouts that may take an answer's place, in the order in which they are tried."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from curate.index.keys import Keys
from curate.index.rollout import Rollout
from curate.records import View


class Candidate(NamedTuple):
    """A rollout, its teacher as a plan names it, and whether that one is preferred."""

    rollout: Rollout
    teacher: str
    preferred: bool


class Candidates:
    """What an index has for some prompts, as records of one view see it.

    Args:
        found: The rollouts of prompts by their normalised keys.
        view: Whose aliases count: an index may know a teacher by another name.
        prefer: Teachers whose rollouts come first, in this order, by any of their names.
        exact: Only answers to the very same words.
        salt: Decides the draw among equals.
    """

    def __init__(
        self,
        found: Mapping[bytes, Sequence[Rollout]],
        view: View,
        prefer: Sequence[str],
        *,
        exact: bool,
        salt: bytes,
    ) -> None:
        self._found, self._view, self._exact, self._salt = found, view, exact, salt
        aliases = view.aliases or {}
        names = dict.fromkeys(aliases.get(teacher, teacher) for teacher in prefer)
        self._preferred = {teacher: rank for rank, teacher in enumerate(names)}
        self._ordered: dict[Keys, list[Candidate]] = {}

    def of(self, prompt: Keys) -> list[Candidate]:
        """Return the candidates for a prompt in order; each prompt's are sorted once."""
        known = self._ordered.get(prompt)
        if known is None:
            view, preferred = self._view, self._preferred
            known = [
                Candidate(each, teacher := each.teacher_in(view), teacher in preferred)
                for each in self._found.get(prompt.normalised, ())
                if not self._exact or each.exact == prompt.exact
            ]
            if len(known) > 1:
                known.sort(key=lambda each: self._rank(prompt, each))
            self._ordered[prompt] = known
        return known

    def _rank(self, prompt: Keys, candidate: Candidate) -> tuple[bool, int, bytes]:
        rollout = candidate.rollout
        preferred = self._preferred.get(candidate.teacher, len(self._preferred))
        name = rollout.teacher.encode("utf-8", "surrogatepass")
        what = rollout.key + rollout.exact + rollout.digest + name
        drawn = hashlib.blake2b(what, key=self._salt, digest_size=16).digest()
        return rollout.exact != prompt.exact, preferred, drawn
