"""Is a new text better than the old one? Guards and filters look at it before it is taken."""

from collections.abc import Callable, Mapping, Sequence

from curate.engine.cases import Case, Draft
from curate.engine.judging import Answer, Ask, Trouble, ask, check, told
from curate.engine.opening import Opened
from curate.records import Record
from curate.registry import ReadyGuard, ReadyRewriting, ReadyStep

Call = Callable[
    [Sequence[Case], Sequence[Record], Callable[[Sequence[Record]], list[Answer | Trouble]]],
    list[Answer | Trouble],
]
"""Calls a plugin with records, each of which belongs to a case."""


class SecondLook:
    """Holds the drafts of one step's rewriting against its guards and the record filters.

    What a plugin breaks on is a trouble of the case: the policy of the step that rewrites decides,
    because the text is its proposal.
    """

    def __init__(
        self, number: int, steps: Sequence[ReadyStep], asks: Mapping[int, Opened], call: Call
    ) -> None:
        self.number, self.steps, self.asks, self.call = number, steps, asks, call
        ready = steps[number].rewriting
        assert ready is not None  # noqa: S101  (the step rewrites)
        self.ready: ReadyRewriting = ready

    def taken(self, drafts: list[Draft]) -> list[Draft]:
        """Return the drafts that nothing speaks against; the others' cases say what does."""
        for guard, judge in zip(self.ready.guards, self.asks[self.number].guards, strict=True):
            drafts = self._guarded(guard, judge, drafts)
        for number in self.ready.judged:
            drafts = self._judged(number, drafts)
        return drafts

    def _guarded(self, guard: ReadyGuard, judge: Ask, drafts: list[Draft]) -> list[Draft]:
        """Return the drafts that a guard lets pass: no hit on the new text, or one on the old."""
        name = f"{self.steps[self.number].name}: guard {guard.name}"
        new = [draft.record for draft in drafts]
        hits = self._guard_hits(name, guard, judge, drafts, new)
        suspects = [draft for draft, hit in zip(drafts, hits, strict=True) if hit]
        olds = [draft.case.record for draft in suspects]
        before = self._guard_hits(name, guard, judge, suspects, olds)
        for draft, old in zip(suspects, before, strict=True):
            if not old:
                draft.refuse(f"guard:{guard.name}")
        return _standing(drafts)

    def _guard_hits(
        self,
        name: str,
        guard: ReadyGuard,
        judge: Ask,
        drafts: Sequence[Draft],
        records: Sequence[Record],
    ) -> list[bool]:
        """Return which records a guard hits.

        Raises:
            PluginError: its verdict breaks the contract of filters.
        """
        hits = []
        answers = self._ask(name, judge, drafts, records)
        for draft, record, answer in zip(drafts, records, answers, strict=True):
            if isinstance(answer, Trouble):
                draft.case.trouble = _of(name, answer)
                hits.append(False)
                continue
            score = check(name, guard.filter, answer, record).score
            hits.append(score is not None and guard.rule.hit(score))
        return hits

    def _judged(self, number: int, drafts: list[Draft]) -> list[Draft]:
        """Return the drafts that a step finds clean, or need not find clean.

        Raises:
            PluginError: its verdict breaks the contract of filters.
        """
        step = self.steps[number]
        seen = [draft for draft in drafts if self._sees(step, draft)]
        records = [draft.record for draft in seen]
        answers = self._ask(step.name, self.asks[number].judge, seen, records)
        for draft, answer in zip(seen, answers, strict=True):
            if isinstance(answer, Trouble):
                draft.case.trouble = _of(step.name, answer)
                continue
            self._note(number, draft, answer)
        return _standing(drafts)

    def _sees(self, step: ReadyStep, draft: Draft) -> bool:
        """Say whether a step would judge the draft: `only:` goes by old hits and new ones."""
        if step is self.steps[self.number] or step.only is None:
            return True
        return bool((draft.mask | draft.case.mask) >> step.only & 1)

    def _note(self, number: int, draft: Draft, answer: Answer) -> None:
        """Note what a step says of the new text, and what that means for it."""
        step = self.steps[number]
        verdict = check(step.name, step.filter, answer, draft.record)
        hit = verdict.score is not None and step.rule.hit(verdict.score)
        draft.mask |= hit << number
        draft.again.append(told(step.name, verdict, hit=hit))
        if number == self.number:
            draft.verdict = verdict
        if hit and number in self.ready.clean:
            draft.refuse("still_hit" if number == self.number else f"hit:{step.name}")
        elif verdict.score is None and step.step.unsure != "keep":
            draft.refuse("unsure")

    def _ask(
        self, name: str, judge: Ask, drafts: Sequence[Draft], records: Sequence[Record]
    ) -> list[Answer | Trouble]:
        cases = [draft.case for draft in drafts]
        return self.call(cases, records, lambda some: ask(name, judge, some))


def _standing(drafts: Sequence[Draft]) -> list[Draft]:
    return [draft for draft in drafts if not draft.refused and draft.case.trouble is None]


def _of(name: str, trouble: Trouble) -> Trouble:
    """Say that it was the new text on which a plugin broke."""
    return Trouble(trouble.reason, f"on the new text, {name}: {trouble.detail}")
