"""Every type of Arrow is decided: said by JSON as it is, made text, or refused."""

import math
from datetime import date
from decimal import Decimal

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.io.tables.columns import columns
from curate.io.tables.leaves import Unsayable
from curate.io.tables.values import converter
from curate.records import decode


def said(array):
    return decode(orjson.dumps(converter(array.type)(array)))


UNION = [pa.array([1, 2, 3]), pa.array(["a", "b", "c"])]
CODES = pa.array([0, 1, 0], pa.int8())
MAP = pa.map_(pa.string(), pa.int64())
CASES = {
    "null": (pa.nulls(2), [None, None], ""),
    "bool": (pa.array([True, None]), [True, None], ""),
    "int8": (pa.array([-128, None], pa.int8()), [-128, None], ""),
    "uint64": (pa.array([2**64 - 1], pa.uint64()), [2**64 - 1], ""),
    "float16": (pa.array([1.5], pa.float16()), [1.5], ""),
    "float32": (pa.array([0.1], pa.float32()), [0.10000000149011612], ""),
    "float64": (pa.array([0.1, -0.0, 1e300, None]), [0.1, -0.0, 1e300, None], ""),
    "infinite": (pa.array([math.inf, -math.inf]), [math.inf, -math.inf], ""),
    "string": (pa.array(["ü\0\n", None]), ["ü\0\n", None], ""),
    "large_string": (pa.array(["a"], pa.large_string()), ["a"], ""),
    "string_view": (pa.array(["a", None], pa.string_view()), ["a", None], ""),
    "dictionary": (pa.array(["a", "b", None, "a"]).dictionary_encode(), ["a", "b", None, "a"], ""),
    "run_end_encoded": (pc.run_end_encode(pa.array(["a", "a", "b"])), ["a", "a", "b"], ""),
    "struct": (pa.array([{"a": 1.0}, None, {"a": None}]), [{"a": 1.0}, None, {"a": None}], ""),
    "empty struct": (pa.array([{}, None], pa.struct([])), [{}, None], ""),
    "list": (pa.array([[1.5], None, []]), [[1.5], None, []], ""),
    "large_list": (pa.array([[1], None], pa.large_list(pa.int64())), [[1], None], ""),
    "fixed_size_list": (
        pa.array([[1.0, 2.0], None], pa.list_(pa.float64(), 2)),
        [[1, 2], None],
        "",
    ),
    "list_view": (pa.array([[1.0], None], pa.list_view(pa.float64())), [[1.0], None], ""),
    "map": (pa.array([[("a", 1)], None], MAP), [{"a": 1}, None], "object (a list"),
    "map, key twice": (pa.array([[("b", 2), ("b", 3)]], MAP), [[["b", 2], ["b", 3]]], "object"),
    "map of ints": (
        pa.array([[(1, 0.5)]], pa.map_(pa.int64(), pa.float64())),
        [{"1": 0.5}],
        "object, its keys made text",
    ),
    "timestamp": (
        pa.array([1, None], pa.timestamp("us")),
        ["1970-01-01T00:00:00.000001", None],
        "text (ISO 8601)",
    ),
    "timestamp with zone": (
        pa.array([0], pa.timestamp("s", "Asia/Tokyo")),
        ["1970-01-01T00:00:00Z"],
        "text (ISO 8601)",
    ),
    "date32": (pa.array([date(2026, 2, 3)]), ["2026-02-03"], "text (ISO 8601)"),
    "date64": (pa.array([date(2026, 2, 3)], pa.date64()), ["2026-02-03"], "text (ISO 8601)"),
    "time32": (pa.array([61], pa.time32("s")), ["00:01:01"], "text (ISO 8601)"),
    "time64": (pa.array([1], pa.time64("ns")), ["00:00:00.000000001"], "text (ISO 8601)"),
    "duration": (pa.array([1500], pa.duration("ms")), ["PT1.500S"], "text (ISO 8601)"),
    "interval": (
        pa.array([(1, 2, 3)], pa.month_day_nano_interval()),
        ["P1M2DT0.000000003S"],
        "text (ISO 8601)",
    ),
    "decimal128": (pa.array([Decimal("1.20")], pa.decimal128(5, 2)), ["1.20"], "text"),
    "decimal256": (pa.array([Decimal("-7")], pa.decimal256(40, 0)), ["-7"], "text"),
    "decimal, scale < 0": (pa.array([Decimal("1E+3")], pa.decimal128(5, -3)), ["1000"], "text"),
    "binary": (pa.array([b"\xff\0", None]), ["/wA=", None], "base64 text"),
    "large_binary": (pa.array([b"a"], pa.large_binary()), ["YQ=="], "base64 text"),
    "fixed_size_binary": (pa.array([b"ab"], pa.binary(2)), ["YWI="], "base64 text"),
    "binary_view": (pa.array([b"a"], pa.binary_view()), ["YQ=="], "base64 text"),
    "sparse_union": (pa.UnionArray.from_sparse(CODES, UNION), [1, "b", 3], "the value alone"),
    "dense_union": (
        pa.UnionArray.from_dense(CODES, pa.array([0, 0, 1], pa.int32()), UNION),
        [1, "a", 2],
        "the value alone",
    ),
    "uuid": (
        pa.array([b"0123456789abcdef"], pa.uuid()),
        ["30313233-3435-3637-3839-616263646566"],
        "text",
    ),
    "json": (
        pa.array(['{"a":\n [1, 123456789012345678901]}', '"\\ud800"', None], pa.json_()),
        [{"a": [1, 123456789012345678901]}, "\ud800", None],
        "the JSON value",
    ),
    "bool8": (
        pa.ExtensionArray.from_storage(pa.bool8(), pa.array([0, 2, None], pa.int8())),
        [False, True, None],
        "boolean",
    ),
    "tensor": (
        pa.ExtensionArray.from_storage(
            pa.fixed_shape_tensor(pa.int32(), (2,)), pa.array([[1, 2]], pa.list_(pa.int32(), 2))
        ),
        [[1, 2]],
        "its storage",
    ),
    "opaque": (
        pa.ExtensionArray.from_storage(pa.opaque(pa.binary(), "n", "v"), pa.array([b"a"])),
        ["YQ=="],
        "its storage",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_every_type_is_decided_and_told(name):
    array, values, told = CASES[name]
    line = orjson.dumps(converter(array.type)(array))
    assert b"\n" not in line
    assert decode(line) == values
    [column] = [each for each in columns(pa.schema([("c", array.type)])) if each.path == "c"]
    assert column.said.startswith(told)
    assert bool(column.said) == bool(told)


@pytest.mark.parametrize("name", CASES)
def test_inside_lists_structs_and_slices(name):
    array, values, _ = CASES[name]
    count = len(values)
    offsets = pa.array([0, 0, count], pa.int32())
    lists = pa.ListArray.from_arrays(offsets, array)
    assert said(lists) == [[], values]
    assert said(lists.slice(1)) == [values]
    structs = pa.StructArray.from_arrays([array], ["f"])
    assert said(structs) == [{"f": value} for value in values]
    assert said(structs.slice(count - 1)) == [{"f": values[-1]}]
    assert said(array.slice(count - 1)) == values[-1:]


def test_nan_is_no_null():
    [value, other] = said(pa.array([math.nan, None]))
    assert math.isnan(value)
    assert other is None
    [outer] = said(pa.array([{"a": [math.nan]}]))
    assert math.isnan(outer["a"][0])


def test_fields_with_one_name_and_false_json_are_refused():
    twice = pa.struct([pa.field("a", pa.int64()), pa.field("a", pa.string())])
    with pytest.raises(Unsayable, match="two fields are called 'a'"):
        converter(twice)
    false = pa.ExtensionArray.from_storage(pa.json_(), pa.array(["{"]))
    with pytest.raises(Unsayable, match="said to hold JSON"):
        said(false)


LEAVES = st.none() | st.integers(-(2**63), 2**63 - 1)
TYPES = st.recursive(
    st.sampled_from([pa.int64(), pa.string(), pa.float64(), pa.bool_(), pa.null()]),
    lambda inner: st.one_of(
        inner.map(pa.list_),
        inner.map(pa.large_list),
        st.lists(inner, min_size=1, max_size=3).map(
            lambda kinds: pa.struct([(f"f{n}", kind) for n, kind in enumerate(kinds)])
        ),
    ),
    max_leaves=5,
)


def values_of(kind):
    if pa.types.is_struct(kind):
        found = st.fixed_dictionaries({field.name: values_of(field.type) for field in kind})
    elif pa.types.is_list(kind) or pa.types.is_large_list(kind):
        found = st.lists(values_of(kind.value_type), max_size=3)
    elif kind == pa.int64():
        found = st.integers(-(2**63), 2**63 - 1)
    elif kind == pa.string():
        found = st.text(max_size=5)
    elif kind == pa.float64():
        found = st.floats(allow_nan=False)
    else:
        found = st.booleans() if kind == pa.bool_() else st.none()
    return found | st.none()


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_nested_values_come_out_as_they_went_in(data):
    kind = data.draw(TYPES)
    values = data.draw(st.lists(values_of(kind), max_size=6))
    start = data.draw(st.integers(0, len(values)))
    assert said(pa.array(values, kind).slice(start)) == values[start:]
