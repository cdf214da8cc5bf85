"""NeMo Curator: reader, two scored filters and writer on Ray Data. Its deduplication needs a GPU.

python nemo_job.py JOB SHARDS OUT WORKERS     jobs: io, ab
"""

import os
import shutil
import sys

os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
os.environ["HF_HUB_OFFLINE"] = "1"

import ray
from nemo_curator.backends.ray_data import RayDataExecutor
from nemo_curator.pipeline import Pipeline
from nemo_curator.stages.text.filters import DocumentFilter, ScoreFilter
from nemo_curator.stages.text.io.reader import JsonlReader
from nemo_curator.stages.text.io.writer import JsonlWriter
from spec import good_prose, no_pattern


class Patterns(DocumentFilter):
    def score_document(self, text: str) -> bool:
        return no_pattern(text)

    def keep_document(self, scores: bool) -> bool:
        return scores


class Prose(DocumentFilter):
    def score_document(self, text: str) -> bool:
        return good_prose(text)

    def keep_document(self, scores: bool) -> bool:
        return scores


def main() -> None:
    job, shards, out, workers = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
    shutil.rmtree(out, ignore_errors=True)
    ray.init(num_cpus=workers, include_dashboard=False, log_to_driver=False)
    pipeline = Pipeline(name=job, description=job)
    pipeline.add_stage(JsonlReader(file_paths=shards, files_per_partition=1))
    for rule in [Patterns(), Prose()] if job == "ab" else []:
        pipeline.add_stage(ScoreFilter(rule, text_field="text"))
    pipeline.add_stage(JsonlWriter(path=f"{out}/kept"))
    pipeline.run(RayDataExecutor())


if __name__ == "__main__":
    main()
