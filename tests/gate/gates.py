"""Gates over small corpora: a few rows, fake filters, threads."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from curate import plan, registry
from curate.api import Context, Filter, RecordFilter, Verdict
from curate.engine.run import Options, run
from curate.errors import OutageError
from curate.gate import policy
from curate.gate.gating import Gated, Request, gate
from curate.gate.opening import opened
from curate.gate.result import Result
from curate.io import sources
from curate.records import Record
from fake_runs import FILTERS, PLAN, SECRET, row

LINES = 7
"""Of a segment; the first one decides on the shape, so a run and its gate need the same."""
POLICY = "version: 1\nrules:\n"
CLEAN = row("clean")
BROKEN_ROW = b'{"messages": [\n'
LEAK = row("leak", answer=f"the key is {SECRET} indeed")


class Moody(RecordFilter):
    """Breaks on `break`, is interrupted by `stop`, and its service is away for `away`."""

    name = "moody"

    def judge(self, record: Record) -> Verdict:
        if "break" in record.response:
            raise ValueError(f"cannot read {record.response}")
        if "away" in record.response:
            raise OutageError("the service does not answer")
        return Verdict(0.0)


def resolved(text: str, *more: type[Filter]) -> registry.Resolved:
    kinds: Sequence[type[Filter]] = (*FILTERS, Moody, *more)
    entries = {cls.name: registry.Entry(cls, "fakes", "1") for cls in kinds}
    builtin = registry.load()
    every = replace(builtin, filters={**builtin.filters, **entries})
    return registry.resolve(plan.loads(text), every)


def run_of(folder: Path, rows: Sequence[bytes], text: str = PLAN) -> Path:
    """Run a plan over rows in `folder`/c.jsonl and return the run directory."""
    found = sources.expand([str(corpus(folder, *rows))])
    run(resolved(text), found, folder / "run", Options("threads", lines=LINES), Context())
    return folder / "run"


Steps = str | registry.Resolved


def gated(targets: Sequence[Path], text: Steps = PLAN, rules: str = "", **more: Any) -> Gated:
    """Gate the targets; `rules` is the list of a policy as YAML, none for no policy."""
    tell = more.pop("tell", lambda _: None)
    request = Request(
        opened([str(target) for target in targets], "auto"),
        resolved(text) if isinstance(text, str) else text,
        Context(),
        Options(executor="threads", workers=1, lines=LINES),
        policy.loads(POLICY + rules) if rules else None,
        **more,
    )
    return gate(request, tell)


def judged(targets: Sequence[Path], text: Steps = PLAN, rules: str = "", **more: Any) -> Result:
    return gated(targets, text, rules, **more).result


def corpus(folder: Path, *rows: bytes, name: str = "c.jsonl") -> Path:
    path = folder / name
    path.write_bytes(b"".join(rows))
    return path


def states(result: Result) -> dict[str, str]:
    return {rule.name: rule.state for rule in result.rules}
