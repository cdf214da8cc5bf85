"""datatrove: near duplicates in its four stages, word 5-grams, 14 bands of 8.

python datatrove_minhash.py SHARDS OUT WORKERS
"""

import shutil
import sys
from pathlib import Path

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.dedup.minhash import (
    MinhashConfig,
    MinhashDedupBuckets,
    MinhashDedupCluster,
    MinhashDedupFilter,
    MinhashDedupSignature,
)
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers.jsonl import JsonlWriter


def main() -> None:
    shards, out, workers = sys.argv[1], sys.argv[2], int(sys.argv[3])
    shutil.rmtree(out, ignore_errors=True)
    config = MinhashConfig(n_grams=5, num_buckets=14, hashes_per_bucket=8)

    def run(number: int, tasks: int, *steps: object) -> None:
        LocalPipelineExecutor(
            pipeline=list(steps),
            tasks=tasks,
            workers=min(workers, tasks),
            logging_dir=f"{out}/logs_{number}",
        ).run()

    def read() -> JsonlReader:
        return JsonlReader(shards, glob_pattern="*.jsonl")

    files = len(list(Path(shards).iterdir()))
    signatures, buckets, remove = (f"{out}/{name}" for name in ("signatures", "buckets", "remove"))
    run(1, files, read(), MinhashDedupSignature(signatures, config=config))
    run(2, config.num_buckets, MinhashDedupBuckets(signatures, buckets, config=config))
    run(3, 1, MinhashDedupCluster(buckets, remove, config=config))
    run(4, files, read(), MinhashDedupFilter(remove), JsonlWriter(f"{out}/kept", compression=None))


if __name__ == "__main__":
    main()
