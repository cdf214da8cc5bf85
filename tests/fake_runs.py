"""Small real runs to look at: a few rows, a filter that finds secrets, one that scores."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from curate import plan, registry
from curate.api import Context, Filter, RecordFilter, Rule, Verdict
from curate.engine.run import Options, run
from curate.io import sources
from curate.records import Record

SECRET = "sk-aaBBccDDeeFF00112233"

PLAN = """
steps:
  - {use: secrets, do: drop}
  - {use: size, when: {at_least: 100}, do: flag}
"""


class Secrets(RecordFilter):
    """Finds `sk-…` in any turn; lists at most two."""

    name = "secrets"
    low, high = 0.0, math.inf
    rule = Rule(at_least=1)

    def judge(self, record: Record) -> Verdict:
        spans = [
            [n, match.start(), match.end(), "key"]
            for n, turn in enumerate(record.turns)
            for match in re.finditer(r"sk-\w+", turn.text)
        ]
        if not spans:
            return Verdict(0.0)
        evidence = {"spans": spans[:2], "matches": len(spans), "sensitive": True}
        return Verdict(float(len(spans)), "api-key", evidence)


class Size(RecordFilter):
    """Scores the characters of the response; abstains where there are none."""

    name = "size"
    low, high = 0.0, math.inf

    def judge(self, record: Record) -> Verdict:
        size = len(record.response)
        return Verdict(float(size), "long" if size > 50 else "") if size else Verdict(None, "empty")


class Quoting(RecordFilter):
    """Hits everything and says where the first `x` is, and in its own words what it read."""

    name = "quoting"

    def judge(self, record: Record) -> Verdict:
        at = record.response.find("x")
        return Verdict(1.0, "quoted", {"spans": [[1, at, at + 1]], "raw": record.response})


FILTERS: Sequence[type[Filter]] = (Secrets, Size, Quoting)


def row(name: str, question: str = "why?", answer: str = "because", **more: Any) -> bytes:
    """Return one row of messages with its terminator."""
    messages = [
        {"role": "user", "content": question},
        {"role": "assistant", "content": answer},
    ]
    return json.dumps({"id": name, "messages": messages} | more).encode() + b"\n"


def make_run(folder: Path, rows: Sequence[bytes], text: str = PLAN) -> Path:
    """Run a plan over rows in `folder`/c.jsonl and return the run directory."""
    corpus = folder / "c.jsonl"
    corpus.write_bytes(b"".join(rows))
    entries = {cls.name: registry.Entry(cls, "fakes", "1") for cls in FILTERS}
    resolved = registry.resolve(plan.loads(text), registry.Registry(entries))
    options = Options(executor="threads", workers=1)
    run(resolved, sources.expand([str(corpus)]), folder / "run", options, Context())
    return folder / "run"


def facts(run: Path) -> dict[str, Any]:
    """Return what `run.json` says."""
    return json.loads((run / "run.json").read_text("utf-8"))


def write_facts(run: Path, told: Mapping[str, Any]) -> None:
    """Make `run.json` say something else."""
    (run / "run.json").write_text(json.dumps(told), "utf-8")
