"""HF datasets: load_dataset("json"), filter, to_json; duplicates by a hash column and a set.

python datasets_job.py JOB SHARDS OUT WORKERS     jobs: io, ab, abc
"""

import hashlib
import os
import shutil
import sys
from pathlib import Path

job, shards, out, workers = sys.argv[1], Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
shutil.rmtree(out, ignore_errors=True)
os.environ["HF_HOME"] = f"{out}/home"
os.environ["HF_DATASETS_CACHE"] = f"{out}/cache"
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["HF_DATASETS_DISABLE_PROGRESS_BARS"] = "1"

from datasets import load_dataset  # noqa: E402  (reads the environment when imported)
from spec import good_prose, no_pattern  # noqa: E402


def hashed(text: str) -> dict[str, str]:
    return {"hash": hashlib.blake2b(text.encode(), digest_size=16).hexdigest()}


processes = workers if workers > 1 else None
files = sorted(map(str, shards.glob("*.jsonl")))
rows = load_dataset("json", data_files=files, split="train", num_proc=processes)
if job in ("ab", "abc"):
    rows = rows.filter(no_pattern, input_columns="text", num_proc=processes)
    rows = rows.filter(good_prose, input_columns="text", num_proc=processes)
if job == "abc":
    seen: set[str] = set()

    def first(key: str) -> bool:
        new = key not in seen
        seen.add(key)
        return new

    rows = rows.map(hashed, input_columns="text", num_proc=processes)
    rows = rows.filter(first, input_columns="hash").remove_columns("hash")
rows.to_json(f"{out}/kept.jsonl", num_proc=processes, force_ascii=False)
