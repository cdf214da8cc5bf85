"""The gate: every row of every target is watched, then the rules come out."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from curate import __version__
from curate.api import Context
from curate.engine.run import Options, Progress, run
from curate.errors import CurateError, InputError, PluginError, UsageError
from curate.gate.baseline import Baseline
from curate.gate.binding import bound
from curate.gate.breakdowns import unquoted
from curate.gate.judging import Seen, exit_code, judge, status, unjudged
from curate.gate.listening import Listener
from curate.gate.opening import Opened
from curate.gate.policy import Named
from curate.gate.result import Counts, Result, Target
from curate.gate.run_reading import facts_of, watch_run
from curate.gate.watching import LISTED, Tell, Watch, caps
from curate.ledger import FATES
from curate.registry import Resolved
from curate.visible import inline


@dataclass(frozen=True)
class Request:
    """What is judged, and by what."""

    opened: Opened
    plan: Resolved
    """What corpora are run through."""
    ctx: Context
    options: Options
    policy: Sequence[Named] | None = None
    """None: no step may hit, and every audit must have ended well."""
    baseline: Baseline = field(default_factory=Baseline)
    unmask: bool = False
    listed: int = LISTED
    """Findings listed at most."""
    accepting: bool = False
    """A baseline is being made."""


@dataclass(frozen=True, slots=True)
class Gated:
    """The result, and what a baseline would have to accept for it to pass."""

    result: Result
    accepted: Baseline


def gate(
    request: Request,
    tell: Tell = lambda _finding: None,
    progress: Progress = lambda _books, _fraction: None,
) -> Gated:
    """Hold the rules against every row of the targets. Writes nothing.

    Args:
        request: What is judged, and by what.
        tell: Called with a finding as soon as it is sure that its rule fails.
        progress: Called as a run goes on.

    Raises:
        UsageError: a rule speaks of something that is not there, or there is nothing to judge.
    """
    opened = request.opened
    if opened.corpora and request.policy is None and not request.plan.steps:
        raise UsageError("nothing to judge a corpus by: give --plan, --policy or both")
    incomplete: list[str] = []
    runs = list(_whole(opened.runs, incomplete, unmask=request.unmask))
    rules = _rules(request, [facts for _, facts in runs])
    watch = Watch(rules, request.baseline, tell, listed=request.listed, accepting=request.accepting)
    abstained: Counter[str] = Counter()
    if opened.corpora:
        with _noting(incomplete, unmask=request.unmask):
            abstained.update(_abstained(_run(request, watch, progress)))
    for number, (path, facts) in enumerate(runs, 1):
        with _noting(incomplete, unmask=request.unmask):
            watch_run(path, facts, watch, number, unmask=request.unmask)
            abstained.update(_abstained(facts))
    return _gated(request, Seen(watch, opened.reports, abstained, not incomplete), incomplete)


@contextmanager
def _noting(incomplete: list[str], *, unmask: bool) -> Iterator[None]:
    """Note what keeps a target from being read to its end; a wrong command is not of that kind.

    Args:
        incomplete: Gets the reason.
        unmask: Say it as a plugin said it, who may quote a row.
    """
    try:
        yield
    except KeyboardInterrupt:
        incomplete.append("interrupted")
    except OSError as error:
        incomplete.append(f"{error.filename or 'an input'}: {error.strerror or error}")
    except PluginError as error:
        incomplete.append(str(error) if unmask else unquoted(str(error)))
    except CurateError as error:
        if isinstance(error, UsageError) and not isinstance(error, InputError):
            raise
        incomplete.append(str(error))


def _whole(
    runs: Sequence[Path], incomplete: list[str], *, unmask: bool
) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield the runs that can be relied on; note why others cannot."""
    for path in runs:
        with _noting(incomplete, unmask=unmask):
            yield path, facts_of(path)


def _rules(request: Request, facts: Sequence[Mapping[str, Any]]) -> tuple[Named, ...]:
    """Return the rules, each about something that is there."""
    opened = request.opened
    steps = [step["name"] for each in facts for step in each["steps"]]
    if opened.corpora:
        steps += [step.name for step in request.plan.steps]
    known = steps if len(facts) == len(opened.runs) else None
    rows = bool(opened.corpora or opened.runs)
    return bound(request.policy, known, opened.reports, rows=rows)


def _run(request: Request, watch: Watch, progress: Progress) -> Mapping[str, Any]:
    """Run the plan over the corpora, the watch listening; return what `run.json` would say."""
    corpora, plan = request.opened.corpora, request.plan
    formats = {source.name: source.format for source in corpora}
    close = watch.names_teachers or not plan.steps
    sensitive = {step.name for step in plan.steps if step.filter.hides()}
    listener = Listener(watch, 0, formats, sensitive, close=close, unmask=request.unmask)
    return run(plan, corpora, listener, request.options, request.ctx, progress)


def _abstained(facts: Mapping[str, Any]) -> dict[str, int]:
    return {step["name"]: step["abstained"] for step in facts["steps"]}


def _gated(request: Request, seen: Seen, incomplete: list[str]) -> Gated:
    """Return the result of what was seen."""
    watch, rules = seen.watch, judge(seen)
    incomplete = [*incomplete, *unjudged(watch)]
    found = status(rules, incomplete)
    failed = [
        tally
        for tally, rule in zip(watch.tallies, rules, strict=True)
        if rule.state == "failed" and caps(tally.named.rule)
    ]
    findings = sorted(
        (finding for tally in failed for finding in tally.findings),
        key=lambda finding: (finding.target, finding.index),
    )
    result = Result(
        curate=__version__,
        status=found,
        exit_code=exit_code(found, rules, seen),
        incomplete=tuple(map(inline, incomplete)),
        targets=tuple(_targets(request.opened)),
        counts=Counts(
            read=watch.fates.total(),
            unreadable=watch.unreadable,
            **{fate: watch.fates[fate] for fate in FATES},
        ),
        rules=rules,
        findings=tuple(findings),
        folded=sum(tally.count for tally in failed) - len(findings),
        stale=request.baseline.stale(watch.seen) if seen.whole else (),
    )
    accepted = (each for tally in failed for each in tally.accepted.values())
    return Gated(result, Baseline.of(accepted))


def _targets(opened: Opened) -> Iterator[Target]:
    yield from (Target(kind="corpus", name=inline(source.name)) for source in opened.corpora)
    yield from (Target(kind="run", name=inline(str(path))) for path in opened.runs)
    yield from (Target(kind="audit", name=inline(report.path)) for report in opened.reports)
