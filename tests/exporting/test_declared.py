"""Types that a table had come back, where the rows still have such values."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from checks import go, write
from curate.errors import UsageError
from curate.exporting.declared import declared
from curate.exporting.export import export
from curate.exporting.rows import rows
from curate.exporting.target import Target
from quiet_datasets import datasets

KINDS = {
    "id": pa.string(),
    "at": pa.timestamp("us"),
    "zoned": pa.timestamp("ms", "UTC"),
    "day": pa.date32(),
    "price": pa.decimal128(6, 2),
    "small": pa.int16(),
    "short": pa.float32(),
    "never": pa.date32(),
    "parts": pa.list_(pa.struct([("on", pa.date64()), ("n", pa.uint8())])),
}
TABLE = pa.table(
    {
        "id": ["a", "b", "bad"],
        "at": [datetime(2026, 1, 2, 3, 4, 5, 6), None, datetime(1, 1, 1)],
        "zoned": [datetime(2026, 1, 2), None, None],
        "day": [date(2026, 1, 2), None, None],
        "price": [Decimal("1.20"), Decimal("-7.00"), None],
        "small": [1, None, -5],
        "short": [0.1, None, 2.5],
        "never": [None, None, None],
        "parts": [[{"on": date(2026, 1, 2), "n": 1}], [], None],
    },
    schema=pa.schema(KINDS.items()),
)


@pytest.fixture
def run(tmp_path) -> Path:
    pq.write_table(TABLE, tmp_path / "in.parquet")
    go("steps: [{use: word, do: drop}]", [tmp_path / "in.parquet"], tmp_path / "run")
    return tmp_path / "run"


def test_a_table_that_went_through_a_run_is_the_same_table(run, tmp_path):
    exported = export(rows([str(run)], "kept"), Target(tmp_path / "out.parquet", "parquet"))
    found = pq.read_table(tmp_path / "out.parquet")
    assert found.cast(TABLE.schema).equals(TABLE.slice(0, 2))
    assert found.schema.remove_metadata().equals(pq.read_schema(tmp_path / "in.parquet"))
    assert (exported.differences, exported.note) == ({}, "")


def test_files_keep_their_types_without_a_run(tmp_path):
    pq.write_table(TABLE, tmp_path / "in.parquet")
    export(rows([str(tmp_path / "*.parquet")], "kept"), Target(tmp_path / "out.arrow", "arrow"))
    found = pa.ipc.open_file((tmp_path / "out.arrow").read_bytes()).read_all()
    assert found.cast(TABLE.schema).equals(TABLE)
    assert found.schema.types[1:4] == [pa.timestamp("us"), pa.timestamp("ms", "UTC"), pa.date32()]


def test_what_stays_text_is_told(tmp_path):
    texts = {
        "raw": pa.array([b"a"], pa.binary(1)), "long": pa.array([b"a"], pa.large_binary()),
        "clock": pa.array([1], pa.time32("s")), "took": pa.array([1], pa.duration("ms")),
        "span": pa.array([(1, 2, 3)], pa.month_day_nano_interval()),
    }  # fmt: skip
    others = {"id": pa.array(["a"], pa.large_string()), "n": [1], "day": pa.array([0], pa.date32())}
    path = tmp_path / "in.arrow"
    table = pa.table(texts | others)
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as out:
        out.write_table(table)
    exported = export(rows([str(path)], "kept"), Target(tmp_path / "out.arrow", "arrow"))
    assert exported.note == "text now, as JSON has it: " + ", ".join(
        f"{name} ({array.type})" for name, array in texts.items()
    )
    assert [exported.columns[name] for name in ("id", "day")] == ["string", "date32[day]"]


def test_datasets_too(run, tmp_path):
    export(rows([str(run)], "kept"), Target(tmp_path / "out", "dataset"))
    found = datasets.load_from_disk(tmp_path / "out")
    assert found[0]["at"] == datetime(2026, 1, 2, 3, 4, 5, 6)
    assert found[0]["price"] == Decimal("1.20")


def test_a_schema_may_be_declared(tmp_path):
    pq.write_table(TABLE, tmp_path / "in.parquet")
    types = declared(str(tmp_path / "in.parquet"))
    corpus = write(tmp_path / "c.jsonl", b'{"id": "x", "day": "2026-01-02", "small": 7}\n')
    found = rows([str(corpus)], "kept")
    export(found, Target(tmp_path / "out.arrow", "arrow"), types=types)
    schema = pa.ipc.open_file((tmp_path / "out.arrow").read_bytes()).schema
    assert schema.types == [pa.string(), pa.date32(), pa.int16()]
    with pytest.raises(UsageError, match="has no schema; name a Parquet or Arrow file"):
        declared(str(corpus))


@pytest.mark.parametrize(
    "line",
    [
        b'{"day": "tomorrow"}',
        b'{"at": "2026-01-02"}',  # no time: as an instant it would be read back with one
        b'{"at": "2026-01-02T03:04:05.0000001"}',
        b'{"price": "1.2"}',
        b'{"small": 40000}',
        b'{"short": 0.1}',  # no float32 has it
    ],
)
def test_values_that_do_not_fit(tmp_path, line):
    pq.write_table(TABLE, tmp_path / "in.parquet")
    types = declared(str(tmp_path / "in.parquet"))
    corpus = write(tmp_path / "c.jsonl", line + b"\n")
    target = Target(tmp_path / "out.parquet", "parquet")
    with pytest.raises(UsageError, match="the rows do not fit the schema"):
        export(rows([str(corpus)], "kept"), target, types=types)
    assert not target.path.exists()


@pytest.mark.parametrize("format", ["parquet", "dataset"])
def test_a_run_whose_rows_no_longer_fit_says_so(tmp_path, format):
    pq.write_table(TABLE, tmp_path / "in.parquet")
    other = write(tmp_path / "more.jsonl", b'{"id": "c", "day": "tomorrow"}\n')
    go("steps: []", [tmp_path / "in.parquet", other], tmp_path / "run")
    exported = export(rows([str(tmp_path / "run")], "kept"), Target(tmp_path / "out", format))
    assert exported.rows == 4
    assert exported.columns["day"] == "string"
    assert "which do not fit" in exported.note
