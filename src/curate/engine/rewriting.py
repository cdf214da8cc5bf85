"""Have hits rewritten, and take a new text only where nothing speaks against it.

A text is taken when it can stand in the row, no guard refuses it, and the record filters that
judged the old text judge the new one clean. Else the rewriter is asked again, up to the plan's
`tries`; after that the plan's `otherwise` says what happens to the hit.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from curate.api import GaveUp, Hit, Replacement, Verdict
from curate.engine.cases import Case, Draft, End, Taken
from curate.engine.judging import Answer, Ask, Proposal, Trouble, ask, check, dump, propose
from curate.engine.looks import Looked
from curate.engine.opening import Opened
from curate.engine.parts import ALIVE, DROPPED
from curate.errors import NotARecord, PluginError
from curate.io import replacing
from curate.records import Record
from curate.registry import ReadyGuard, ReadyRewriting, ReadyStep

Mark = Callable[[int, int, int], None]
"""Called with (step, first record, records) before each call of a plugin."""

_OUTCOMES = {"drop": "dropped", "keep": "kept", "flag": "flagged"}
"""What the plan's `otherwise` makes of a hit -> how the ledger says it."""

Item = TypeVar("Item")
Reply = TypeVar("Reply")


class Rewriting:
    """One step's rewriting of the hits of one segment.

    Args:
        number: The step.
        steps: All steps of the plan.
        asks: Their plugins.
        mark: Told before each call of a plugin.
        cautious: Call plugins with one record at a time.
    """

    def __init__(
        self,
        number: int,
        steps: Sequence[ReadyStep],
        asks: Sequence[Opened],
        mark: Mark,
        *,
        cautious: bool,
    ) -> None:
        self.number, self.steps, self.asks, self.mark = number, steps, asks, mark
        self.step, self.cautious = steps[number], cautious
        assert self.step.rewriting is not None  # noqa: S101  (the caller asks for it)
        self.ready: ReadyRewriting = self.step.rewriting

    def of(self, cases: Sequence[Case]) -> list[End | Trouble]:
        """Return what came of each case, in order.

        Raises:
            CurateError: an outage, or a broken contract.
        """
        ends: dict[int, End | Trouble] = {}
        waiting = [case for case in cases if not self._is_stranger(case, ends)]
        for attempt in range(self.ready.plan.tries):
            drafts = self._drafts(waiting, attempt, ends)
            for draft in self._judged(self._guarded(drafts)):
                ends[draft.case.position] = self._taken(draft)
            waiting = [case for case in waiting if case.position not in ends]
            if not waiting:
                break
        for case in waiting:
            ends[case.position] = self._left(case, case.why, {})
        return [ends[case.position] for case in cases]

    def _is_stranger(self, case: Case, ends: dict[int, End | Trouble]) -> bool:
        try:
            return not case.record.turns
        except NotARecord:
            ends[case.position] = self._left(case, "not_a_record", {})
            return True

    def _drafts(
        self, cases: Sequence[Case], attempt: int, ends: dict[int, End | Trouble]
    ) -> list[Draft]:
        """Ask the rewriter; return what it proposes and the row can hold."""
        rewrite = self.asks[self.number].rewrite
        assert rewrite is not None  # noqa: S101  (opened with the step)
        hits = [Hit(case.draft or case.record, case.verdict, attempt) for case in cases]
        proposals: list[Proposal | Trouble] = self._call(
            self.number, cases, hits, lambda some: propose(self.step.name, rewrite, some)
        )
        drafts = []
        for case, proposal in zip(cases, proposals, strict=True):
            if isinstance(proposal, Trouble):
                ends[case.position] = proposal
            elif isinstance(proposal, GaveUp):
                reason = case.why if case.tries else proposal.reason
                ends[case.position] = self._left(case, reason, proposal.evidence)
            elif (draft := self._draft(case, proposal)) is not None:
                drafts.append(draft)
        return drafts

    def _draft(self, case: Case, proposal: Replacement) -> Draft | None:
        """Put the new texts into the row, unless what they are like speaks against them."""
        case.tries += 1
        record = case.draft or case.record
        low, high = self.ready.plan.length
        turns, texts = record.turns, proposal.turns
        before = sum(len(turns[n].text) for n in texts)
        after = sum(map(len, texts.values()))
        if not all(text.strip() for text in texts.values()):
            self._refuse(case, "empty")
        elif proposal.finish == "length":
            self._refuse(case, "cut_off")
        elif proposal.teacher and before and not low * before <= after <= high * before:
            self._refuse(case, "length")
        elif all(turns[n].text == text for n, text in texts.items()):
            self._refuse(case, "unchanged")
        else:
            try:
                new = replacing.replace(record, texts, proposal.teacher)
            except NotARecord:
                self._refuse(case, "cannot_stand")
            else:
                return Draft(case, proposal, new)
        return None

    def _guarded(self, drafts: list[Draft]) -> list[Draft]:
        """Return the drafts that no guard refuses: a hit on the new text, and not on the old."""
        pairs = zip(self.ready.guards, self.asks[self.number].guards, strict=True)
        for guard, call in pairs:
            hits = self._guard_hits(guard, call, drafts, [draft.record for draft in drafts])
            suspects = [draft for draft, hit in zip(drafts, hits, strict=True) if hit]
            olds = [draft.case.record for draft in suspects]
            before = self._guard_hits(guard, call, suspects, olds)
            refused = {
                draft.case.position for draft, old in zip(suspects, before, strict=True) if not old
            }
            for draft in drafts:
                if draft.case.position in refused:
                    self._refuse(draft.case, f"guard:{guard.name}")
            drafts = [draft for draft in drafts if draft.case.position not in refused]
        return drafts

    def _guard_hits(
        self, guard: ReadyGuard, call: Ask, drafts: Sequence[Draft], records: Sequence[Record]
    ) -> Iterator[bool]:
        name = f"{self.step.name}: guard {guard.name}"
        answers = self._ask(self.number, drafts, name, call, records)
        for answer, record in zip(answers, records, strict=True):
            if isinstance(answer, Trouble):
                raise PluginError(f"{name} failed on {record.place}: {answer.detail}")
            score = check(name, guard.filter, answer, record).score
            yield score is not None and guard.rule.hit(score)

    def _judged(self, drafts: list[Draft]) -> list[Draft]:
        """Return the drafts that every step which must be clean finds clean."""
        for number in self.ready.judged:
            step = self.steps[number]
            seen = [draft for draft in drafts if self._sees(step, draft)]
            records = [draft.record for draft in seen]
            answers = self._ask(number, seen, step.name, self.asks[number].judge, records)
            refused = set()
            for draft, answer in zip(seen, answers, strict=True):
                why = self._verdict(number, draft, answer)
                if why and number in self.ready.clean:
                    self._refuse(draft.case, why, draft)
                    refused.add(draft.case.position)
            drafts = [draft for draft in drafts if draft.case.position not in refused]
        return drafts

    def _sees(self, step: ReadyStep, draft: Draft) -> bool:
        """Say whether a step would judge the draft: `only:` goes by old hits and new ones."""
        if step is self.step or step.only is None:
            return True
        return bool((draft.mask | draft.case.mask) >> step.only & 1)

    def _verdict(self, number: int, draft: Draft, answer: Answer | Trouble) -> str:
        """Note what a step says of the new text; return what speaks against taking it."""
        step = self.steps[number]
        if isinstance(answer, Trouble):
            return "not_judged"
        verdict = check(step.name, step.filter, answer, draft.record)
        hit = verdict.score is not None and step.rule.hit(verdict.score)
        draft.mask |= hit << number
        draft.again.append(_again(step.name, verdict, hit))
        if number == self.number:
            draft.verdict = verdict
        if hit:
            return "still_hit" if number == self.number else f"hit:{step.name}"
        unsure = verdict.score is None and step.step.unsure != "keep"
        return "unsure" if unsure else ""

    def _refuse(self, case: Case, why: str, draft: Draft | None = None) -> None:
        case.why = why
        case.refused[why] += 1
        if draft and draft.verdict and self.ready.rewriter.cumulative:
            case.draft, case.verdict = draft.record, draft.verdict
            case.passes.append(dict(draft.proposal.evidence))

    def _taken(self, draft: Draft) -> End:
        case, proposal, new = draft.case, draft.proposal, draft.record
        old = case.record
        pairs = zip(old.turns, new.turns, strict=True)
        turns = [n for n, (before, after) in enumerate(pairs) if before.text != after.text]
        facts = self._facts(case, "rewritten") | {
            "teacher": {"from": old.teacher, "to": new.teacher},
            "digest": {"from": old.digest, "to": new.digest},
            "prompt_key": old.prompt_key,
            "turns": turns,
            "again": draft.again,
        }
        if case.passes:
            facts["evidence"] = {"passes": [*case.passes, dict(proposal.evidence)]}
        elif proposal.evidence:
            facts["evidence"] = dict(proposal.evidence)
        authors = dict.fromkeys(turns, new.teacher) if proposal.teacher else {}
        look = self._look(case, facts, ALIVE)
        return End(look, facts, Taken(new, authors))

    def _left(self, case: Case, reason: str, evidence: Mapping[str, Any]) -> End:
        otherwise = self.ready.plan.otherwise
        facts = self._facts(case, _OUTCOMES[otherwise]) | {"reason": reason}
        if evidence:
            facts["evidence"] = dict(evidence)
        return End(self._look(case, facts, DROPPED if otherwise == "drop" else ALIVE), facts)

    def _facts(self, case: Case, outcome: str) -> dict[str, Any]:
        rewriter = self.ready.rewriter
        facts: dict[str, Any] = {
            "outcome": outcome,
            "use": rewriter.name,
            "version": rewriter.version,
            "tries": case.tries,
        }
        return facts | {"refused": dict(case.refused)} if case.refused else facts

    def _look(self, case: Case, facts: Mapping[str, Any], fate: int) -> Looked:
        line = case.look.line[:-1] + b',"rewrite":' + dump(self.step.name, facts) + b"}"
        look = case.look
        return Looked(line, look.hit, look.unsure, fate, look.plain)  # `replace` takes ten times it

    def _ask(
        self,
        number: int,
        drafts: Sequence[Draft],
        name: str,
        call: Ask,
        records: Sequence[Record],
    ) -> list[Answer | Trouble]:
        cases = [draft.case for draft in drafts]
        return self._call(number, cases, records, lambda some: ask(name, call, some))

    def _call(
        self,
        number: int,
        cases: Sequence[Case],
        items: Sequence[Item],
        call: Callable[[Sequence[Item]], list[Reply]],
    ) -> list[Reply]:
        """Call a plugin on the items, each of which belongs to a case."""
        size = 1 if self.cautious else max(len(items), 1)
        replies: list[Reply] = []
        for at in range(0, len(items), size):
            batch = items[at : at + size]
            self.mark(number, cases[at].position, len(batch))
            replies += call(batch)
        return replies


def _again(step: str, verdict: Verdict, hit: bool) -> dict[str, Any]:
    """Return what the ledger tells of a verdict on a new text: all that it tells of any verdict."""
    told: dict[str, Any] = {"step": step, "score": verdict.score, "hit": hit}
    if verdict.reason:
        told["reason"] = verdict.reason
    if verdict.evidence:
        told["evidence"] = dict(verdict.evidence)
    return told
