"""What counts as a labelled row, and what a wrong one is told."""

import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from curate.errors import InputError, UsageError
from curate.fitting import labels


def write(folder: Path, *rows: Any, name: str = "rows.jsonl") -> str:
    path = folder / name
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(path)


def row(text: str, label: Any, **more: Any) -> dict[str, Any]:
    return {"text": text, "label": label, **more}


@pytest.mark.parametrize(
    ("given", "positive", "expected"),
    [
        ([0, 1, 0], None, [False, True, False]),
        ([False, True, 1], None, [False, True, True]),
        (["0", "1", "true"], None, [False, True, True]),
        (["calm", "angry", "sad"], "angry", [False, True, False]),
        ([3, 4, 3], "4", [False, True, False]),
        ([0, 1, 0], "angry", [False, True, False]),
    ],
    ids=["numbers", "truths", "texts", "names", "numbered names", "numbers for a named label"],
)
def test_labels_are_read(
    tmp_path: Path, given: list[Any], positive: str | None, expected: list[bool]
) -> None:
    path = write(tmp_path, *(row(f"text {n}", label) for n, label in enumerate(given)))
    found = labels.read([path], positive)
    assert list(found.labels) == expected
    assert found.positives == sum(expected)
    assert found.positive == (positive or "positive")


def test_the_same_text_counts_once(tmp_path: Path) -> None:
    path = write(tmp_path, row("A  b", 1), row("a b", 1), row("a b ", 0), row("c", 0))
    found = labels.read([path])
    assert found.texts == ("A  b", "a b ", "c")
    assert found.keys[0] == found.keys[1] != found.keys[2]
    assert (found.rows, found.contradictions) == (4, 1)


def test_a_group_holds_rows_together_and_so_does_the_same_text(tmp_path: Path) -> None:
    rows = [row("a", 1, p=7), row("b", 0, p=7), row("A", 0, p=8), row("c", 0, p=8)]
    found = labels.read([write(tmp_path, *rows)], group="p")
    assert found.groups == ("7", "7", "7", "8")
    assert len(set(found.keys)) == 3


def test_files_are_known_by_their_content(tmp_path: Path) -> None:
    plain = write(tmp_path, row("a", 1))
    packed = tmp_path / "more.jsonl.gz"
    packed.write_bytes(gzip.compress(b'{"text": "b", "label": 0}\n\n'))
    found = labels.read([plain, str(packed)])
    assert found.texts == ("a", "b")
    assert found.files == {
        plain: hashlib.sha256(Path(plain).read_bytes()).hexdigest(),
        str(packed): hashlib.sha256(b'{"text": "b", "label": 0}\n\n').hexdigest(),
    }


def test_lone_surrogates_are_texts_like_others(tmp_path: Path) -> None:
    path = tmp_path / "odd.jsonl"
    path.write_text('{"text": "\\ud83d", "label": 1}\n{"text": "\\u0000", "label": 0}\n')
    assert labels.read([str(path)]).texts == ("\ud83d", "\0")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("[1]", "rows.jsonl:2: no text"),
        ('{"label": 1}', "rows.jsonl:2: no text"),
        ('{"text": 5, "label": 1}', "rows.jsonl:2: no text"),
        ('{"text": "b"}', "rows.jsonl:2: no label"),
        ('{"text": "b", "label": null}', "rows.jsonl:2: no label"),
        ('{"text": "b", "label": 0.5}', "rows.jsonl:2: no label"),
        ("{oops", "rows.jsonl:2: not JSON"),
    ],
)
def test_a_row_that_is_no_labelled_text_is_named(tmp_path: Path, line: str, told: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "a", "label": 1}\n' + line + "\n")
    with pytest.raises(InputError, match=told):
        labels.read([str(path)])


def test_names_ask_for_the_one_that_is_looked_for(tmp_path: Path) -> None:
    path = write(tmp_path, row("a", "calm"), row("b", "angry"), row("c", "calm"))
    with pytest.raises(UsageError, match=r"'calm' \(2\), 'angry' \(1\).*--positive NAME"):
        labels.read([path])
    with pytest.raises(UsageError, match="did you mean 'angry'"):
        labels.read([path], "angri")


def test_a_missing_group_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, row("a", 1, prompt="x"))
    with pytest.raises(InputError, match=r"rows.jsonl:1: no field 'promt'; did you mean 'prompt'"):
        labels.read([path], group="promt")
