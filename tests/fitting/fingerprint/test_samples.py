"""Responses from corpora of any shape; whatever is left out is counted."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from curate.errors import InputError
from curate.fitting.fingerprint.samples import Sample, read
from curate.plan import Input
from planted_teachers import responses, write


def rows(path: Path, *found: Any) -> str:
    path.write_text("".join(json.dumps(each) + "\n" for each in found))
    return str(path)


def messages(prompt: str, response: str, **fields: Any) -> dict[str, Any]:
    turns = [{"role": "user", "content": prompt}, {"role": "assistant", "content": response}]
    return {"messages": turns, **fields}


def test_reads_what_was_written(tmp_path: Path) -> None:
    planted = responses(prompts=3)
    found = read([str(write(tmp_path / "a.jsonl", planted))]).samples
    assert [each._replace(prompt="") for each in found] == [
        each._replace(prompt="") for each in planted
    ]
    # same prompt, same key, and no other
    pairs = {(one.prompt, other.prompt) for one, other in zip(found, planted, strict=True)}
    assert len(pairs) == len({key for key, _ in pairs}) == 3


def test_reads_files_of_different_shapes_and_packing(tmp_path: Path) -> None:
    alpaca = {"instruction": "Add.", "input": "1 1", "output": "2", "model": "b"}
    one = rows(tmp_path / "one.jsonl", messages("Hi", "Hello", model="a"))
    two = tmp_path / "two.json.gz"
    two.write_bytes(gzip.compress(json.dumps([alpaca]).encode()))
    corpus = read([one, str(two)])
    assert [(each.text, each.teacher) for each in corpus.samples] == [("Hello", "a"), ("2", "b")]
    assert list(corpus.files) == [one, str(two)]


def test_counts_what_it_leaves_out(tmp_path: Path) -> None:
    path = rows(
        tmp_path / "a.jsonl",
        messages("Hi", "Hello", model="a"),
        messages("Hi", "Hey"),
        messages("Hi", "  \n"),
        {"messages": [{"role": "user", "content": "Anybody?"}]},
        {"nothing": "known"},
        ["no", "object"],
    )
    with Path(path).open("a") as file:
        file.write("\n{broken\n")
    corpus = read([path])
    assert [each.text for each in corpus.samples] == ["Hello", "Hey"]
    assert (corpus.rows, corpus.unlabelled, corpus.no_response) == (7, 1, 2)
    assert (corpus.not_records, corpus.unreadable) == (2, 1)
    left_out = corpus.no_response + corpus.not_records + corpus.unreadable
    assert corpus.rows == len(corpus.samples) + left_out


def test_texts_that_nothing_asked_for_are_not_one_prompt(tmp_path: Path) -> None:
    path = rows(tmp_path / "a.jsonl", {"text": "One."}, {"text": "Two."}, {"text": "one. "})
    one, two, again = (each.prompt for each in read([path]).samples)
    assert one != two
    assert one == again  # the same text must not be on both sides of a split


def test_fields_can_be_named(tmp_path: Path) -> None:
    row = messages("Hi", "Hello", who={"wrote": "x"})
    path = rows(tmp_path / "a.jsonl", row)
    (found,) = read([path], Input(teacher="who.wrote")).samples
    assert found == Sample("Hello", "x", found.prompt, None, found.id)


def test_a_missing_file_is_said() -> None:
    with pytest.raises(InputError, match="no such file"):
        read(["nowhere.jsonl"])
