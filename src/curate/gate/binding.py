"""Rules held against what there is: a rule about something that is not there is a mistake."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from curate.errors import UsageError, suggest
from curate.gate.audits import Report, good, words
from curate.gate.policy import Named
from curate.gate.rules import Audit, Comparison, Measure, Rule
from curate.visible import inline

_SOME = Comparison(Measure("read"), ">=", Decimal(1))
"""Nothing at all is no proof of anything."""


def bound(
    policy: Sequence[Named] | None,
    steps: Sequence[str] | None,
    reports: Sequence[Report],
    *,
    rows: bool,
) -> tuple[Named, ...]:
    """Return the rules of a gate: that rows are read, and its policy, or that no step hits.

    Args:
        policy: None where none was given.
        steps: The names of all steps; None where a target is too damaged to know them.
        reports: The audits.
        rows: Whether any target has rows.

    Raises:
        UsageError: lists the rules about steps, audits or rows that are not there, and the audits
            that no rule is about.
    """
    if policy is None:
        policy = tuple(_implied(steps or (), reports))
    wrong = [
        f"{named.place}: {told}" if named.place else told
        for named in policy
        if (told := _missing(named.rule, steps, reports, rows=rows))
    ]
    wrong += _unasked(policy, reports)
    if wrong:
        raise UsageError("\n".join(wrong))
    asks = any(isinstance(n.rule, Comparison) and n.rule.measure.kind == "read" for n in policy)
    some = [] if asks or not rows else [Named(_SOME, str(_SOME))]
    return (*some, *policy)


def excuses(rules: Sequence[Named], kind: str) -> bool:
    """Say whether a rule says how many `quarantined` or `unreadable` rows there may be."""
    return any(
        isinstance(named.rule, Comparison)
        and named.rule.caps
        and named.level == "error"
        and named.rule.measure.kind == kind
        for named in rules
    )


def _implied(steps: Sequence[str], reports: Sequence[Report]) -> Iterator[Named]:
    """Yield what holds without a policy: no step hits, every audit ended well."""
    for step in dict.fromkeys(steps):
        rule: Rule = Comparison(Measure("hits", step), "==", Decimal(0))
        yield Named(rule, inline(str(rule)))
    for card in dict.fromkeys(report.card for report in reports):
        rule = Audit(card, good())
        yield Named(rule, inline(str(rule)))


def _unasked(policy: Sequence[Named], reports: Sequence[Report]) -> Iterator[str]:
    """Yield that nothing would come of an audit."""
    asked = {named.rule.name for named in policy if isinstance(named.rule, Audit)}
    for report in reports:
        if report.card not in asked:
            rule = Audit(report.card, good())
            yield (
                f"{report.path}: no rule of the policy asks for this audit; one such as "
                f"`{rule}` would; if it is a row, give its file a name that ends in .jsonl"
            )


def _missing(
    rule: Rule, steps: Sequence[str] | None, reports: Sequence[Report], *, rows: bool
) -> str:
    """Say what a rule speaks of that is not there, or nothing."""
    if isinstance(rule, Audit):
        cards = {report.card for report in reports}
        if rule.name not in cards:
            close = suggest(rule.name, cards) or "; name its saved report among the targets"
            return f"audit.{rule.name}: no audit of {rule.name!r} was given{close}"
        odd = next((word for word in rule.words if word not in words()), None)
        if odd is not None:
            return f"audit.{rule.name}: no audit ends in {odd!r}{suggest(odd, words())}"
        return ""
    if not rows:
        return f"{rule}: no target has rows to count"
    if isinstance(rule, Comparison) and rule.measure.kind == "hits":
        name = rule.measure.name or ""
        if steps is not None and name not in steps:
            close = suggest(name, steps) or "; the targets have no steps, name a --plan"
            return f"hits.{name}: no step {name!r}{close}"
    return ""
