"""Any JSON rows: exported, read back, and every difference told, no more and no less."""

import json
import math
import string
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.errors import InputError, LedgerError, UsageError
from curate.exporting import tables, writing
from curate.exporting.export import export
from curate.exporting.places import shown
from curate.exporting.rows import rows
from curate.exporting.target import Target
from quiet_datasets import datasets

KEYS = st.sampled_from(["a", "b", "c", "a.b", "", "[]", "ü"]) | st.text(
    string.ascii_letters, max_size=2
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.text(max_size=3),
    st.sampled_from(["\ud800", "a\udfff", "\0", -0.0, 0, 2**53, 2**53 + 1, 2**63, 2**64]),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(KEYS, VALUES, min_size=1, max_size=3)


def write(path: Path, values: list) -> list[str]:
    path.write_text("".join(json.dumps(value) + "\n" for value in values))
    return [str(path)]


def go(folder: Path, values: list, name: str = "out.parquet", format: str = "parquet", **options):
    options = {"allow_changes": True} | options
    found = rows(write(folder / "in.jsonl", values), "kept")
    return export(found, Target(folder / name, format, force=True), **options)


def read(path: Path, format: str) -> list:
    """What Arrow itself gives back, `arrow.json` taken for the JSON that it is."""
    if format == "parquet":
        table = pq.read_table(path)
    elif format == "arrow":
        table = pa.ipc.open_file(path.read_bytes()).read_all()
    else:
        table = datasets.load_from_disk(path).data.table
    return [
        {f.name: plain(v, f.type) for f, v in zip(table.schema, row.values(), strict=True)}
        for row in table.to_pylist()
    ]


def plain(value, kind):
    if value is None:
        return None
    if kind == pa.json_():
        return Stored(json.loads(value))
    if pa.types.is_struct(kind):
        return {field.name: plain(value[field.name], field.type) for field in kind}
    if pa.types.is_list(kind):
        return [plain(item, kind.value_type) for item in value]
    return value


class Stored:
    """A value that stands in the table as JSON text."""

    def __init__(self, value):
        self.value = value


def brute(before, after, path=()):
    """Every difference, found without knowing anything of how the table was made."""
    if isinstance(after, Stored):
        assert json.dumps(after.value) == json.dumps(before)
        return [("json", path)]
    if isinstance(before, dict):
        assert set(before) <= set(after)
        found = [] if [k for k in after if k in before] == list(before) else [("order", path)]
        for key, value in after.items():
            if key in before:
                found += brute(before[key], value, (*path, key))
            else:
                assert value is None
                found.append(("null", (*path, key)))
        return found
    if isinstance(before, list):
        pairs = zip(before, after, strict=True)
        return [each for one, other in pairs for each in brute(one, other, (*path, None))]
    if type(before) is int and type(after) is float:
        assert before == after
        return [("number", path)]
    assert type(before) is type(after)
    assert repr(before) == repr(after)
    return []


def told(exported) -> Counter:
    return Counter({tuple(each): what.count for each, what in exported.differences.items()})


def expected(values, after) -> Counter:
    pairs = zip(values, after, strict=True)
    return Counter(each for one, other in pairs for each in brute(one, other))


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("export")


@given(values=st.lists(OBJECTS, min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
@pytest.mark.parametrize("format", ["parquet", "arrow"])
def test_what_is_told_is_what_a_brute_force_comparison_finds(folder, format, values):
    exported = go(folder, values, f"out.{format}", format)
    assert exported.rows == len(values)
    assert told(exported) == expected(values, read(folder / f"out.{format}", format))


@given(values=st.lists(OBJECTS, min_size=1, max_size=3))
@settings(max_examples=20, deadline=None)
def test_a_folder_of_datasets_too(folder, values):
    exported = go(folder, values, "out", "dataset")
    assert told(exported) == expected(values, read(folder / "out", "dataset"))


DECIDED = {
    "nothing but null": ([None, None], pa.null(), {}),
    "text and null": (["a", None], pa.string(), {}),
    "whole numbers": ([-(2**63), 2**63 - 1], pa.int64(), {}),
    "whole numbers up to 2**64": ([0, 2**64 - 1], pa.uint64(), {}),
    "whole numbers beyond": ([0, 2**64], pa.json_(), {"json": 2}),
    "whole numbers next to others": ([1, 2.5, 3], pa.float64(), {"number": 2}),
    "a whole number no float has": ([2**53 + 1, 0.5], pa.json_(), {"json": 2}),
    "not a number": ([math.nan, math.inf, None], pa.float64(), {}),
    "truth next to numbers": ([True, 1], pa.json_(), {"json": 2}),
    "text next to lists": (["a", [{"type": "text"}]], pa.json_(), {"json": 2}),
    "text that looks like a date": (["2020-01-01T00:00:00"], pa.string(), {}),
    "empty lists": ([[], None], pa.list_(pa.null()), {}),
    "lists": ([[1], [], None, [None]], pa.list_(pa.int64()), {}),
    "objects": ([{"x": 1}, {"y": "a"}], pa.struct([("x", pa.int64()), ("y", pa.string())]),
                {"null": 2}),
    "an optional key": ([{"x": 1, "z": 1}, {"x": 1, "y": 2, "z": 3}],
                        pa.struct([(key, pa.int64()) for key in "xyz"]), {"null": 1}),
    "keys in another order": ([{"x": 1, "y": 2}, {"y": 2, "x": 1}],
                              pa.struct([("x", pa.int64()), ("y", pa.int64())]), {"order": 1}),
    "objects without keys": ([{}, {}], pa.json_(), {"json": 2}),
    "half a surrogate pair": (["\ud83d"], pa.json_(), {"json": 1}),
}  # fmt: skip


@pytest.mark.parametrize("name", DECIDED)
def test_every_mix_has_its_answer(tmp_path, name):
    values, kind, found = DECIDED[name]
    exported = go(tmp_path, [{"v": value} for value in values])
    assert pq.read_schema(tmp_path / "out.parquet").field("v").type.equals(kind)
    counts = Counter()
    for each, what in exported.differences.items():
        counts[each.kind] += what.count
    assert counts == found


def test_objects_with_very_many_keys_and_deep_ones_are_json(tmp_path):
    deep = value = {}
    for _ in range(60):
        value["in"] = [{}]
        value = value["in"][0]
    value["in"] = 1
    wide = {f"k{n}": n for n in range(1001)}
    exported = go(tmp_path, [{"deep": deep, "wide": wide}])
    assert exported.columns["wide"] == "arrow.json"
    assert {each.kind for each in exported.differences} == {"json"}
    with pytest.raises(UsageError, match=r"keys cannot be columns: .*more than 1,000"):
        go(tmp_path, [wide])


def test_changes_are_refused_and_named_and_nothing_is_left(tmp_path):
    values = [{"n": 1, "mixed": "a"}, {"n": 0.5, "mixed": ["b"], "more": 1}]
    with pytest.raises(UsageError) as caught:
        go(tmp_path, values, allow_changes=False)
    lines, place = str(caught.value).splitlines(), f"{tmp_path}/in.jsonl:1"
    assert lines[0].endswith("out.parquet: a table would change values, and was not written:")
    assert sorted(lines[1:3]) == [
        f"  mixed: stored as JSON text, as no type holds all values: 2 (first {place})",
        f"  n: whole numbers became floats (1 is 1.0): 1 (first {place})",
    ]
    assert "--allow-changes" in lines[3]
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]
    exported = go(tmp_path, values)
    nulls = [(shown(each.place), what) for each, what in exported.differences.items()
             if each.kind == "null"]  # fmt: skip
    assert [(place, what.count, what.first) for place, what in nulls] == [
        ("more", 1, f"{tmp_path}/in.jsonl:1")
    ]


def test_null_is_no_change(tmp_path):
    exported = go(tmp_path, [{"a": 1}, {"b": 2, "a": 1}], allow_changes=False)
    assert exported.rows == 2


def test_a_key_that_stands_twice_is_told(tmp_path):
    (tmp_path / "in.jsonl").write_text('{"a": 1, "m": {"k": 1, "k": 2}}\n')
    found = rows([str(tmp_path / "in.jsonl")], "kept")
    target = Target(tmp_path / "out.parquet", "parquet")
    with pytest.raises(UsageError, match=r"k: a key stood twice in an object"):
        export(found, target)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b'{"a": ', "in.jsonl:2: not JSON"),
        (b"[1]", "in.jsonl:2: no JSON object"),
        (b"\xff", "in.jsonl:2: not UTF-8"),
    ],
)
def test_what_is_no_row_of_a_table(tmp_path, line, message):
    (tmp_path / "in.jsonl").write_bytes(b'{"a": 1}\n' + line + b"\n")
    found = rows([str(tmp_path / "in.jsonl")], "kept")
    with pytest.raises(UsageError, match=message):
        export(found, Target(tmp_path / "out.parquet", "parquet"))
    exported = export(found, Target(tmp_path / "out.jsonl", "jsonl"))
    assert exported.rows == 2
    assert (tmp_path / "out.jsonl").read_bytes() == (tmp_path / "in.jsonl").read_bytes()


def test_no_rows_make_no_table(tmp_path):
    with pytest.raises(UsageError, match="there are no rows"):
        go(tmp_path, [])
    assert go(tmp_path, [], "out.jsonl", "jsonl").rows == 0


ROWS = [{"id": f"r{n}", "n": n, "parts": [{"x": n}]} for n in range(20)]


def drops_a_row(batch):
    return batch.slice(0, len(batch) - 1)


def repeats_a_row(batch):
    return pa.concat_batches([batch, batch.slice(0, 1)])


def changes_a_value(batch):
    n = batch.column("n").to_pylist()
    return batch.set_column(1, "n", pa.array([*n[:-1], 99]))


def makes_floats(batch):
    return batch.set_column(1, "n", batch.column("n").cast("double").cast("int64"))


def swaps_rows(batch):
    return batch.take(pa.array([1, 0, *range(2, len(batch))]))


def loses_a_list(batch):
    return batch.set_column(2, "parts", pa.array([[]] * len(batch), batch.column("parts").type))


def makes_null(batch):
    n = batch.column("n").to_pylist()
    return batch.set_column(1, "n", pa.array([None, *n[1:]]))


@pytest.mark.parametrize(
    "lie", [drops_a_row, repeats_a_row, changes_a_value, swaps_rows, loses_a_list, makes_null]
)
@pytest.mark.parametrize("format", ["parquet", "arrow", "dataset"])
def test_a_lying_writer_is_caught(tmp_path, monkeypatch, format, lie):
    honest = writing.WRITERS[format]

    @contextmanager
    def lying(path, schema):
        with honest(path, schema) as write:
            yield lambda batch: write(lie(batch))

    monkeypatch.setitem(writing.WRITERS, format, lying)
    with pytest.raises(LedgerError, match="read back"):
        go(tmp_path, ROWS, f"out-{format}", format)
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def test_a_harmless_detour_is_no_lie(tmp_path, monkeypatch):
    @contextmanager
    def detour(path, schema):
        with writing.parquet(path, schema) as write:
            yield lambda batch: write(makes_floats(batch))

    monkeypatch.setitem(writing.WRITERS, "parquet", detour)
    assert go(tmp_path, ROWS).differences == {}


def test_a_file_that_changes_meanwhile(tmp_path, monkeypatch):
    def change(seen):
        write(tmp_path / "in.jsonl", [*ROWS, {"id": "new"}])
        return decide(seen)

    decide = tables.deciding.schema
    monkeypatch.setattr(tables.deciding, "schema", change)
    with pytest.raises(InputError, match="changed while it was exported"):
        go(tmp_path, ROWS)
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]
