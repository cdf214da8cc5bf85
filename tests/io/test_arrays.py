import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.io.arrays import elements, is_rest
from curate.records import Unreadable, decode

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
BITS = [b"[", b"]", b"{", b"}", b",", b'"', b"\\", b"\n", b"\r\n", b" ", b"a", b"1", b"\xff", b":"]


def split(data: bytes, size: int = 1 << 20) -> list[bytes]:
    """The elements, without their line ends; every byte must be consumed in order."""
    consumed: list[bytes] = []
    blocks = (data[at : at + size] for at in range(0, len(data), size))
    lines = list(elements(blocks, consumed.append))
    assert b"".join(consumed) == data
    assert all(line.endswith(b"\n") and line.count(b"\n") == 1 for line in lines)
    return [line[:-1] for line in lines]


@given(st.lists(VALUES), st.sampled_from([None, 0, 2, "\t"]), st.booleans(), st.integers(1, 40))
def test_elements_of_an_array_are_its_lines(values, indent, ascii_only, size):
    text = json.dumps(values, indent=indent, ensure_ascii=ascii_only)
    data = text.encode("utf-8", "surrogatepass")
    assert [json.loads(line) for line in split(data, size)] == values


@given(st.lists(VALUES), st.integers(1, 40))
def test_an_element_without_line_ends_keeps_its_bytes(values, size):
    rows = [json.dumps(value, separators=(" , ", ":  ")).encode() for value in values]
    assert split(b" [\r\n" + b" ,\t".join(rows) + b"\n]\n", size) == rows


@given(st.lists(st.sampled_from(BITS)).map(b"".join), st.integers(1, 20))
def test_no_bytes_are_lost_whatever_they_are(body, size):
    data = b"[" + body
    lines = split(data, size)
    assert lines == split(data)
    ink = [sum(byte not in b" \t\r\n,]" for byte in part) for part in (body, b"".join(lines))]
    assert ink[1] - ink[0] in (0, 1)  # 1: nothing could be split, so the line starts with the `[`


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        pytest.param(b"", [], id="nothing"),
        pytest.param(b" \n ", [], id="blank"),
        pytest.param(b"[]", [], id="empty array"),
        pytest.param(b" [ \n ] \n", [], id="empty array with blanks"),
        pytest.param(b"[1]\n", [b"1"], id="one"),
        pytest.param(b'["]", "[,", "\\"]"]', [b'"]"', b'"[,"', b'"\\"]"'], id="marks in strings"),
        pytest.param(b'["a\\\\", 2]', [b'"a\\\\"', b"2"], id="backslash at the end of a string"),
        pytest.param(b"[[1,[2]],{}]", [b"[1,[2]]", b"{}"], id="nested"),
        pytest.param(b'[{\r\n  "a": [\r\n1]}]', [b'{ "a": [ 1]}'], id="indented with CRLF"),
        pytest.param(b'[{"a": "\xff"}]', [b'{"a": "\xff"}'], id="not UTF-8"),
        pytest.param(b"[1,2,]", [b"1", b"2", b""], id="comma before the end"),
        pytest.param(b"[1,,2]", [b"1", b"", b"2"], id="two commas"),
        pytest.param(b"[1 2,3]", [b"1 2", b"3"], id="comma missing"),
        pytest.param(b'[{"a":1}{"b":2},3]', [b'{"a":1}{"b":2}', b"3"], id="comma missing, objects"),
        pytest.param(b"[1}, 2]", [b"1}", b"2"], id="brace too many"),
        pytest.param(b"[", [b"["], id="only the start"),
        pytest.param(b"[1,\n{2}\n", [b"1", b",\r{2}"], id="no end after an element"),
        pytest.param(b"[1,", [b"1", b","], id="no end after a comma"),
        pytest.param(b'[1,{"a":\n', [b"1", b',{"a":'], id="no end in an element"),
        pytest.param(b'[1,{"a', [b"1", b',{"a'], id="no end in a string"),
        pytest.param(b'["a\\', [b'["a\\'], id="no end after a backslash"),
        pytest.param(b"[1] x\n[2]", [b"1", b"] x [2]"], id="bytes after the end"),
        pytest.param(b"[1]]", [b"1", b"]]"], id="two ends"),
        pytest.param(b'{"a": 1}\n', [b'{"a": 1}'], id="no array"),
        pytest.param(b"]", [b"]"], id="an end alone"),
        pytest.param(b",1]", [b",1]"], id="no start"),
    ],
)
@pytest.mark.parametrize("size", [1, 3, 1 << 20])
def test_what_becomes_a_line(data, lines, size):
    assert split(data, size) == [line.replace(b"\r", b" ") for line in lines]


def test_a_line_end_inside_a_string_leaves_the_row_unreadable():
    (line,) = split(b'[{"a":\n "b\nc"}]')
    assert line == b'{"a":\r "b\rc"}'
    with pytest.raises(json.JSONDecodeError, match="Invalid control character"):
        json.loads(line)


@pytest.mark.parametrize("element", [b'{"a": "%s"}', b"[%s]"], ids=["in a string", "in an array"])
def test_the_time_for_a_long_element_is_linear(element):
    def seconds(length: int) -> float:
        data = b"[" + element % (b'x\\"' * length if b'"' in element else b"1," * length) + b"]"
        start = time.process_time()
        assert len(split(data, 4096)) == 1
        return time.process_time() - start

    seconds(10_000)
    assert seconds(800_000) < 40 * max(seconds(100_000), 0.005)


def suite(data_dir, prefix):
    """The arrays of a parser test suite: `y` must be accepted, `n` must not."""
    for path in sorted((data_dir / "json_test_suite" / "test_parsing").glob(f"{prefix}_*.json")):
        data = path.read_bytes()
        if data.strip().startswith(b"["):
            yield path.name, data


def test_arrays_that_are_json_are_split_into_json(data_dir):
    files = dict(suite(data_dir, "y"))
    assert len(files) > 50
    for name, data in files.items():
        assert [decode(line) for line in split(data, 5)] == json.loads(data), name


def test_no_broken_array_passes_for_a_whole_one(data_dir):
    """But NaN and infinities, which are readable here, and commas too many, which are blank."""
    files = dict(suite(data_dir, "n"))
    assert len(files) > 100
    whole = {name for name, data in files.items() if all(map(is_json, split(data, 5)))}
    assert whole == {"n_number_NaN.json", "n_number_infinity.json", "n_number_minus_infinity.json"}


def is_json(line: bytes) -> bool:
    try:
        decode(line)
    except Unreadable:
        return False
    return True


@given(st.lists(st.sampled_from([b"[1, 2]", b"[[]]", b'{"a": [1]}', b'"]"', b"7 8"]), min_size=1))
def test_what_an_array_leaves_is_told_from_its_elements(values):
    whole = b"[" + b", ".join(values) + b"]"
    assert not any(is_rest(line) for line in elements(iter([whole]), lambda _: None))
    for broken in (whole[:-1], whole[:-1] + b",", whole + b"[", whole + whole):
        *inside, rest = elements(iter([broken]), lambda _: None)
        assert (any(map(is_rest, inside)), is_rest(rest)) == (False, True)
