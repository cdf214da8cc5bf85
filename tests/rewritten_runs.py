"""Small real runs that rewrite: a filter that finds a word, a rewriter that has other words."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from curate import plan, registry
from curate.api import (
    Context,
    Filter,
    GaveUp,
    Hit,
    RecordFilter,
    Replacement,
    Rewrite,
    Rewriter,
    Verdict,
)
from curate.engine.run import Options, run
from curate.io import sources
from curate.records import Record
from fake_runs import FILTERS

PLAN = """
steps:
  - {use: secrets, do: flag}
  - use: holds
    do: {rewrite: {use: cleaner}, guards: [], length: [0, 100]}
  - {use: size, when: {at_least: 1000}, do: drop}
"""


class Holds(RecordFilter):
    """Hits where the response holds a word, and says where."""

    name = "holds"
    word: str = "bad"
    sensitive: bool = False

    def judge(self, record: Record) -> Verdict:
        at = record.response.find(self.word)
        turn = record.response_turn
        if at < 0 or turn is None:
            return Verdict(0.0)
        evidence: dict[str, Any] = {"spans": [[turn, at, at + len(self.word), self.word]]}
        if self.sensitive:
            evidence["sensitive"] = True
        return Verdict(1.0, f"has_{self.word}", evidence)


class Cleaner(Rewriter):
    """Has a good answer, unless the response says otherwise.

    `stuck` is never cleaned, `twice` at the second attempt, for `none` there is no other answer.
    """

    name = "cleaner"
    word: str = "bad"
    text: str = "a good answer"

    @contextmanager
    def open(self, ctx: Context) -> Iterator[Rewrite]:
        yield lambda hits: [self._answer(hit) for hit in hits]

    def _answer(self, hit: Hit) -> Replacement | GaveUp:
        old = hit.record.response
        if "none" in old:
            return GaveUp("no_pair", {"looked_for": hit.record.prompt_key})
        turn = hit.record.response_turn
        assert turn is not None
        dirty = "stuck" in old or ("twice" in old and hit.attempt == 0)
        text = f"still {self.word}, {hit.attempt}" if dirty else self.text
        return Replacement({turn: text}, "clean-1", evidence={"from": "pool.jsonl:7"})


ALL: Sequence[type[Filter]] = (*FILTERS, Holds)


def make(
    folder: Path, files: Mapping[str, bytes], text: str = PLAN, out: str = "run", **options: Any
) -> Path:
    """Write files into `folder`, run a plan over them and return the run directory."""
    names = []
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        names.append(str(path))
    filters = {cls.name: registry.Entry(cls, "fakes", "1") for cls in ALL}
    rewriters = {Cleaner.name: registry.Entry(Cleaner, "fakes", "1")}
    resolved = registry.resolve(plan.loads(text), registry.Registry(filters, rewriters=rewriters))
    settings = Options(**({"executor": "threads", "workers": 1, "commit_every": 60.0} | options))
    run(
        resolved,
        sources.expand(names, resolved.plan.input.format),
        folder / out,
        settings,
        Context(),
    )
    return folder / out
