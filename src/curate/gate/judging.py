"""How the rules come out, given all that was counted, and what that makes of the gate."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from curate.gate.audits import UNRESOLVED as NOTHING_TO_SAY
from curate.gate.audits import Report
from curate.gate.binding import excuses
from curate.gate.result import EXIT, UNRESOLVED, Judged, State, Status
from curate.gate.rules import Audit, Comparison, Measure, Rule, Teachers
from curate.gate.watching import Tally, Watch
from curate.visible import inline

SHOWN = 10
"""Teachers named at most."""


@dataclass(frozen=True, slots=True)
class Seen:
    """All that rules are held against."""

    watch: Watch
    reports: Sequence[Report]
    abstained: Mapping[str, int]
    """Step -> rows it could not tell."""
    whole: bool
    """Every target was read to its end."""


def judge(seen: Seen) -> tuple[Judged, ...]:
    """Return how every rule came out, in order."""
    return tuple(_judged(tally, seen) for tally in seen.watch.tallies)


def unjudged(watch: Watch) -> Iterable[str]:
    """Yield why rows that were read could not be judged, as far as no rule allows for them."""
    for file in watch.cut:
        yield f"{file}: the array does not end where the file does; the last row may be many"
    rules = [tally.named for tally in watch.tallies]
    open_ = watch.fates["quarantined"]
    if excuses(rules, "quarantined"):
        open_ = 0
    elif excuses(rules, "unreadable"):
        open_ -= watch.unreadable
    if open_:
        yield (
            f"{_rows(open_)} could not be judged and would be quarantined; a rule such as "
            "`quarantined <= 5` says how many there may be"
        )
    if watch.strangers:
        are = "is no record" if watch.strangers == 1 else "are no records"
        yield f"{_rows(watch.strangers)} {are}: no known shape, or no turns in it"


def status(rules: Sequence[Judged], incomplete: Sequence[str]) -> Status:
    """Return the worst that is known: incomplete, else failed, else passed."""
    if incomplete or any(rule.state == "not evaluated" for rule in rules):
        return "incomplete"
    return "failed" if any(rule.fails for rule in rules) else "passed"


def exit_code(found: Status, rules: Sequence[Judged], seen: Seen) -> int:
    """Return the exit code; a failure by unresolved audits alone has one of its own."""
    if found == "failed":
        pairs = zip(seen.watch.tallies, rules, strict=True)
        failed = [tally.named.rule for tally, rule in pairs if rule.fails]
        if all(_only_unresolved(rule, seen.reports) for rule in failed):
            return UNRESOLVED
    return EXIT[found]


def _only_unresolved(rule: Rule, reports: Sequence[Report]) -> bool:
    if not isinstance(rule, Audit):
        return False
    bad = [r.word for r in reports if r.card == rule.name and r.word not in rule.words]
    return all(word == NOTHING_TO_SAY for word in bad)


def _judged(tally: Tally, seen: Seen) -> Judged:
    named = tally.named
    state, told = _come_out(named.rule, tally, seen)
    return Judged(
        name=inline(named.name),
        rule=inline(str(named.rule)),
        level=named.level,
        why=inline(named.why),
        place=inline(named.place),
        state=state,
        told=inline(told),
        count=tally.count,
        known=tally.known,
    )


def _come_out(rule: Rule, tally: Tally, seen: Seen) -> tuple[State, str]:
    match rule:
        case Audit(name=name, words=words):
            found = [report for report in seen.reports if report.card == name]
            told = "; ".join(f"{r.word} ({r.path})" for r in found)
            return ("passed" if all(r.word in words for r in found) else "failed"), told
        case Teachers():
            told = _rows(tally.count) + _named_by(tally, seen.watch)
            return _state(holds=not tally.count, sure=tally.count > 0 or seen.whole), told
        case Comparison():
            count, whole = _value(rule, tally, seen.watch)
            holds = rule.holds(count, whole)
            lasts = rule.caps and not rule.measure.fraction and not holds
            told = _measured(rule.measure, count, whole) + _beside(rule.measure, tally, seen)
            return _state(holds=holds, sure=lasts or seen.whole), told


def _state(*, holds: bool, sure: bool) -> State:
    if not sure:
        return "not evaluated"
    return "passed" if holds else "failed"


def _value(rule: Comparison, tally: Tally, watch: Watch) -> tuple[int, int]:
    """Return what a measure is, and the whole it is a share of."""
    measure, read = rule.measure, watch.fates.total()
    whole = watch.fates["kept"] if measure.kind == "teacher" else read
    if rule.caps:
        return tally.count, whole
    counts = {"read": read, "unreadable": watch.unreadable}
    if measure.kind == "hits":
        return watch.hits[measure.name or ""], whole
    if measure.kind == "teacher":
        return watch.teachers[measure.name], whole
    return counts.get(measure.kind, watch.fates[measure.kind]), whole


def _measured(measure: Measure, count: int, whole: int) -> str:
    if not measure.fraction:
        return _rows(count)
    return f"{float(Fraction(count, max(whole, 1))):.4g} ({count:,} of {_rows(whole)})"


def _beside(measure: Measure, tally: Tally, seen: Seen) -> str:
    told = f", {tally.known:,} more in the baseline" if tally.known else ""
    if measure.kind == "hits" and (unsure := seen.abstained.get(measure.name or "", 0)):
        told += f"; it could not tell of {_rows(unsure)}"
    named = measure.kind == "teacher" and measure.name is not None
    if named and not seen.watch.teachers[measure.name]:
        told += f"; named are {_listed(seen.watch)}"
    return told


def _named_by(tally: Tally, watch: Watch) -> str:
    known = f", {tally.known:,} more in the baseline" if tally.known else ""
    return f"{known}; named are {_listed(watch)}" if watch.teachers else known


def _listed(watch: Watch) -> str:
    names = [name for name, _ in watch.teachers.most_common() if name is not None]
    shown = [name for name in names if name not in watch.hidden][:SHOWN]
    more = len(names) - len(shown)
    told = [", ".join(shown)] * bool(shown) + [f"{more:,} more"] * bool(more)
    return " and ".join(told) if told else "none"


def _rows(count: int) -> str:
    return f"{count:,} row{'s' * (count != 1)}"
