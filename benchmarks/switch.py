"""How many rows a second a teacher switch takes: replay from an index, judged again, ledger on.

    python benchmarks/switch.py --corpora ../shared/data/corpora --rows 100000 --work /tmp/switch

The corpus repeats real answers of one teacher to prompts made distinct by a number, the index has
another teacher's answers to the same prompts. `share` of the rows are hits. CPU seconds are those
of the whole process tree, so rows by CPU second are rows per second per core.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from measure import Usage, measure

OLD, NEW = "Llama-2-7b-chat-hf", "gpt-4-0314"
PLAN = """\
steps:
  - use: select
    with: {{share: {share}}}
    do:
      rewrite: {{use: replay, with: {{index: {index}}}}}
      otherwise: flag
{guards}"""
"""What is hit at random can be hit in any share; nobody judges its new texts, but guards do."""
JUDGED = """\
steps:
  - use: provenance
    with: {{teachers: [{old}]}}
    do:
      rewrite: {{use: replay, with: {{index: {index}}}}}
      otherwise: flag
"""


def copies(corpora: Path, teacher: str, rows: int) -> Iterator[str]:
    lines = (corpora / f"just_eval.{teacher}.jsonl").read_text("utf-8").splitlines()
    for number in range(rows):
        row = json.loads(lines[number % len(lines)])
        row["id"] = f"{teacher}:{number}"
        row["messages"][0]["content"] += f" ({number})"
        row["metadata"]["prompt_id"] = str(number)
        yield json.dumps(row, ensure_ascii=False) + "\n"


def prepare(work: Path, corpora: Path, rows: int) -> None:
    for teacher in (OLD, NEW):
        file = work / f"{teacher}.{rows}.jsonl"
        if not file.exists():
            with file.open("w", encoding="utf-8") as out:
                out.writelines(copies(corpora, teacher, rows))


def curate(work: Path, *arguments: str) -> Usage:
    command = [sys.executable, "-m", "curate", *arguments]
    log = work / "log.txt"
    used = measure(command, log, dict(os.environ))
    if used.code:
        sys.exit(log.read_text("utf-8"))
    return used


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=100_000)
    options = parser.parse_args()
    work, rows = options.work, options.rows
    work.mkdir(parents=True, exist_ok=True)
    prepare(work, options.corpora, rows)
    index, corpus = work / "clean.index", work / f"{OLD}.{rows}.jsonl"
    built = curate(
        work, "index", "build", str(work / f"{NEW}.{rows}.jsonl"), "--out", str(index), "--force"
    )
    size = index.stat().st_size / rows
    print(
        f"index build: {rows / built.cpu:,.0f} rows a CPU second, {size:,.0f} bytes a row, "
        f"{built.rss:.0f} MB"
    )
    plans = {
        "one row in eight hit": PLAN.format(share=0.125, index=index, guards=""),
        "every row hit": PLAN.format(share=1.0, index=index, guards=""),
        "every row hit, no guard": PLAN.format(share=1.0, index=index, guards="      guards: []\n"),
        "every row hit, judged again": JUDGED.format(old=OLD, index=index),
    }
    for name, text in plans.items():
        plan, out = work / "plan.yaml", work / "run"
        plan.write_text(text, "utf-8")
        more = ("--out", str(out), "--fresh", "--workers", "1")
        used = curate(work, "run", str(plan), str(corpus), *more)
        facts = json.loads((out / "run.json").read_text("utf-8"))
        told = facts["steps"][0]["rewrite"]
        print(
            f"{name}: {rows / used.cpu:,.0f} rows a CPU second ({used.cpu:.1f} s, wall "
            f"{used.wall:.1f} s), rewritten {told['rewritten']:,}, {used.rss:.0f} MB a process"
        )
        counts = facts["counts"]
        assert counts["read"] == counts["kept"] == rows
    subprocess.run([sys.executable, "-m", "curate", "verify", str(out)], check=True)


if __name__ == "__main__":
    main()
