"""Flag with `linear`, judge the flagged by replay, drop: on rows nobody here wrote."""

import json
from pathlib import Path

from curate import ledger, plan, registry
from curate.api import Context
from curate.cli import main
from curate.engine.run import Options, run
from curate.io import sources
from curate.ledger import Entry
from docs.blocks import ROOT

RUBRIC = "The answer refuses what it was asked for."


def test_real_rows_are_flagged_judged_and_dropped(data_dir: Path, tmp_path: Path) -> None:
    model = tmp_path / "refusing.safetensors"
    labels = ROOT / "examples/judge/labels.jsonl"
    assert main(["fit", "linear", str(labels), "--out", str(model)]) == 0
    corpus = data_dir / "corpora" / "just_eval.Llama-2-7b-chat-hf.jsonl"
    flag = f"- {{use: linear, name: suspects, with: {{model: '{model}'}}, when: {{at_least: 0.9}}}}"
    suspects = flagged(f"steps:\n{flag}\n", corpus, tmp_path / "flagged")
    assert 0 < len(suspects) < 1000

    answers = tmp_path / "answers.jsonl"
    prompts = questions(tmp_path / "flagged")
    scores = [9 if n % 2 else 1 for n in range(len(prompts))]  # a stand-in judge: every second one
    rows = [
        {"messages": messages, "response": json.dumps({"score": score, "reason": "stated"})}
        for messages, score in zip(prompts, scores, strict=True)
    ]
    answers.write_text("".join(json.dumps(row) + "\n" for row in rows))
    judge = f"""- use: judge
  only: suspects
  with: {{rubric: "{RUBRIC}", generator: {{use: replay, with: {{file: '{answers}'}}}}}}
  do: drop"""
    dropped = flagged(f"steps:\n{flag}\n{judge}\n", corpus, tmp_path / "judged", fate="dropped")
    assert dropped == suspects[1::2]


def flagged(text: str, corpus: Path, out: Path, fate: str = "") -> list[str]:
    """Run a plan; return the ids of what the first step hit, or of those with a fate."""
    resolved = registry.resolve(plan.loads(text), registry.load())
    run(resolved, sources.expand([str(corpus)]), out, Options(), Context())
    return [
        entry.id for entry in ledger.entries(out) if (entry.fate == fate if fate else hit(entry))
    ]


def hit(entry: Entry) -> bool:
    return entry.trail[0].hit


def questions(run_dir: Path) -> list[list[dict[str, str]]]:
    """Return what the judge would ask about each flagged row."""
    from curate.filters.judge import Judge
    from curate.generators.replay import Replay
    from curate.looking.choosing import Line
    from curate.looking.views import Views
    from curate.records import Record

    judge = Judge(generator=Replay.model_construct(), rubric=RUBRIC)
    views = Views(ledger.summary(run_dir))
    asked = []
    for entry, row in ledger.rows(run_dir):
        if hit(entry):
            record = Record(row.rstrip(b"\n"), entry.line, entry.file, views.of(Line(entry, row)))
            prompt = next(judge.flow(record))
            asked.append([message._asdict() for message in prompt.messages])
    return asked
