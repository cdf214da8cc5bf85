"""Answers from a file: exactly those, in their order, or an error that says which is missing."""

import json
from pathlib import Path

import pytest

from curate.api import Completion, Context, Message, Prompt
from curate.errors import InputError, OutageError, UsageError
from curate.generators.replay import Replay
from talking import prompt


def write(folder: Path, *rows: object) -> Path:
    file = folder / "answers.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    return file


def ask(file: Path, *prompts: Prompt, **options: str) -> list[Completion]:
    with Replay(file=file, **options).open(Context()) as talker:
        return list(talker.generate(prompts))


def test_rows_of_both_kinds(tmp_path: Path):
    messages = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "hi \ud83d"},
    ]
    file = write(
        tmp_path,
        {"prompt": "ünï", "response": "one", "id": "ignored"},
        {"messages": messages, "response": "two", "finish": "length", "model": "m-1"},
    )
    chat = Prompt(tuple(Message(**each) for each in messages), max_tokens=3)
    assert ask(file, chat, prompt("ünï", temperature=1), chat) == [
        Completion("two", "length", "m-1"),
        Completion("one"),
        Completion("two", "length", "m-1"),
    ]


def test_rows_of_one_prompt_count_up(tmp_path: Path):
    file = write(
        tmp_path,
        {"prompt": "a", "response": "first"},
        {"prompt": "b", "response": "other"},
        {"prompt": "a", "response": "second"},
        {"prompt": "a", "response": "seventh", "sample": 7},
    )
    got = ask(file, *(prompt("a", sample=n) for n in (7, 1, 0)))
    assert [each.text for each in got] == ["seventh", "second", "first"]


def test_a_missing_answer_is_named(tmp_path: Path):
    file = write(tmp_path, {"prompt": "a", "response": "x"})
    with pytest.raises(OutageError, match=r"answers 1 of 3 prompts; .* 'b c', sample 0\. Add it"):
        ask(file, prompt("a"), prompt(" b \n c "), prompt("a", sample=1))


def test_or_empty_where_that_is_wanted(tmp_path: Path):
    file = write(tmp_path, {"prompt": "a", "response": "x"})
    got = ask(file, prompt("b"), prompt("a"), missing="empty")
    assert [each.text for each in got] == ["", "x"]


def test_equal_means_equal(tmp_path: Path):
    file = write(tmp_path, {"prompt": "a", "response": "x"})
    for other in (prompt("A"), prompt("a "), Prompt((Message("system", "a"),)), Prompt(())):
        with pytest.raises(OutageError):
            ask(file, other)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "not JSON"),
        ("[]", "a row is an object with `messages` or `prompt`"),
        ('{"response": "x"}', "a row is an object with"),
        ('{"prompt": "a", "messages": [], "response": "x"}', "a row is an object with"),
        ('{"prompt": "a"}', "`response` must be a text"),
        ('{"prompt": 1, "response": "x"}', "`content` must be a text"),
        ('{"messages": ["a"], "response": "x"}', "list of objects with `role`"),
        ('{"messages": [{"role": "user"}], "response": "x"}', "`content` must be"),
        ('{"prompt": "a", "response": "x", "sample": true}', "`sample` is a whole number"),
        ('{"prompt": "q", "response": "y"}\n{"prompt": "q", "response": "z", "sample": 0}',
         "another answer to what line 2 answers"),
    ],
)  # fmt: skip
def test_a_row_that_is_none_is_told_with_its_line(tmp_path: Path, line: str, told: str):
    file = tmp_path / "answers.jsonl"
    file.write_text(f"\n{line}\n")
    with pytest.raises(InputError, match=r"answers\.jsonl:[23]: ") as caught:
        ask(file)
    assert told in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path):
    with pytest.raises(InputError, match="cannot be read"):
        ask(tmp_path / "none.jsonl")


def test_the_file_is_known_by_its_bytes(tmp_path: Path):
    generator = Replay(file=write(tmp_path, {"prompt": "a", "response": "x"}))
    before = generator.fingerprint()
    write(tmp_path, {"prompt": "a", "response": "longer"})
    after = generator.fingerprint()
    assert before.keys() == after.keys() == {"answers.jsonl"}
    assert before != after


def test_no_log_likelihoods(tmp_path: Path):
    generator = Replay(file=write(tmp_path))
    with (
        generator.open(Context()) as talker,
        pytest.raises(UsageError, match="take the `hf` generator"),
    ):
        talker.log_likelihood([prompt("a")], ["b"])
