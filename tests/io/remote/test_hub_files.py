import pytest

from curate.errors import UsageError
from curate.io.sources import expand
from curate.io.tables import hub

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ("hf://datasets/org/name/train.jsonl", True),
        ("hf://datasets/org/name@main/data/train-*.jsonl.zst", True),
        ("hf://datasets/org/name@refs/convert/parquet/default/train/0.parquet", True),
        ("hf://datasets/org/name@refs/pr/1/a.json.gz", True),
        ("hf://datasets/org/name", False),
        ("hf://datasets/org/name@main?config=a.jsonl", False),
        ("hf://datasets/org/name@refs/pr/1", False),
        ("hf://datasets/org/name@feature/x", False),
        ("hf://datasets/org/name.jsonl", False),
    ],
)
def test_what_a_file_of_a_data_set_is(argument, expected):
    assert hub.is_file(argument) == expected


def test_a_file_at_a_commit_stays_there_without_asking():
    argument = f"hf://datasets/org/name@{COMMIT}/data/a.jsonl"
    assert hub.pinned_file(argument, offline=False) == argument


def test_offline_refuses_a_file_of_a_data_set():
    with pytest.raises(UsageError, match="which --offline forbids"):
        expand([f"hf://datasets/org/name@{COMMIT}/data/a.jsonl"], offline=True)
