"""The hypothesis report in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from curate.audits.hypotheses.finding import Evidence, Word
from curate.audits.hypotheses.seven import Finding
from curate.audits.wording import Section
from curate.traits.intervals import Interval

_SENTENCES = {
    "mild dropped": "dropping the mild rows as well as the hits removes {effect} more than "
    "dropping as many others",
    "mild kept": "the original teacher on the mild rows alone gives {effect} more than on as many "
    "random rows",
    "leaks": "without the rows that show it ({arms}) {effect} of the trait is left",
    "leaks above the base": "that is {effect} above the base",
    "another head": "with another output head the original teacher gives {effect} of what it "
    "gives with this one",
    "survives another head": "with another output head {effect} is left of what leaks",
    "identity switched": "switching the identity rows removes {effect} more than switching as many "
    "others",
    "line": "where random mixing is furthest from a straight line, it is {effect} from it",
    "groups": "where a switched group ({arms}) is furthest from the random line, it is {effect} "
    "from it",
    "prior": "the base stands at {effect}",
    "returns to the base": "{arms}: {effect} from the base",
    "same prompts, clean teacher": "the clean teacher on the original prompts gives {effect} of "
    "what the original teacher gives beyond other prompts",
    "other prompts, same teacher": "the original teacher on other prompts gives {effect} of it",
    "dropped against switched": "switching the hits leaves {effect} more than dropping them",
    "any rows": "{arms}: {effect} of what the original rows add to the base",
}
"""Kind of evidence -> what was seen; effects are parts of the distance between two arms."""


def section(findings: Sequence[Finding]) -> Section:
    """Return the report of all hypotheses: a table, then what each rests on."""
    table = [["", "hypothesis", "the arms are", "evidence that speaks loudest"]]
    table += [
        [found.hypothesis, found.name, found.word.value, _strongest(found)] for found in findings
    ]
    return Section("Hypotheses", table=table, after=tuple(_lines(findings)))


def _lines(findings: Sequence[Finding]) -> Iterator[str]:
    words = {found.hypothesis: found.word for found in findings}
    unseen = ", and so does 1, which was not tested" if words["1"] is Word.NOT_TESTED else ""
    for found in findings:
        yield f"{found.hypothesis}. {found.claim}"
        yield from (f"  {each.speaks.value}: {sentence(each)}" for each in found.evidence)
        if found.word is Word.NOT_TESTED:
            yield f"  Not tested; it needs {'; '.join(found.needs)}."
        if found.word is Word.NOT_SEPARATED:
            needed = "; ".join(found.needs)
            yield f"  3a and 3b both fit{unseen}; what would tell them apart: {needed}."


def sentence(evidence: Evidence) -> str:
    """Return what was seen, with its interval."""
    effect = evidence.effect
    if effect is None:
        return f"{', '.join(evidence.arms)}: the ends of this scale are not told apart"
    return _SENTENCES[evidence.kind].format(effect=_told(effect), arms=_named(evidence.arms))


def _strongest(found: Finding) -> str:
    """Return the effect that decides: the largest of those that speak as the finding does."""
    word = Word.FOR if found.word is Word.NOT_SEPARATED else found.word
    speaking = [
        each.effect for each in found.evidence if each.effect is not None and each.speaks is word
    ]
    most = max(speaking, key=lambda each: abs(each.value), default=None)
    return "" if most is None else _told(most)


def _told(effect: Interval) -> str:
    value, low, high = (f"{round(each, 2) + 0.0:.2f}" for each in effect)  # no minus before 0
    return f"{value} ({low} to {high})"


def _named(arms: Sequence[str]) -> str:
    return ", ".join(arms) if len(arms) < 4 else f"{len(arms)} of them"
