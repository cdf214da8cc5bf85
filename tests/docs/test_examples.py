"""The examples do what their plans say, and one plan reads every real corpus without a loss."""

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest
import zstandard

from curate import cli, ledger
from docs.blocks import ROOT

FIRST = ROOT / "examples" / "first"
MANY = ROOT / "examples" / "many_shapes"
MANY_FILES = sorted((MANY / "corpora").iterdir())

PLANTED = {
    "roles": [78, 104, 116],
    "length": [47, 101, 108],
    "private": [9, 10, 23, 62, 85, 93, 105, 106],
    "leftovers": [5, 7, 13, 44, 48, 49, 53, 63, 88, 94],
    "date-claims": [19, 30, 87],
    "duplicates": [43, 71, 72, 79, 89, 96, 97, 102, 110, 118],
}
"""Step -> the rows (`first-078` ...) with dirt that it is meant to find. The rest is clean."""


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run directory of the first example."""
    return run(tmp_path_factory.mktemp("first"), FIRST / "plan.yaml", FIRST / "corpus.jsonl")


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run directory of the example of many shapes."""
    return run(tmp_path_factory.mktemp("many"), MANY / "plan.yaml", *MANY_FILES)


def run(folder: Path, *arguments: object) -> Path:
    out = folder / "run"
    assert cli.main(["run", *map(str, arguments), "--out", str(out), "--workers", "1"]) == 0
    return out


def rows(path: Path) -> list[str]:
    """The rows of an input, read without curate; a line that is no JSON stays as it is."""
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    if path.suffix == ".zst":
        data = zstandard.decompress(data)
    if data.lstrip().startswith(b"["):
        return [json.dumps(row, sort_keys=True) for row in json.loads(data)]
    return [line.decode() for line in data.splitlines()]


def written(out: Path, is_array: dict[str, bool]) -> dict[str, list[str]]:
    """The rows of a run by input, in the order of the ledger, as `rows` has them."""
    found: dict[str, list[str]] = {}
    for entry, line in ledger.rows(out):
        row = line.decode().rstrip("\r\n")
        if is_array[entry.file]:
            row = json.dumps(json.loads(row), sort_keys=True)
        found.setdefault(entry.file, []).append(row)
    return found


def assert_nothing_is_lost(out: Path, files: list[Path]) -> None:
    expected = {str(file): rows(file) for file in files}
    is_array = {str(file): ".json" in file.suffixes for file in files}
    assert written(out, is_array) == expected
    counts = ledger.summary(out)["counts"]
    assert counts["read"] == sum(map(len, expected.values()))
    assert counts["read"] == counts["kept"] + counts["dropped"] + counts["quarantined"]


@pytest.mark.parametrize("step", PLANTED)
def test_the_first_example_finds_what_is_planted_and_nothing_else(step: str, first: Path):
    hits = [
        int(entry.id.removeprefix("first-"))
        for entry in ledger.entries(first)
        for look in entry.trail
        if look.step == step and look.hit
    ]
    assert hits == PLANTED[step]


def test_the_first_example_keeps_the_same_bytes(first: Path):
    assert_nothing_is_lost(first, [FIRST / "corpus.jsonl"])


def test_the_line_that_was_cut_off_is_named(first: Path):
    (entry,) = [each for each in ledger.entries(first) if each.fate == "quarantined"]
    assert (entry.by, entry.reason, entry.line) == ("reader", "not_json", 80)


def test_many_shapes(many: Path):
    assert_nothing_is_lost(many, MANY_FILES)
    assert shapes(many) == {
        "alpaca.json": "alpaca",
        "answers.jsonl": "prompt_response",
        "chats.jsonl": "messages",
        "completions.jsonl.gz": "prompt_completion",
        "conversations.jsonl.zst": "sharegpt",
        "pages.jsonl": "text",
        "preferences.jsonl": "preference",
        "saved_responses.jsonl": "raw",
    }


def test_an_exchange_is_a_repeat_in_any_shape(many: Path):
    entries = list(ledger.entries(many))
    (repeat,) = [entry for entry in entries if entry.by == "duplicates"]
    of = repeat.trail[-1].evidence["of"]
    (original,) = [entry for entry in entries if entry.index == of]
    assert (original.id, repeat.id) == ("chat-1", "share-2")


def test_many_shapes_finds_every_teacher(many: Path):
    unknown = Counter(
        Path(entry.file).name
        for entry in ledger.entries(many)
        for look in entry.trail
        if look.reason == "teacher_unknown"
    )
    assert unknown == {"completions.jsonl.gz": 2, "pages.jsonl": 2}


def shapes(out: Path) -> dict[str, str]:
    return {Path(each["name"]).name: each["shape"] for each in ledger.summary(out)["inputs"]}


REAL = {
    "corpora/just_eval.*.jsonl": "messages",
    "fastchat/dummy_conversation.json": "sharegpt",
    "gpteacher/*.json": "alpaca",
    "gsm8k/test.jsonl": "prompt_response",
    "hh_rlhf/test.jsonl.gz": "preference",
    "llamafactory/dpo_en_demo.json": "preference",
    "llamafactory/glaive_toolcall_en_demo.json": "sharegpt",
    "llamafactory/identity.json": "alpaca",
    "llamafactory/kto_en_demo.json": "messages",
    "llamafactory/reason_tool_use_demo_50.jsonl": "messages",
    "llamafactory/v1_dpo_demo.jsonl": "preference",
    "llamafactory/v1_sft_demo.jsonl": "messages",
    "llms_from_scratch/instruction-data-with-preference.json": "preference",
    "llms_from_scratch/instruction-data.json": "alpaca",
    "tinker/conversations.jsonl": "messages",
}
"""Corpora of other people -> the shape of their rows."""


@pytest.mark.slow
def test_one_plan_reads_every_real_corpus_without_a_loss(tmp_path: Path, data_dir: Path):
    expected = {path: shape for name, shape in REAL.items() for path in data_dir.glob(name)}
    expected[as_lines(data_dir / "axolotl_fixtures", tmp_path / "axolotl.jsonl")] = "sharegpt"
    assert len([path for path in expected if path.name.startswith("just_eval")]) == 8
    assert len(expected) == 8 + 2 + len(REAL) - 2 + 1
    out = run(tmp_path, MANY / "plan.yaml", *expected)
    assert_nothing_is_lost(out, list(expected))
    assert ledger.summary(out)["counts"]["quarantined"] == 0
    assert shapes(out) == {path.name: shape for path, shape in expected.items()}


def as_lines(folder: Path, target: Path) -> Path:
    """Write the JSON files of a folder, each of them one pretty-printed row, as JSONL."""
    found = [json.loads(path.read_bytes()) for path in sorted(folder.glob("*.json"))]
    assert found
    target.write_text("".join(json.dumps(row) + "\n" for row in found), "utf-8")
    return target
