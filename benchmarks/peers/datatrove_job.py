"""datatrove: local executor, one task per shard, one Python function per filter.

python datatrove_job.py JOB SHARDS OUT WORKERS [why]     jobs: io, ab, abc, abn
"""

import shutil
import sys
from pathlib import Path

from datatrove.data import Document
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.dedup.exact_dedup import (
    ExactDedupConfig,
    ExactDedupFilter,
    ExactDedupSignature,
    ExactFindDedups,
)
from datatrove.pipeline.filters import (
    GopherQualityFilter,
    GopherRepetitionFilter,
    LambdaFilter,
)
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers.jsonl import JsonlWriter
from spec import good_prose, no_pattern


def patterns(document: Document) -> bool:
    return no_pattern(document.text)


def prose(document: Document) -> bool:
    return good_prose(document.text)


def text_of(document: Document) -> str:
    return document.text


def main() -> None:
    job, shards, out, workers = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
    shutil.rmtree(out, ignore_errors=True)
    tasks = len(list(Path(shards).iterdir()))

    def run(name: str, *steps: object, tasks: int = tasks) -> None:
        LocalPipelineExecutor(
            pipeline=list(steps), tasks=tasks, workers=workers, logging_dir=f"{out}/logs_{name}"
        ).run()

    def read(folder: str = shards) -> JsonlReader:
        return JsonlReader(folder, glob_pattern="*.jsonl")

    def write(name: str) -> JsonlWriter:
        return JsonlWriter(f"{out}/{name}", compression=None)

    def dropped(name: str) -> JsonlWriter | None:
        return write(f"dropped/{name}") if "why" in sys.argv[5:] else None

    if job == "io":
        run("io", read(), write("kept"))
    elif job == "ab":
        run("ab", read(), LambdaFilter(patterns), LambdaFilter(prose), write("kept"))
    elif job == "abn":
        run(
            "abn",
            read(),
            LambdaFilter(patterns, exclusion_writer=dropped("patterns")),
            GopherQualityFilter(exclusion_writer=dropped("gopher_quality")),
            GopherRepetitionFilter(exclusion_writer=dropped("gopher_repetition")),
            write("kept"),
        )
    elif job == "abc":
        config = ExactDedupConfig(content_getter=text_of)
        sign = ExactDedupSignature(f"{out}/signatures", config=config, finder_workers=workers)
        find = ExactFindDedups(f"{out}/signatures", f"{out}/duplicates", config=config)
        drop = ExactDedupFilter(f"{out}/duplicates", config=config)
        run("1", read(), LambdaFilter(patterns), LambdaFilter(prose), write("filtered"), sign)
        run("2", find, tasks=workers)
        run("3", read(f"{out}/filtered"), drop, write("kept"))


if __name__ == "__main__":
    main()
