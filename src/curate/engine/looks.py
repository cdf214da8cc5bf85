"""Turn verdicts into what the plan makes of them: hits, fates, and the ledger's bytes."""

from dataclasses import dataclass

from curate.api import Verdict
from curate.engine.judging import Answer, Placed, check, dump, told
from curate.engine.parts import ALIVE, DROPPED, QUARANTINED, Part
from curate.registry import ReadyStep


@dataclass(frozen=True, slots=True)
class Looked:
    """A verdict turned into what the plan makes of it."""

    line: bytes
    hit: bool
    unsure: bool
    fate: int
    plain: bool
    """Nothing to count and nothing to do: the common case."""


class Looks:
    """Turns the verdicts of one step into looks; equal verdicts without evidence share one."""

    def __init__(self, step: ReadyStep) -> None:
        self.step = step
        self._memo: dict[tuple[float | None, str], Looked] = {}
        self._last: tuple[object, Looked | None] = (None, None)

    def of(self, answer: Answer, record: Placed) -> Looked:
        """Return the look for one answer.

        Raises:
            PluginError: the answer breaks the filter's contract.
        """
        last, look = self._last
        if answer is last and look is not None:  # a shared constant: the hot path
            return look
        step = self.step
        verdict = check(step.name, step.filter, answer, record)
        if verdict.evidence:
            return self._look(verdict)
        key = (verdict.score, verdict.reason)
        found = self._memo.get(key)
        if found is None:
            found = self._look(verdict)
            if len(self._memo) < 10_000:  # scores of models hardly ever repeat
                self._memo[key] = found
        self._last = (answer, found)
        return found

    def _look(self, verdict: Verdict) -> Looked:
        step = self.step
        unsure = verdict.score is None
        hit = verdict.score is not None and step.rule.hit(verdict.score)
        fate = ALIVE
        if hit and step.step.do == "drop":
            fate = DROPPED
        elif unsure:
            fate = {"keep": ALIVE, "drop": DROPPED, "quarantine": QUARANTINED}[step.step.unsure]
        return Looked(
            dump(step.name, told(step.name, verdict, hit=hit)),
            hit,
            unsure,
            fate,
            not (hit or unsure),
        )


def settle(part: Part, n: int, number: int, look: Looked) -> None:
    """Enter into the columns what step `number` makes of record `n`."""
    tally = part.tallies[number]
    tally.hits += look.hit
    tally.abstained += look.unsure
    part.masks[n] |= look.hit << number
    if look.fate == ALIVE or part.fates[n] != ALIVE:
        return
    part.fates[n], part.by[n] = look.fate, number
    tally.dropped += look.fate == DROPPED
    if look.fate == QUARANTINED:
        tally.quarantined += 1
        part.notes[n] = b',"reason":"unsure","detail":"the step abstained"'
