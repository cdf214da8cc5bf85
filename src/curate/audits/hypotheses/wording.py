"""The hypothesis report in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from curate.audits.hypotheses.finding import Evidence, Word
from curate.audits.hypotheses.seven import Finding
from curate.audits.wording import Section

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
    "line": "random mixing is nowhere further from a straight line than {effect}",
    "groups": "switching a group of rows ({arms}) is nowhere further from the random line than "
    "{effect}",
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
    table = [["", "hypothesis", "the arms are", "strongest evidence"]]
    table += [
        [found.hypothesis, found.name, found.word.value, _strongest(found)] for found in findings
    ]
    return Section("Hypotheses", table=table, after=tuple(_lines(findings)))


def _lines(findings: Sequence[Finding]) -> Iterator[str]:
    for found in findings:
        yield f"{found.hypothesis}. {found.claim}"
        yield from (f"  {each.speaks.value}: {sentence(each)}" for each in found.evidence)
        if found.word is Word.NOT_TESTED:
            yield f"  Not tested; it needs {'; '.join(found.needs)}."
        if found.word is Word.NOT_SEPARATED:
            yield f"  3a and 3b both fit; what would tell them apart: {'; '.join(found.needs)}."


def sentence(evidence: Evidence) -> str:
    """Return what was seen, with its interval."""
    effect = evidence.effect
    if effect is None:
        return f"{', '.join(evidence.arms)}: the ends of this scale are not told apart"
    told = f"{effect.value:.2f} ({effect.low:.2f} to {effect.high:.2f})"
    return _SENTENCES[evidence.kind].format(effect=told, arms=_named(evidence.arms))


def _strongest(found: Finding) -> str:
    """Return the effect that decides: the largest of those that speak as the finding does."""
    word = Word.FOR if found.word is Word.NOT_SEPARATED else found.word
    speaking = [
        each.effect for each in found.evidence if each.effect is not None and each.speaks is word
    ]
    most = max(speaking, key=lambda each: abs(each.value), default=None)
    return "" if most is None else f"{most.value:.2f} ({most.low:.2f} to {most.high:.2f})"


def _named(arms: Sequence[str]) -> str:
    return ", ".join(arms) if len(arms) < 4 else f"{len(arms)} of them"
