import json

import pytest

from curate.errors import InputError
from curate.io.sources import expand
from quiet_datasets import datasets


@pytest.fixture
def saved(tmp_path):
    datasets.Dataset.from_list([{"a": n} for n in range(9)]).save_to_disk(
        tmp_path / "d", num_shards=3
    )
    return tmp_path / "d"


def test_a_saved_dataset_is_its_files_in_order(saved):
    names = [f"data-0000{n}-of-00003.arrow" for n in range(3)]
    found = expand([str(saved)])
    assert [source.name for source in found] == [str(saved / name) for name in names]
    assert {source.format for source in found} == {"arrow"}
    state = json.loads((saved / "state.json").read_text())
    state["_data_files"].reverse()
    (saved / "state.json").write_text(json.dumps(state))
    assert [source.name for source in expand([str(saved)])] == [
        str(saved / name) for name in reversed(names)
    ]


def test_splits_are_named(saved, tmp_path):
    one = datasets.load_from_disk(saved)
    datasets.DatasetDict({"train": one, "test": one}).save_to_disk(tmp_path / "all")
    with pytest.raises(InputError, match=r"holds the splits .*all/train or .*all/test$"):
        expand([str(tmp_path / "all")])
    assert len(expand([str(tmp_path / "all" / "test")])) == 1


def test_a_file_that_is_missing(saved):
    (saved / "data-00001-of-00003.arrow").unlink()
    with pytest.raises(InputError, match=r"data-00001-of-00003\.arrow is missing, which state\.js"):
        expand([str(saved)])


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ("{", "damaged"),
        ("[]", "damaged"),
        ("{}", "does not name the files"),
        ('{"_data_files": []}', "without rows"),
        ('{"_data_files": [{"filename": "../x.arrow"}]}', "outside the folder"),
        ('{"_data_files": [], "_indices_data_files": [{}]}', "in another order"),
    ],
)
def test_what_no_library_saved(tmp_path, state, message):
    (tmp_path / "state.json").write_text(state)
    with pytest.raises(InputError, match=message):
        expand([str(tmp_path)])


def test_any_other_folder_is_refused(tmp_path):
    with pytest.raises(InputError, match="is a folder; name its files"):
        expand([str(tmp_path)])
