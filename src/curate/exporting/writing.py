"""Files and folders that hold a table, written batch by batch."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from curate.extras import need

Write = Callable[[Any], object]
"""Takes the next record batch."""
Writer = Callable[[Path, Any], AbstractContextManager[Write]]
"""Begins a table of a schema at a path that is not there yet; it is whole when it is left."""


@contextmanager
def parquet(path: Path, schema: Any) -> Iterator[Write]:
    """Write a Parquet file, a batch a row group, with checksums of its pages."""
    module = need("pyarrow.parquet", "datasets")
    with module.ParquetWriter(path, schema, compression="zstd", write_page_checksum=True) as out:
        yield out.write_batch


@contextmanager
def arrow(path: Path, schema: Any) -> Iterator[Write]:
    """Write an Arrow file."""
    pa = need("pyarrow", "datasets")
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, schema) as out:
        yield out.write_batch


@contextmanager
def dataset(path: Path, schema: Any) -> Iterator[Write]:
    """Write a folder that `datasets.load_from_disk` reads; the library itself writes it."""
    pa, datasets = need("pyarrow", "datasets"), need("datasets", "datasets")
    rows = path.with_name(path.name + ".rows")
    with pa.OSFile(str(rows), "wb") as file, pa.ipc.new_stream(file, schema) as out:
        yield out.write_batch
    shown = not datasets.are_progress_bars_disabled()
    datasets.disable_progress_bars()
    try:
        datasets.Dataset.from_file(str(rows)).save_to_disk(path)
    finally:
        if shown:
            datasets.enable_progress_bars()
    rows.unlink()


WRITERS: dict[str, Writer] = {"parquet": parquet, "arrow": arrow, "dataset": dataset}
