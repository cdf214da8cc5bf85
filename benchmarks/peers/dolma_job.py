"""dolma: tag, dedupe and mix through its command line, as its documentation does.

python dolma_job.py JOB SHARDS OUT WORKERS     jobs: io, ab, abc
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

DOLMA = Path(sys.executable).with_name("dolma")
TAGGERS = Path(__file__).with_name("dolma_taggers.py")

job, shards, out, workers = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4]
shutil.rmtree(out, ignore_errors=True)
(out / "documents").mkdir(parents=True)  # dolma finds attributes by this folder's name
for shard in sorted(shards.glob("*.jsonl")):
    (out / "documents" / shard.name).symlink_to(shard.resolve())
documents = f"{out}/documents/*.jsonl"


def dolma(verb: str, config: dict[str, object]) -> None:
    path = out / f"{verb}.json"
    path.write_text(json.dumps(config))
    subprocess.run([DOLMA, "-c", path, verb], check=True)


attributes, exclude = [], []
if job in ("ab", "abc"):
    tag = [DOLMA, "tag", "--documents", documents, "--taggers", "bench", "--tagger_modules"]
    subprocess.run([*tag, TAGGERS, "--processes", workers, "--experiment", "tags"], check=True)
    attributes.append("tags")
    name = "tags__bench__drop"
    exclude.append(f"$.attributes[?(@.{name} && @.{name}[0] && @.{name}[0][2] >= 0.5)]")
if job == "abc":
    dedupe = {
        "documents": [documents],
        "dedupe": {
            "name": "duplicates",
            "documents": {"attribute_name": "duplicate", "key": "$.text"},
            "skip_empty": True,
        },
        "bloom_filter": {
            "file": f"{out}/bloom.bin",
            "read_only": False,
            "estimated_doc_count": 1_000_000,
            "desired_false_positive_rate": 1e-8,
        },
        "processes": int(workers),
    }
    dolma("dedupe", dedupe)
    attributes.append("duplicates")
    # `>= 1.0` would not match the integer 1 that dedupe writes, and would keep every duplicate
    exclude.append("$.attributes[?(@.duplicate && @.duplicate[0] && @.duplicate[0][2] >= 1)]")

stream = {
    "name": "kept",
    "documents": [documents],
    "attributes": attributes,
    "output": {"path": f"{out}/kept", "max_size_in_bytes": 10**10},
    # mix insists on a filter; a path that leads nowhere is the cheapest that keeps everything
    "filter": {"include": [], "exclude": exclude or ["$.nothing"], "syntax": "jsonpath"},
}
dolma("mix", {"streams": [stream], "processes": int(workers), "shuffle": False})
