"""Every real corpus at hand loads without loss, with its shape named."""

import gzip
import json
from collections import Counter
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

from curate.io import fields, replacing, shapes, splice
from curate.io.shapes import Lens, Raw
from curate.records import Record, decode

SHAPED = {
    "axolotl_fixtures/conversation*.json": "sharegpt",
    "corpora/just_eval.*.jsonl": "messages",
    "dolma_tests/tests/data/expected/email-*.json.gz": "text",
    "dolma_tests/tests/data/expected/filter-by-spans.json.gz": "text",
    "dolma_tests/tests/data/expected/mixer.json.gz": "text",
    "dolma_tests/tests/data/expected/remove-paragraphs.json.gz": "text",
    "dolma_tests/tests/data/multiple_files/*": "text",
    "dolma_tests/tests/data/provided/deduper/*/000.json.gz": "text",
    "dolma_tests/tests/data/provided/documents/000.json.gz": "text",
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
    "llms_from_scratch/instruction-examples-modified.json": "alpaca",
    "tinker/conversations.jsonl": "messages",
}
UNSHAPED = {
    "anthropic_evals/*": "a question and two answers to choose from, neither of them given",
    "bbh/*": "one object that holds a benchmark",
    "blns/*": "bare strings",
    "dolma_tests/tests/data/expected/dedupe-*": "attributes of documents kept elsewhere",
    "dolma_tests/tests/data/provided/attributes/*": "attributes of documents kept elsewhere",
    "fastchat/*_bench_question.jsonl": "prompts without answers",
    "ftfy_cases/*": "texts before and after a repair",
    "gsm8k/example_model_solutions.jsonl": "answers of four models side by side: needs paths",
    "llamafactory/dataset_info.json": "one object that lists data sets",
    "peer_cases/*": "test cases",
    "presidio_research/*": "texts with labelled spans: needs paths",
    "stanford_alpaca/*": "an instruction with a list of instances: needs paths",
}
NO_CORPUS = "json_test_suite"
EMPTY_RESPONSES = {
    "axolotl_fixtures/conversation.missingturns.json": 1,
    "corpora/just_eval.vicuna-7b-v1.5.jsonl": 1,
    "hh_rlhf/test.jsonl.gz": 4,
}
"""Assistant turns that are empty in the file itself; they are turns all the same."""


def corpora(data_dir: Path) -> list[str]:
    names = [path.relative_to(data_dir).as_posix() for path in data_dir.rglob("*")]
    wanted = [name for name in names if name.endswith((".json", ".jsonl", ".gz"))]
    return sorted(name for name in wanted if not name.startswith(NO_CORPUS))


def lines(path: Path) -> list[bytes]:
    """The rows as lines: those of the file, or the items of the document that the file is."""
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    try:
        document = json.loads(data)
    except json.JSONDecodeError:
        return [line for line in data.split(b"\n") if line.strip()]
    rows = document if isinstance(document, list) else [document]
    return [json.dumps(row).encode() for row in rows]


def rows(path: Path) -> list[Any]:
    return [decode(line) for line in lines(path)]


def matching(data_dir: Path, pattern: str) -> list[str]:
    found = [name for name in corpora(data_dir) if fnmatch(name, pattern)]
    assert found, f"no file matches {pattern}"
    return found


def test_every_file_is_accounted_for(data_dir: Path) -> None:
    patterns = [*SHAPED, *UNSHAPED]
    matches = {
        name: [pattern for pattern in patterns if fnmatch(name, pattern)]
        for name in corpora(data_dir)
    }
    assert {name: found for name, found in matches.items() if len(found) != 1} == {}


@pytest.mark.parametrize(("pattern", "shape"), SHAPED.items(), ids=SHAPED)
def test_the_shape_is_found_and_every_row_has_turns(
    data_dir: Path, pattern: str, shape: str
) -> None:
    for name in matching(data_dir, pattern):
        found = rows(data_dir / name)  # raises where a line is not readable
        assert shapes.detect(found) is shapes.SHAPES[shape]
        empty = Counter(
            turn.role
            for row in found
            for turn in shapes.SHAPES[shape].turns(row)
            if not turn.text.strip()
        )
        assert empty["assistant"] == EMPTY_RESPONSES.get(name, 0), name


@pytest.mark.parametrize("pattern", UNSHAPED, ids=UNSHAPED)
def test_what_is_no_corpus_is_not_taken_for_one(data_dir: Path, pattern: str) -> None:
    for name in matching(data_dir, pattern):
        assert shapes.detect(rows(data_dir / name)) is None, name


@pytest.mark.parametrize(("pattern", "shape"), SHAPED.items(), ids=SHAPED)
def test_a_new_response_changes_nothing_else(data_dir: Path, pattern: str, shape: str) -> None:
    lens = shapes.SHAPES[shape]
    for name in matching(data_dir, pattern):
        for raw in lines(data_dir / name)[:100]:
            before = record(raw, lens)
            after = put(before, "another \u201canswer\u201d\n", "another teacher")
            assert after.response == "another \u201canswer\u201d\n"
            assert after.prompt == before.prompt
            assert others(after) == others(before)
            assert put(before, before.response, "another teacher").turns == before.turns
            assert put(before, before.response, None).raw == raw


def put(before: Record, text: str, teacher: str | None) -> Record:
    """The record with another response, and the teacher's name as it was."""
    assert before.response_turn is not None
    nameless = Record(before.raw, before.line, before.file, replace(before.view, teacher=()))
    return replacing.replace(nameless, {before.response_turn: text}, teacher)


def record(raw: bytes, lens: Lens) -> Record:
    return Record(raw, 1, "f", fields.view(lens))


def others(seen: Record) -> list[bytes]:
    """The bytes before and after the response."""
    assert seen.response_turn is not None
    start, end = splice.locate(seen.raw, seen.turns[seen.response_turn].path)
    return [seen.raw[:start], seen.raw[end:]]


@pytest.mark.parametrize(
    ("name", "prompt", "response", "count"),
    [
        ("gsm8k/example_model_solutions.jsonl", "question", "175b_verification.solution", 1319),
        ("stanford_alpaca/seed_tasks.jsonl", "instruction", "instances.0.output", 175),
        ("presidio_research/generated_small.json", "masked", "full_text", 100),
    ],
)
def test_rows_of_no_shape_are_read_by_paths(
    data_dir: Path, name: str, prompt: str, response: str, count: int
) -> None:
    lens = Raw(fields.path(prompt), fields.path(response))
    roles = Counter(turn.role for row in rows(data_dir / name) for turn in lens.turns(row))
    assert roles == {"user": count, "assistant": count}


def test_teachers_and_prompts_are_found_where_the_corpora_keep_them(data_dir: Path) -> None:
    names = matching(data_dir, "corpora/just_eval.*.jsonl")
    keys = []
    for name in names:
        seen = [record(raw, shapes.SHAPES["messages"]) for raw in lines(data_dir / name)]
        teacher = name.removeprefix("corpora/just_eval.").removesuffix(".jsonl")
        assert {one.teacher for one in seen} == {teacher}
        assert all(one.source for one in seen)
        keys.append([one.prompt_key for one in seen])
    assert len(names) == 8
    assert all(sorted(other) == sorted(keys[0]) for other in keys)
