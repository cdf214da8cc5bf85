"""The scanner finds the bytes a parser would decode, and changes no others."""

import json
import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from curate.errors import NotARecord
from curate.io import splice
from curate.records import Path, dig

texts = st.text(st.characters(exclude_categories=())).filter(
    lambda text: json.loads(json.dumps(text)) == text  # a surrogate pair would become one character
)
numbers = st.one_of(
    st.integers(),
    st.integers(2**64, 2**90),
    st.floats(),
    st.sampled_from([1e300, -0.0, math.inf, -math.inf, math.nan]),
)
leaves = st.one_of(st.none(), st.booleans(), numbers, texts)
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)


def paths(value: object, at: Path = ()) -> list[Path]:
    """Every path into `value`, list positions from both ends."""
    found = [at]
    if isinstance(value, dict):
        for key, inner in value.items():
            found += paths(inner, (*at, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            found += paths(inner, (*at, number)) + paths(inner, (*at, number - len(value)))
    return found


def same(one: object, other: object) -> bool:
    """Equality in which NaN equals itself and 1 is not 1.0."""
    return json.dumps(one) == json.dumps(other)


@st.composite
def spelled(draw: st.DrawFn, value: object) -> str:
    """One of the many ways to write `value` as JSON: blanks, escapes, decoy duplicate keys."""
    blank = st.sampled_from(["", "", "", " ", "\t ", "\r\n"])
    if isinstance(value, dict):
        members = []
        for key, inner in value.items():
            if draw(st.integers(0, 5)) == 0:
                members.append((key, draw(leaves)))
            members.append((key, inner))
        inside = ",".join(
            f"{draw(blank)}{draw(spelled(key))}:{draw(spelled(inner))}" for key, inner in members
        )
        text = f"{{{inside}{draw(blank)}}}"
    elif isinstance(value, list):
        text = f"[{','.join(draw(spelled(inner)) for inner in value)}{draw(blank)}]"
    elif isinstance(value, str) and draw(st.booleans()):
        units = value.encode("utf-16-be", "surrogatepass")
        text = (
            '"'
            + "".join(f"\\u{a:02x}{b:02X}" for a, b in zip(units[::2], units[1::2], strict=True))
            + '"'
        )
    else:
        unescaped = draw(st.booleans())
        text = json.dumps(value, ensure_ascii=not unescaped or has_surrogates(value))
    return draw(blank) + text + draw(blank)


def has_surrogates(value: object) -> bool:
    return isinstance(value, str) and any("\ud800" <= character <= "\udfff" for character in value)


@given(st.data())
def test_locate_finds_what_a_parser_decodes(data: st.DataObject) -> None:
    value = data.draw(values)
    raw = data.draw(spelled(value)).encode()
    for path in paths(value):
        start, end = splice.locate(raw, path)
        assert same(json.loads(raw[start:end].decode()), dig(value, path))


@given(st.data())
def test_places_are_those_that_locate_finds(data: st.DataObject) -> None:
    value = data.draw(values)
    raw = data.draw(spelled(value)).encode()
    assert splice.places(raw, paths(value)) == {p: splice.locate(raw, p) for p in paths(value)}


@given(st.data())
def test_splice_changes_only_what_it_is_told(data: st.DataObject) -> None:
    value = data.draw(values.filter(lambda value: isinstance(value, dict | list) and value))
    raw = data.draw(spelled(value)).encode()
    path = data.draw(st.sampled_from(paths(value)[1:]))
    text = data.draw(texts)
    start, end = splice.locate(raw, path)
    new = splice.splice(raw, [(start, end, splice.encode(text))])
    assert (new[:start], new[len(new) - len(raw) + end :]) == (raw[:start], raw[end:])
    assert dig(json.loads(new.decode()), path) == text


@given(texts, texts, st.data())
def test_inside_replaces_characters_of_a_string(value: str, text: str, data: st.DataObject) -> None:
    first, second, third, last = sorted(data.draw(st.tuples(*[st.integers(0, len(value))] * 4)))
    assume(first < last)  # of two texts for one spot, neither is the first
    wanted = value[:first] + text + value[second:third] + "b" + value[last:]
    literal = data.draw(spelled(value)).strip().encode()
    new = splice.inside(literal, [(third, last, "b"), (first, second, text)])
    if json.loads(json.dumps(wanted)) == wanted:
        assert json.loads(new.decode()) == wanted


@pytest.mark.parametrize(
    ("raw", "path", "found"),
    [
        pytest.param(b'{"a":1,"a":2}', ("a",), b"2", id="last-duplicate-key"),
        pytest.param(b'{"mess\\u0061ges":[1]}', ("messages", 0), b"1", id="escaped-key"),
        pytest.param(b'{"a\\/b":1}', ("a/b",), b"1", id="escaped-slash"),
        pytest.param(b'{"\xc3\xa9":1}', ("\xe9",), b"1", id="non-ascii-key"),
        pytest.param(b'{"\\ud800":1}', ("\ud800",), b"1", id="lone-surrogate-key"),
        pytest.param(b'{"":{"":1}}', ("", ""), b"1", id="empty-keys"),
        pytest.param(b'{"a":"{\\"a\\":[","b":"}"}', ("b",), b'"}"', id="structure-in-strings"),
        pytest.param(b'{"a":"\\\\","b":1}', ("b",), b"1", id="backslash-before-quote"),
        pytest.param(b"[1, [2, [3]], 4]", (1, 1, 0), b"3", id="nested-arrays"),
        pytest.param(b"[1,2,3]", (-1,), b"3", id="from-the-end"),
        pytest.param(b'\t{"a": NaN, "b" : -Infinity }\r', ("b",), b"-Infinity", id="not-finite"),
        pytest.param(b'{"n":123456789012345678901234567890}', ("n",), b"1234567890" * 3, id="big"),
        pytest.param(b' {"a":1} ', (), b'{"a":1}', id="whole-line"),
    ],
)
def test_locate(raw: bytes, path: Path, found: bytes) -> None:
    start, end = splice.locate(raw, path)
    assert raw[start:end] == found


@pytest.mark.parametrize(
    ("raw", "path", "message"),
    [
        pytest.param(b'{"a":1}', ("b",), "no value at b", id="missing-key"),
        pytest.param(b'{"a":[1]}', ("a", 1), "no value at a.1", id="past-the-end"),
        pytest.param(b'{"a":[1]}', ("a", -2), "no value at a.-2", id="before-the-start"),
        pytest.param(b'{"a":[]}', ("a", 0), "no value at a.0", id="empty-array"),
        pytest.param(b'{"a":{}}', ("a", "b"), "no value at a.b", id="empty-object"),
        pytest.param(b'{"0":1}', (0,), "no value at 0", id="position-in-object"),
        pytest.param(b"[1]", ("0",), "no value at 0", id="key-in-array"),
        pytest.param(b'{"a":"bc"}', ("a", 0, "x"), "no value at a.0", id="inside-a-string"),
    ],
)
def test_a_path_that_leads_nowhere_is_named(raw: bytes, path: Path, message: str) -> None:
    with pytest.raises(NotARecord, match=f"^{message}$"):
        splice.locate(raw, path)


def test_several_edits_at_once_in_any_order() -> None:
    raw = b'{"a": 1, "b": [2, 3]}'
    edits = {("b", 1): b"9", ("a",): b'"x"', ("b", 0): b"[]"}
    new = splice.splice(raw, ((*splice.locate(raw, path), edits[path]) for path in edits))
    assert new == b'{"a": "x", "b": [[], 9]}'


def test_edits_inside_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        splice.splice(b'{"a":[1]}', [(5, 8, b"1"), (6, 7, b"2")])


@pytest.mark.parametrize(
    ("raw", "text", "found"),
    [
        pytest.param(b'{"a":"x"}', "x", (5, 8), id="once"),
        pytest.param(b'{"a":"x","b":"x"}', "x", None, id="twice"),
        pytest.param(b'{"x":"x"}', "x", None, id="a-key-too"),
        pytest.param(b'{"a":"xx"}', "x", None, id="part-of-another"),
        pytest.param(b'{"a":"b"}', "x", None, id="nowhere"),
        pytest.param(b'{"a":"","b":""}', "", None, id="empty-twice"),
        pytest.param('{"a":"é"}'.encode(), "é", (5, 9), id="utf-8"),
        pytest.param(b'{"a":"\\u00e9"}', "é", (5, 13), id="ascii"),
        pytest.param(b'{"a":"\\u00e9","b":"\\u00e9"}', "é", None, id="ascii-twice"),
        pytest.param('{"a":"\\u00e9","b":"é"}'.encode(), "é", (18, 22), id="both-spellings"),
        pytest.param(b'{"a":"\\u00E9"}', "é", None, id="capital-escape"),
    ],
)
def test_find_is_sure_only_of_what_stands_once(
    raw: bytes, text: str, found: tuple[int, int] | None
) -> None:
    assert splice.find(raw, text) == found


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        pytest.param("caf\xe9 \U0001f600\u2028", '"caf\xe9 \U0001f600\u2028"'.encode(), id="utf-8"),
        pytest.param("\ud800\xe9", b'"\\ud800\\u00e9"', id="lone-surrogate"),
        pytest.param('"\\\n\0', b'"\\"\\\\\\n\\u0000"', id="must-be-escaped"),
    ],
)
def test_encode(text: str, literal: bytes) -> None:
    assert splice.encode(text) == literal


def test_nesting_of_any_depth_is_skipped() -> None:
    raw = b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b',"b":1}'
    start, end = splice.locate(raw, ("b",))
    assert raw[start:end] == b"1"


def test_a_long_string_full_of_escapes_is_skipped() -> None:
    raw = b'{"a":"' + b'\\"\\\\x' * 1_000_000 + b'","b":1}'
    start, end = splice.locate(raw, ("b",))
    assert raw[start:end] == b"1"
