"""Have hits rewritten, and take a new text only where nothing speaks against it.

A text is taken when it can stand in the row, no guard refuses it, and the record filters that
judged the old text judge the new one clean. Else the rewriter is asked again, up to the plan's
`tries` refusals; after that the plan's `otherwise` says what happens to the hit.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from curate.api import GaveUp, Hit, Replacement
from curate.engine.cases import Case, Draft, End, Taken
from curate.engine.judging import Proposal, Trouble, dump, propose
from curate.engine.leftovers import stands_elsewhere
from curate.engine.looks import Looked
from curate.engine.opening import Opened
from curate.engine.parts import ALIVE, DROPPED
from curate.engine.second_look import SecondLook
from curate.errors import NotARecord
from curate.io import replacing
from curate.ledger import OTHERWISE
from curate.registry import ReadyRewriting, ReadyStep

Mark = Callable[[int, int, int], None]
"""Called with (step, first record, records) before each call of a plugin."""


PASSES = 100
"""Proposals that a cumulative rewriter may go on from, beyond the plan's `tries`."""

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
        asks: Mapping[int, Opened],
        mark: Mark,
        *,
        cautious: bool,
    ) -> None:
        self.number, self.steps, self.asks, self.mark = number, steps, asks, mark
        self.step, self.cautious = steps[number], cautious
        assert self.step.rewriting is not None  # noqa: S101  (the caller asks for it)
        self.ready: ReadyRewriting = self.step.rewriting
        self.second_look = SecondLook(number, steps, asks, self._call)

    def of(self, cases: Sequence[Case]) -> list[End | Trouble]:
        """Return what came of each case, in order.

        Raises:
            CurateError: an outage, or a broken contract.
        """
        ends: dict[int, End | Trouble] = {}
        waiting = [case for case in cases if not self._is_stranger(case, ends)]
        for attempt in range(self.ready.plan.tries + PASSES):
            drafts = self._drafts(waiting, attempt, ends)
            for draft in self.second_look.taken(drafts):
                self._take(draft, ends)
            ends |= {case.position: case.trouble for case in waiting if case.trouble}
            self._go_on(drafts)
            for case in waiting:
                if case.position not in ends and case.failures >= self.ready.plan.tries:
                    ends[case.position] = self._left(case, case.why, {})
            waiting = [case for case in waiting if case.position not in ends]
            if not waiting:
                break
        for case in waiting:
            ends[case.position] = self._left(case, case.why, {})
        return [ends[case.position] for case in cases]

    def _take(self, draft: Draft, ends: dict[int, End | Trouble]) -> None:
        """Take a new text, unless what it should be rid of stands in another part of the row."""
        case = draft.case
        case.gone.update(draft.proposal.gone)
        if case.gone and stands_elsewhere(draft.record, case.gone):
            case.refuse("stands_elsewhere")
            ends[case.position] = self._left(case, case.why, {})
        else:
            ends[case.position] = self._taken(draft)

    def _is_stranger(self, case: Case, ends: dict[int, End | Trouble]) -> bool:
        try:
            _ = case.record.turns
        except NotARecord:
            ends[case.position] = self._left(case, "not_a_record", {})
            return True
        return False

    def _drafts(
        self, cases: Sequence[Case], attempt: int, ends: dict[int, End | Trouble]
    ) -> list[Draft]:
        """Ask the rewriter; return what it proposes and the row can hold."""
        rewrite = self.asks[self.number].rewrite
        assert rewrite is not None  # noqa: S101  (opened with the step)
        hits = [Hit(case.draft or case.record, case.verdict, attempt) for case in cases]
        proposals: list[Proposal | Trouble] = self._call(
            cases, hits, lambda some: propose(self.step.name, rewrite, some)
        )
        drafts = []
        for case, proposal in zip(cases, proposals, strict=True):
            if isinstance(proposal, Trouble):
                ends[case.position] = proposal
            elif isinstance(proposal, GaveUp):
                ends[case.position] = self._left(case, proposal.reason, proposal.evidence)
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
            case.refuse("empty")
        elif proposal.finish == "length":
            case.refuse("cut_off")
        elif proposal.teacher and before and not low * before <= after <= high * before:
            case.refuse("length")
        elif all(turns[n].text == text for n, text in texts.items()):
            case.refuse("unchanged")
        else:
            try:
                new = replacing.replace(record, texts, proposal.teacher)
            except NotARecord:
                case.refuse("cannot_stand")
            else:
                return Draft(case, proposal, new)
        return None

    def _go_on(self, drafts: Sequence[Draft]) -> None:
        """Let a cumulative rewriter go on from what was still a hit."""
        for draft in drafts if self.ready.rewriter.cumulative else ():
            if draft.refused and draft.verdict:
                case = draft.case
                case.draft, case.verdict = draft.record, draft.verdict
                case.gone.update(draft.proposal.gone)
                case.failures -= 1  # it is a step on the way, of which there may be `PASSES`
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
        is_unnamed = proposal.teacher is not None and new.teacher_place is None
        return End(look, facts, Taken(new, authors, is_unnamed))

    def _left(self, case: Case, reason: str, evidence: Mapping[str, Any]) -> End:
        otherwise = self.ready.plan.otherwise
        facts = self._facts(case, OTHERWISE[otherwise]) | {"reason": reason}
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

    def _call(
        self,
        cases: Sequence[Case],
        items: Sequence[Item],
        call: Callable[[Sequence[Item]], list[Reply]],
    ) -> list[Reply]:
        """Call a plugin on the items, each of which belongs to a case.

        Whatever is called, it is this step that is at work: what hangs on a proposal is its matter.
        """
        size = 1 if self.cautious else max(len(items), 1)
        replies: list[Reply] = []
        for at in range(0, len(items), size):
            batch = items[at : at + size]
            self.mark(self.number, cases[at].position, len(batch))
            replies += call(batch)
        return replies
