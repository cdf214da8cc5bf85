"""Files in the safetensors format, and files that only look like it."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curate.errors import InputError
from curate.fitting import tensors

DATA = bytes(range(8))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    tensors.write(tmp_path / "m.safetensors", {"about": "‘it’ \0"}, "weights", "I16", DATA)
    return tmp_path / "m.safetensors"


def test_what_is_written_is_read(path: Path) -> None:
    found = tensors.header(path)
    assert found.metadata == {"about": "‘it’ \0"}
    assert found.arrays == {"weights": {"dtype": "I16", "shape": [4], "data_offsets": [0, 8]}}
    assert tensors.read(path, "weights", "I16", 4) == DATA
    assert [each.name for each in path.parent.iterdir()] == ["m.safetensors"]


def test_the_layout_is_that_of_the_format(path: Path) -> None:
    """Length, header padded with blanks to eight bytes, data."""
    content = path.read_bytes()
    length = int.from_bytes(content[:8], "little")
    assert length % 8 == 0
    assert content[8:9] == b"{"
    assert json.loads(content[8 : 8 + length])["__metadata__"] == {"about": "‘it’ \0"}
    assert content[8 + length :] == DATA


def test_an_array_is_found_where_the_header_says(tmp_path: Path) -> None:
    """As other writers lay files out: several arrays, ours not the first."""
    head = {
        "other": {"dtype": "U8", "shape": [3], "data_offsets": [0, 3]},
        "weights": {"dtype": "I16", "shape": [4], "data_offsets": [3, 11]},
    }
    raw = json.dumps(head).encode()
    path = tmp_path / "m.safetensors"
    path.write_bytes(len(raw).to_bytes(8, "little") + raw + b"abc" + DATA)
    assert tensors.read(path, "weights", "I16", 4) == DATA


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "no safetensors file"),
        (b"\x80\x04\x95 a pickle, which is never loaded", "no safetensors file"),
        (b'{"text": "a", "label": 1}\n' * 9, "no safetensors file"),
        ((2).to_bytes(8, "little") + b"[]", "no safetensors file"),
        ((4).to_bytes(8, "little") + b"{oop", "no safetensors file"),
        ((2).to_bytes(8, "little") + b"{}", "has no 'weights'"),
    ],
    ids=["empty", "pickle", "jsonl", "array", "no json", "no arrays"],
)
def test_a_foreign_file_is_refused(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "m.safetensors"
    path.write_bytes(content)
    with pytest.raises(InputError, match=told):
        tensors.read(path, "weights", "I16", 4)


def test_a_file_that_is_cut_off_is_refused(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(InputError, match="cut off"):
        tensors.read(path, "weights", "I16", 4)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"m\.safetensors: cannot be read: No such file"):
        tensors.header(tmp_path / "m.safetensors")


@given(
    st.one_of(
        st.binary(max_size=40),
        st.recursive(
            st.none() | st.integers(-3, 99) | st.text(max_size=3),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(["weights", "__metadata__", "dtype", "shape", "data_offsets"]),
                    inner,
                )
            ),
        ).map(lambda head: json.dumps(head).encode()),
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_content_does_more_than_be_refused(tmp_path: Path, head: bytes) -> None:
    path = tmp_path / "odd.safetensors"
    path.write_bytes(len(head).to_bytes(8, "little") + head + DATA)
    with suppress(InputError):
        assert tensors.read(path, "weights", "I16", 4) == DATA
