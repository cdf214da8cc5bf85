"""A survey against a brute-force count, and on files that are hard to read."""

import gzip
import json
import math
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.errors import InputError
from curate.plan import Input
from curate.surveying.spread import Spread
from curate.surveying.survey import Survey, survey
from surveying import brute_force

MESSAGES = Input(shape="messages")

texts = st.sampled_from(["Why?", "why?  ", "How ?", "", "  ", "ﬁ", "fi", "long " * 30])
turns = st.lists(
    st.fixed_dictionaries(
        {"role": st.sampled_from(["system", "user", "assistant", "assistant"]), "content": texts}
    ),
    min_size=1,
    max_size=4,
)
rows = st.fixed_dictionaries(
    {"messages": turns},
    optional={
        "teacher": st.sampled_from(["a", "b", "B", "x/b"]),
        "source": st.sampled_from(["s", "t"]),
        "extra": st.sampled_from([1, "1", None, [], {}, True]),
    },
)
lines = st.one_of(
    rows.map(lambda row: json.dumps(row).encode()),
    st.sampled_from(
        [b"{", b"[1]", b"\xff", b"", b"  ", b'{"a": 1}', b'"text"', b'{"messages": []}']
    ),
)


def look(*files: Path, settings: Input = MESSAGES) -> Survey:
    return survey([str(file) for file in files], settings)[0]


def write(folder: Path, content: list[bytes], name: str = "corpus.jsonl") -> Path:
    path = folder / name
    path.write_bytes(b"".join(line + b"\n" for line in content))
    return path


def check_balance(found: Survey) -> None:
    assert found.rows == found.records + found.unreadable + found.not_records
    for name in ("rows", "records", "unreadable", "not_records"):
        assert getattr(found, name) == sum(getattr(file, name) for file in found.files)
    for file in found.files:
        assert file.lines == file.rows + file.blank


@given(st.lists(lines, max_size=14))
def test_every_count_is_that_of_a_brute_force(content: list[bytes]):
    with TemporaryDirectory() as folder:
        found = look(write(Path(folder), content))
    records, unreadable, strangers = brute_force.records([line for line in content if line.strip()])
    counts = (found.records, found.unreadable, found.not_records)
    assert counts == (len(records), unreadable, strangers)
    assert found.files[0].blank == sum(not line.strip() for line in content)
    check_balance(found)
    check_teachers(found, records)
    check_conversations(found, records)
    check_lengths(found, records)
    check_repeats(found, records)


def check_teachers(found: Survey, records: list[dict[str, Any]]) -> None:
    said: Counter[str | None] = Counter()
    for row in records:
        spoken = [each["content"] for each in row["messages"] if each["role"] == "assistant"]
        said[row.get("teacher")] += sum(map(len, spoken))
    named = Counter(row.get("teacher") for row in records)
    teachers = found.teachers
    assert {each.name: each.rows for each in teachers.named} == {
        name: number for name, number in named.items() if name is not None
    }
    assert {each.name: each.characters for each in teachers.named} == {
        name: said[name] for name in named if name is not None
    }
    assert (teachers.unnamed_rows, teachers.unnamed_characters) == (named[None], said[None])
    sources = Counter(row["source"] for row in records if "source" in row)
    assert {each.name: each.rows for each in found.sources.names} == sources
    assert found.rows_without_source == len(records) - sources.total()


def check_conversations(found: Survey, records: list[dict[str, Any]]) -> None:
    roles = [[each["role"] for each in row["messages"]] for row in records]
    sequences = Counter(" ".join(each) for each in roles)
    assert {each.name: each.rows for each in found.conversations.sequences.names} == sequences
    check_spread(found.conversations.turns, [len(each) for each in roles])
    assert found.conversations.system_prompts == sum("system" in each for each in roles)
    endless = sum(each[-1] != "assistant" for each in roles)
    assert found.conversations.broken.get("ends_without_response", 0) == endless


def check_lengths(found: Survey, records: list[dict[str, Any]]) -> None:
    for part in ("prompt", "response"):
        characters, words = brute_force.lengths(records, part)
        length = getattr(found.lengths, part)
        check_spread(length.characters, characters)
        check_spread(length.words, words)
        assert sum(each.rows for each in length.bins) == len(characters)
        for each in length.bins:
            assert each.rows == sum(each.low <= number <= each.high for number in characters)
    wholes = sorted(
        (sum(len(each["content"]) for each in row["messages"]) for row in records), reverse=True
    )
    assert [each.characters for each in found.lengths.longest] == wholes[:5]


def check_spread(found: Spread | None, numbers: list[int]) -> None:
    if not numbers:
        assert found is None
        return
    assert found is not None
    told = [found.min, found.p5, found.median, found.p95, found.p99, found.max]
    assert (found.rows, told) == (len(numbers), brute_force.quantiles(numbers))


def check_repeats(found: Survey, records: list[dict[str, Any]]) -> None:
    assert len(found.repeats) == 6
    for each in found.repeats:
        expected = brute_force.repeats(records, each.part, each.normalised)
        assert (each.rows, each.repeats) == expected
        if each.part == "prompt":
            assert each.new_answer == brute_force.new_answers(records, each.normalised)
    number, by_teacher = brute_force.shared(records)
    assert found.shared_prompts.shared == number
    assert {each.name: each.rows for each in found.shared_prompts.teachers} == by_teacher


def test_keys_that_are_not_the_same_in_all_rows(tmp_path: Path):
    said = {"messages": [{"role": "user", "content": "x"}]}
    more = [{"a": 1, "b": None}, {"a": "x"}, {"a": True, "b": []}]
    found = look(write(tmp_path, [*(json.dumps(said | each).encode() for each in more), b"[1]"]))
    (a, b) = found.files[0].uneven_keys
    assert (a.name, a.rows, a.missing) == ("a", 3, 0)
    assert a.types == {"number": 1, "string": 1, "boolean": 1}
    assert (b.name, b.rows, b.missing, b.types) == ("b", 2, 1, {"null": 1, "array": 1})


def test_faults_are_told_with_the_first_of_them(tmp_path: Path):
    good = b'{"messages": [{"role": "user", "content": "x"}]}'
    path = write(tmp_path, [good, b"", b"{", b"\xff", b"{", b"7", b'{"text": "x"}'])
    found = look(path)
    told = [(each.reason, each.rows, each.first) for each in found.unreadable_because]
    assert told == [("not_json", 2, f"{path}:3"), ("not_utf8", 1, f"{path}:4")]
    strangers = found.not_records_because
    assert [each.first for each in strangers] == [f"{path}:6", f"{path}:7"]


@pytest.mark.parametrize("content", [[], [b""], [b"{", b"[", b"\xff"], [b"1", b"null", b"[]"]])
def test_a_corpus_without_a_record(content: list[bytes], tmp_path: Path):
    found = look(write(tmp_path, content), settings=Input())
    check_balance(found)
    assert found.records == 0
    assert found.lengths.prompt.characters is None
    json.dumps(found.dump())


def test_packed_files_and_arrays_are_read_as_what_they_hold(tmp_path: Path):
    each = [{"messages": [{"role": "user", "content": f"{n}"}]} for n in range(3)]
    lines = b"".join(json.dumps(row).encode() + b"\r\n" for row in each)
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(lines))
    (tmp_path / "b.json").write_text(json.dumps(each))
    (tmp_path / "c.jsonl").write_bytes(b"\xef\xbb\xbf" + lines.rstrip())
    found = look(*sorted(tmp_path.iterdir()))
    assert [(file.rows, file.records) for file in found.files] == [(3, 3)] * 3
    assert found.files[0].bytes == len(lines)
    conversation = next(each for each in found.repeats if each.part == "conversation")
    assert (conversation.rows, conversation.repeats) == (9, 6)


def test_a_file_that_breaks_off_is_an_error_that_names_it(tmp_path: Path):
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(bytes(range(256)) * 1000)[:-100])
    with pytest.raises(InputError, match=r"a\.jsonl\.gz"):
        look(path)


def test_the_dump_is_json_and_has_everything(tmp_path: Path):
    lone = {"messages": [{"role": "user\ud800", "content": "\ud800"}], "teacher": "\ud800\n"}
    told = json.loads(json.dumps(look(write(tmp_path, [json.dumps(lone).encode()])).dump()))
    assert told["schema"] == 1
    assert told["teachers"]["named"] == [{"name": "\ud800\n", "rows": 1, "characters": 0}]
    for key in told.keys() - {"schema"}:
        assert key in Survey.__slots__


def test_progress_is_told(tmp_path: Path):
    path = write(tmp_path, [b'{"text": "x"}'] * 1200)
    told: list[tuple[int, float | None]] = []
    survey([str(path)], Input(), progress=lambda rows, share: told.append((rows, share)))
    assert [rows for rows, _ in told] == [500, 1000, 1200]
    assert told[-1][1] is not None
    assert math.isclose(told[-1][1], 1.0)
