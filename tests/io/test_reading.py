import gzip
import hashlib
import json
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.errors import InputError
from curate.io.reading import Reader
from curate.io.sources import expand

MARK = b"\xef\xbb\xbf"
BODIES = st.lists(
    st.sampled_from(
        [b"\n", b"\r\n", b'{"text": "a"}', b"\xff", b"\0", MARK, "ü".encode(), b"[", b"word " * 30]
    )
).map(b"".join)
FILES = st.builds(lambda mark, body: mark + body, st.sampled_from([b"", MARK]), BODIES).filter(
    lambda data: not data.startswith(b"\xff\xfe")
)
LIMITS = {"lines": st.integers(1, 6), "size": st.integers(1, 80), "block": st.integers(1, 200)}
STORE = {"plain": bytes, "gz": gzip.compress, "zst": zstandard.compress}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("corpus")


def write(folder: Path, *contents: bytes, name: str = "part%d.jsonl") -> list[str]:
    paths = [folder / (name % number) for number in range(len(contents))]
    for path, data in zip(paths, contents, strict=True):
        path.write_bytes(data)
    return [str(path) for path in paths]


def rows(data: bytes) -> int:
    return data.count(b"\n") + (not data.endswith(b"\n") and data != b"")


@given(contents=st.lists(FILES, min_size=1, max_size=3), **LIMITS)
@settings(max_examples=200, deadline=None)
def test_segments_hold_every_byte_once_and_in_order(folder, contents, lines, size, block):
    names = write(folder, *contents)
    reader = Reader(expand(names), lines, size, block)
    segments = list(reader.segments())
    bodies = [data.removeprefix(MARK) for data in contents]
    for position, (name, data, body) in enumerate(zip(names, contents, bodies, strict=True)):
        own = [segment for segment in segments if segment.input == position]
        assert b"".join(segment.read() for segment in own) == body
        facts = reader.files[position]
        assert facts.sha256 == hashlib.sha256(data).hexdigest()
        assert (facts.name, facts.size, facts.stored) == (name, len(data), len(data))
        assert (facts.lines, facts.bom) == (rows(body), data != body)
        assert facts.final_newline == (body == b"" or body.endswith(b"\n"))
        line = 1
        for segment in own:
            assert (segment.line, segment.lines) == (line, rows(segment.read()))
            line += segment.lines
            assert segment.prefix == hashlib.sha256(data[: segment.end]).hexdigest()
    assert [segment.number for segment in segments] == list(range(len(segments)))
    index = 0
    for segment in segments:
        assert segment.index == index
        index += segment.lines
    assert reader.fraction() in (1.0, None)


@given(data=FILES, **LIMITS)
@settings(deadline=None)
def test_a_descriptor_reads_the_same_bytes(folder, data, lines, size, block):
    for segment in Reader(expand(write(folder, data)), lines, size, block).segments():
        described = segment.descriptor()
        assert described.data is None
        assert described.read() == segment.data == data[segment.start : segment.end]


@given(contents=st.lists(FILES, min_size=1, max_size=3), skip=st.integers(0, 12), **LIMITS)
@settings(deadline=None)
def test_a_resumed_reader_yields_the_same_segments(folder, contents, skip, lines, size, block):
    sources = expand(write(folder, *contents))
    whole = Reader(sources, lines, size)
    segments = list(whole.segments())
    resumed = Reader(sources, lines, size, block)
    assert list(resumed.segments(skip)) == segments[skip:]
    assert resumed.files == whole.files
    passed = segments[:skip]
    assert resumed.skipped == (passed[-1].descriptor() if passed else None)


@given(data=FILES, **LIMITS)
@settings(deadline=None)
def test_compression_changes_nothing_but_the_descriptor(folder, data, lines, size, block):
    seen = []
    for name, store in STORE.items():
        reader = Reader(expand(write(folder, store(data), name=f"%d.{name}")), lines, size, block)
        parts = [(part.data, part.prefix, part.line, part.lines) for part in reader.segments()]
        facts = reader.files[0]
        seen.append((parts, facts.sha256, facts.size, facts.lines, facts.bom, facts.final_newline))
        assert facts.stored == len(store(data))
    assert seen[0] == seen[1] == seen[2]


def test_compressed_segments_carry_their_bytes(folder):
    for name in ("gz", "zst"):
        names = write(folder, STORE[name](b"a\nb\n"), name=f"%d.{name}")
        (segment,) = Reader(expand(names)).segments()
        assert segment.path is None
        assert segment.descriptor().read() == b"a\nb\n"


@given(
    values=st.lists(st.dictionaries(st.text(), st.text()), max_size=12),
    indent=st.sampled_from([None, 1]),
    mark=st.sampled_from([b"", MARK]),
    **LIMITS,
)
@settings(deadline=None)
def test_an_array_is_read_as_lines(folder, values, indent, mark, lines, size, block):
    data = mark + json.dumps(values, indent=indent).encode() + b"\n"
    sources = expand(write(folder, data, name="%d.json"))
    reader = Reader(sources, lines, size, block)
    segments = list(reader.segments())
    text = b"".join(segment.read() for segment in segments)
    assert [json.loads(line) for line in text.splitlines()] == values
    facts = reader.files[0]
    assert (facts.sha256, facts.size) == (hashlib.sha256(data).hexdigest(), len(data))
    assert (facts.lines, facts.bom, facts.final_newline) == (len(values), mark != b"", True)
    assert [segment.path for segment in segments] == [None] * len(segments)
    assert list(Reader(sources, lines, size).segments(2)) == segments[2:]
    if segments:
        assert all(segment.lines <= lines for segment in segments)
        assert segments[-1].line + segments[-1].lines - 1 == len(values)


@pytest.mark.parametrize("name", ["gz", "zst"])
def test_lines_before_the_damage_are_read_and_then_it_is_named(folder, name):
    text = b"".join(hashlib.sha256(b"%d" % n).hexdigest().encode() + b"\n" for n in range(9000))
    (path,) = write(folder, STORE[name](text)[:-9], name=f"%d.{name}")
    reader = Reader(expand([path]), lines=100)
    seen = []
    with pytest.raises(InputError, match=r"data is broken: it ends too early; \d+ bytes could"):
        seen.extend(reader.segments())
    assert len(seen) > 10
    assert text.startswith(b"".join(segment.read() for segment in seen))
    assert reader.files == []


def test_progress_is_told_over_all_files(folder):
    names = write(folder, b"a\n" * 500, gzip.compress(b"b\n" * 500), b"c\n" * 500)
    reader = Reader(expand(names), lines=100, block=100)
    told = [reader.fraction() for _ in reader.segments()]
    assert 0 < told[0] < told[5] < told[-1] <= 1
    assert told == sorted(told)
    assert reader.fraction() == 1.0


def test_a_file_that_goes_away_is_named(folder):
    sources = expand(write(folder, b"a\n", name="gone%d"))
    sources[0].path.unlink()
    with pytest.raises(InputError, match="gone0: cannot be read: No such file"):
        list(Reader(sources).segments())


def test_a_line_of_50_megabytes_is_one_segment(folder):
    line = b'{"text": "' + b"x" * 50_000_000 + b'"}\n'
    segments = list(Reader(expand(write(folder, b"{}\n" + line + b"{}\n"))).segments())
    assert [segment.lines for segment in segments] == [2, 1]
    assert segments[0].data == b"{}\n" + line


def test_real_corpora_lose_no_row(data_dir):
    suite = data_dir / "json_test_suite"  # no corpora; see test_arrays.py
    files = [path for path in sorted(data_dir.rglob("*.json")) if suite not in path.parents]
    checked = 0
    for source in expand([str(path) for path in files]):
        if source.format == "json":
            reader = Reader([source])
            text = b"".join(segment.read() for segment in reader.segments())
            with open(source.path, "rb") as file:
                assert [json.loads(row) for row in text.split(b"\n")[:-1]] == json.load(file)
            checked += 1
    assert checked
