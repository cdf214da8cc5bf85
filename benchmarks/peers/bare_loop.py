"""The floor of job io: parse each line with orjson and copy it. Nothing else.

python bare_loop.py JOB SHARDS OUT WORKERS     jobs: io
"""

import shutil
import sys
from pathlib import Path

import orjson

shards, out = Path(sys.argv[2]), Path(sys.argv[3])
shutil.rmtree(out, ignore_errors=True)
out.mkdir(parents=True)
with (out / "kept.jsonl").open("wb") as kept:
    for shard in sorted(shards.glob("*.jsonl")):
        with shard.open("rb") as lines:
            for line in lines:
                orjson.loads(line)
                kept.write(line)
