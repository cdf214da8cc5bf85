"""Does the ledger tell a whole story of every rewriting: from which line to which, and why not?"""

from collections.abc import Iterator, Mapping
from typing import Any

from curate.ledger import Entry, Look
from curate.looking.rules import RewriteRules, StepRules


class Lineage:
    """Finds what cannot be true in what an entry says of its rewriting.

    Args:
        steps: The rules of each step by its name.
    """

    def __init__(self, steps: Mapping[str, StepRules]) -> None:
        self._steps = steps
        self._any = any(step.rewrites for step in steps.values())

    def of(self, entry: Entry) -> Iterator[str]:
        """Yield what is wrong, in words."""
        if not self._any and not entry.written and not any(look.rewrite for look in entry.trail):
            return
        at = entry.digest
        for look in entry.trail:
            step = self._steps.get(look.step)
            if step is None:
                continue
            if look.rewrite:
                yield from (f"{look.step!r}: {what}" for what in self._told(look, step, entry, at))
                at = look.rewrite.get("digest", {}).get("to", at)
            elif step.rewrites and look.hit and not self._was_dropped(entry, step):
                yield f"{look.step!r} rewrites its hits, and nothing is told of this one"
        if at != (entry.written or entry.digest):
            yield f"its rewriting ends in digest {at}, its row is {entry.written or entry.digest}"

    def _was_dropped(self, entry: Entry, step: StepRules) -> bool:
        """Say whether the record was dropped before, and judged for the overlap only."""
        decided = self._steps.get(entry.by)
        return decided is not None and decided.position < step.position

    def _told(self, look: Look, step: StepRules, entry: Entry, at: str) -> Iterator[str]:
        """Yield what is wrong with one rewriting of the line with digest `at`."""
        told, rules = look.rewrite, step.rewrites
        if rules is None or not look.hit:
            yield "a rewriting where there is none to be"
            return
        outcome = told["outcome"]
        rewritten = outcome == "rewritten"
        if outcome not in ("rewritten", rules.instead):
            yield f"a hit is {outcome}, and the plan says {rules.instead} where it is not rewritten"
        if rewritten is ("reason" in told):
            yield f"{outcome}, and yet {'a' if rewritten else 'no'} reason why not"
        if (outcome == "dropped") is not (entry.fate == "dropped" and entry.by == look.step):
            yield f"a hit is {outcome}, and the record is {entry.fate} by {entry.by!r}"
        if (told["use"], told["version"]) != (rules.use, rules.version):
            yield f"rewritten by {told['use']} {told['version']}, not {rules.use} {rules.version}"
        tries = sum(told.get("refused", {}).values()) + rewritten
        if told["tries"] != tries or tries > rules.tries:
            yield f"tries is {told['tries']}, of at most {rules.tries}, and {tries} are told of"
        if rewritten:
            yield from self._new_text(told, rules, at)
        elif "digest" in told:
            yield f"a hit is {outcome}, and yet has a new digest"

    def _new_text(self, told: Mapping[str, Any], rules: RewriteRules, at: str) -> Iterator[str]:
        if told["digest"]["from"] != at:
            yield f"it rewrote digest {told['digest']['from']}, the line was {at}"
        if told["digest"]["to"] == told["digest"]["from"]:
            yield "it rewrote the line as it was"
        for again in told["again"]:
            name, score = again["step"], again["score"]
            step = self._steps.get(name)
            if step is None:
                yield f"the new text was judged by {name!r}, which is no step of the run"
                continue
            hit = score is not None and step.rule.hit(score)
            if hit is not again["hit"]:
                told_hit = "a hit" if again["hit"] else "no hit"
                yield f"score {score} of {name!r} for the new text is {told_hit}, against the rule"
            if hit and name in rules.clean:
                yield f"the new text was taken, although it is a hit of {name!r}"
