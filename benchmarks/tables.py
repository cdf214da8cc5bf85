"""What it costs to read rows from a table, and to write them to one.

    python benchmarks/tables.py [--rows 150000] [--runs 3]

One Parquet file in a single row group, its rows like those of SFT corpora. Each reader goes through
all rows in a process of its own: curate makes JSON lines of them and hashes those (what a run
does), pyarrow makes dictionaries batch by batch, `datasets` yields rows one by one, from the file
as a stream and from a saved folder. CPU seconds are those of the process, reading only; MB is the
most it ever held. Then the same rows are exported by curate, and written by pyarrow without a
look at what they are.
"""

import argparse
import random
import resource
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from apart import apart

WORDS = [
    "".join(random.Random(n).choices("abcdefghijklmnopqrstuvwxyz", k=2 + n % 8))
    for n in range(5000)
]


def row(number: int) -> dict[str, Any]:
    draw = random.Random(number)
    return {
        "id": f"r{number}",
        "messages": [
            {"role": "user", "content": " ".join(draw.choices(WORDS, k=60))},
            {"role": "assistant", "content": " ".join(draw.choices(WORDS, k=150))},
        ],
        "metadata": {"teacher": f"teacher-{number % 5}", "score": draw.random()},
    }


def make(folder: Path, rows: int) -> None:
    import datasets
    import orjson
    import pyarrow as pa
    import pyarrow.parquet as pq

    datasets.disable_progress_bars()
    table = pa.Table.from_pylist([row(number) for number in range(rows)])
    pq.write_table(table, folder / "rows.parquet", row_group_size=rows)
    datasets.Dataset(table).save_to_disk(folder / "saved")
    with (folder / "rows.jsonl").open("wb") as file:
        file.writelines(orjson.dumps(row(number)) + b"\n" for number in range(rows))


def curate(folder: Path) -> Iterator[int]:
    from curate.io.reading import Reader
    from curate.io.sources import expand

    reader = Reader(expand([str(folder / "rows.parquet")]))
    return (segment.lines for segment in reader.segments())


def pyarrow(folder: Path) -> Iterator[int]:
    import pyarrow.parquet as pq

    file = pq.ParquetFile(folder / "rows.parquet")
    return (len(batch.to_pylist()) for batch in file.iter_batches(1000))


def datasets_stream(folder: Path) -> Iterator[int]:
    import datasets

    files = str(folder / "rows.parquet")
    found = datasets.load_dataset("parquet", data_files=files, split="train", streaming=True)
    return (1 for _ in found)


def datasets_saved(folder: Path) -> Iterator[int]:
    import datasets

    return (1 for _ in datasets.load_from_disk(folder / "saved"))


def curate_export(folder: Path) -> Iterator[int]:
    from curate.exporting.export import export
    from curate.exporting.rows import rows
    from curate.exporting.target import Target

    found = rows([str(folder / "rows.jsonl")], "kept")
    yield export(found, Target(folder / "out.parquet", "parquet", force=True)).rows


def pyarrow_write(folder: Path) -> Iterator[int]:
    import orjson
    import pyarrow as pa
    import pyarrow.parquet as pq

    with (folder / "rows.jsonl").open("rb") as file:
        table = pa.Table.from_pylist([orjson.loads(line) for line in file])
    pq.write_table(table, folder / "plain.parquet", compression="zstd")
    yield table.num_rows


READERS: dict[str, Callable[[Path], Iterator[int]]] = {
    "curate, JSON lines and their hash": curate,
    "pyarrow, to_pylist": pyarrow,
    "datasets, streaming": datasets_stream,
    "datasets, saved folder": datasets_saved,
}
WRITERS: dict[str, Callable[[Path], Iterator[int]]] = {
    "curate export, read back and compared": curate_export,
    "pyarrow, orjson and write_table": pyarrow_write,
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=150_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with TemporaryDirectory() as name:
        folder = Path(name)
        apart(make, folder, options.rows)
        size = (folder / "rows.parquet").stat().st_size
        print(f"{options.rows:,} rows, {size / 1e6:.0f} MB of Parquet, best of {options.runs} runs")
        for what in (READERS, WRITERS):
            report(what, folder, options.rows, options.runs)


def report(
    what: dict[str, Callable[[Path], Iterator[int]]], folder: Path, rows: int, runs: int
) -> None:
    best: dict[str, tuple[float, float]] = {}
    for _ in range(runs):
        for name, go in what.items():
            seconds, megabytes, count = apart(measured, folder, go)
            assert count == rows, (name, count)
            best[name] = min(best.get(name, (seconds, megabytes)), (seconds, megabytes))
    first = next(iter(best.values()))[0]
    print(f"\n{'':40}  rows a CPU second   against curate   MB")
    for name, (seconds, megabytes) in best.items():
        print(f"{name:40}  {rows / seconds:17,.0f}   {seconds / first:12.1f} ×   {megabytes:,.0f}")


def measured(folder: Path, go: Callable[[Path], Iterator[int]]) -> tuple[float, float, int]:
    found = go(folder)  # imports and opens
    before = time.process_time()
    count = sum(found)
    seconds = time.process_time() - before
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, count


if __name__ == "__main__":
    main()
