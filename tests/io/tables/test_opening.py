import random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from curate.errors import InputError
from curate.io.reading import Reader
from curate.io.sources import expand
from curate.io.tables import opening

TABLE = pa.table(
    {
        "id": [f"r{n}" for n in range(400)],
        "text": [f"{n} words and {'more ' * (n % 17)}" for n in range(400)],
        "parts": [[{"kind": "a", "size": float(n)}] * (n % 3) for n in range(400)],
    }
)


def parquet(path, **options):
    pq.write_table(TABLE, path, **{"row_group_size": 90, **options})


def stream(path, **options):
    with (
        pa.OSFile(str(path), "wb") as file,
        pa.ipc.new_stream(file, TABLE.schema, **options) as out,
    ):
        out.write_table(TABLE, max_chunksize=90)


def file(path, **options):
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, TABLE.schema, **options) as out:
        out.write_table(TABLE, max_chunksize=90)


WRITE = {"t.parquet": parquet, "s.arrow": stream, "f.arrow": file}


def read(path):
    reader = Reader(expand([str(path)]))
    return b"".join(segment.read() for segment in reader.segments()), reader


@pytest.mark.parametrize("name", WRITE)
def test_a_table_that_is_cut_off_never_passes(tmp_path, name):
    WRITE[name](tmp_path / name)
    data = (tmp_path / name).read_bytes()
    cuts = {len(data) * n // 10 for n in range(1, 10)}
    for cut in sorted(cuts | {len(data) - n for n in (1, 4, 8, 9)}):
        path = tmp_path / f"cut-{name}"
        path.write_bytes(data[:cut])
        with pytest.raises(InputError, match=f"cut-{name}: the (Parquet|Arrow) data is broken or"):
            read(path)


@pytest.mark.parametrize("name", ["s.arrow", "f.arrow"])
def test_a_mapped_file_that_changes_while_it_is_read(tmp_path, name):
    path = tmp_path / name
    WRITE[name](path)
    with opening.opened(path, "arrow", name) as table:
        assert len(next(table.batches)) == 90
        with path.open("ab") as file_:  # to cut it off would kill us, were it not seen
            file_.write(b"more")
        with pytest.raises(InputError, match=f"{name}: .* it changed while it was read"):
            next(table.batches)


def test_a_stream_that_ends_between_two_batches_is_cut_off(tmp_path):
    stream(tmp_path / "s.arrow")
    data = (tmp_path / "s.arrow").read_bytes()
    (tmp_path / "cut.arrow").write_bytes(data[:-8])
    assert sum(len(batch) for batch in pa.ipc.open_stream(data[:-8])) == 400  # Arrow takes it
    with pytest.raises(InputError, match="the mark that ends a stream"):
        read(tmp_path / "cut.arrow")
    (tmp_path / "two.arrow").write_bytes(data + data)
    with pytest.raises(InputError, match="the mark that ends a stream"):
        read(tmp_path / "two.arrow")


@pytest.mark.parametrize("name", WRITE)
def test_damage_is_refused_or_changes_what_is_read_but_never_crashes(tmp_path, name):
    options = {"write_page_checksum": True} if name == "t.parquet" else {}
    WRITE[name](tmp_path / name, **options)
    data = (tmp_path / name).read_bytes()
    draw = random.Random(5)
    refused = 0
    for _ in range(60):
        damaged = bytearray(data)
        for _ in range(8):
            damaged[draw.randrange(8, len(data))] ^= 1 << draw.randrange(8)
        path = tmp_path / f"damaged-{name}"
        path.write_bytes(damaged)
        try:
            read(path)
        except InputError:
            refused += 1
    assert refused > 0
    if name == "t.parquet":  # its pages have checksums
        assert refused > 50


@pytest.mark.parametrize("codec", ["lz4", "zstd"])
def test_compressed_record_batches(tmp_path, codec):
    options = pa.ipc.IpcWriteOptions(compression=codec)
    stream(tmp_path / "s.arrow")
    file(tmp_path / "f.arrow", options=options)
    assert read(tmp_path / "s.arrow")[0] == read(tmp_path / "f.arrow")[0]


@pytest.mark.parametrize("name", WRITE)
def test_progress_comes_to_its_end(tmp_path, monkeypatch, name):
    monkeypatch.setattr(opening, "BATCH", 90)
    WRITE[name](tmp_path / name)
    reader = Reader(expand([str(tmp_path / name)]), lines=50)
    shares = [reader.fraction() for _ in reader.segments()]
    assert shares == sorted(shares)
    assert 0 < shares[0] < 0.5
    assert reader.fraction() == 1.0
    assert reader.files[0].stored == (tmp_path / name).stat().st_size


def test_two_columns_of_one_name(tmp_path):
    columns = [pa.array([1]), pa.array([2])]
    pq.write_table(pa.Table.from_arrays(columns, ["a", "a"]), tmp_path / "t.parquet")
    with pytest.raises(InputError, match="two fields are called 'a', and a JSON object can hold"):
        read(tmp_path / "t.parquet")


def test_an_empty_table_and_one_without_columns(tmp_path):
    pq.write_table(TABLE.slice(0, 0), tmp_path / "empty.parquet")
    data, reader = read(tmp_path / "empty.parquet")
    assert (data, reader.files[0].lines) == (b"", 0)
    pq.write_table(TABLE.select([]), tmp_path / "bare.parquet")
    if pq.ParquetFile(tmp_path / "bare.parquet").metadata.num_rows:
        with pytest.raises(InputError, match="has no columns"):
            read(tmp_path / "bare.parquet")
