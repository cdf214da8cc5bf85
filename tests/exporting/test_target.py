from pathlib import Path

import pytest

from curate.errors import UsageError
from curate.exporting.target import Target, complete, target


@pytest.mark.parametrize(
    ("name", "format"),
    [
        ("a.parquet", "parquet"),
        ("a.arrow", "arrow"),
        ("a.jsonl", "jsonl"),
        ("a.b.jsonl.gz", "jsonl"),
        ("a.jsonl.zst", "jsonl"),
        ("a", "dataset"),
    ],
)
def test_the_ending_says_what_it_becomes(tmp_path, name, format):
    assert target(tmp_path / name, None, [], force=False).format == format
    assert target(tmp_path / name, "arrow", [], force=False).format == "arrow"


def test_an_unknown_ending(tmp_path):
    with pytest.raises(UsageError, match=r"no output ends in \.csv; known: \.parquet, "):
        target(tmp_path / "a.csv", None, [], force=False)


def test_what_is_there_is_kept(tmp_path):
    (tmp_path / "a.parquet").write_text("x")
    (tmp_path / "empty.parquet").touch()
    folder = tmp_path / "d"
    folder.mkdir()
    assert target(folder, None, [], force=False)
    assert target(tmp_path / "empty.parquet", None, [], force=False)
    (folder / "notes.txt").touch()
    for path, message in (
        (tmp_path / "a.parquet", "exists: choose another path, or say --force"),
        (folder, "is not empty"),
    ):
        with pytest.raises(UsageError, match=message):
            target(path, None, [], force=False)
    assert target(tmp_path / "a.parquet", None, [], force=True)
    with pytest.raises(UsageError, match="holds other files than a data set"):
        target(folder, None, [], force=True)
    with pytest.raises(UsageError, match="is a folder, and a file is to be written"):
        target(folder, "parquet", [], force=True)
    with pytest.raises(UsageError, match="must be a folder, and a file is in the way"):
        target(tmp_path / "a.parquet", "dataset", [], force=True)


def test_a_saved_dataset_may_be_replaced(tmp_path):
    folder = tmp_path / "d"
    folder.mkdir()
    for name in ("state.json", "dataset_info.json", "data-00000-of-00001.arrow"):
        (folder / name).touch()
    with complete(target(folder, None, [], force=True)) as path:
        path.mkdir()
        (path / "new").touch()
    assert [file.name for file in folder.iterdir()] == ["new"]


@pytest.mark.parametrize("name", ["my run", "my run/kept.parquet", "my run/deep/er", "in.jsonl"])
@pytest.mark.parametrize("given", [str, Path.as_uri], ids=["path", "url"])
def test_nothing_is_written_over_what_is_exported(tmp_path, name, given):
    (tmp_path / "my run").mkdir()
    (tmp_path / "in.jsonl").touch()
    sources = [given(tmp_path / "my run"), given(tmp_path / "in.jsonl")]
    with pytest.raises(UsageError, match="lies in what is exported"):
        target(tmp_path / name, None, sources, force=True)


def test_a_folder_that_holds_what_is_exported_is_kept(tmp_path):
    with pytest.raises(UsageError, match=r"holds .*data-0\.arrow, which is exported"):
        target(tmp_path / "d", None, [str(tmp_path / "d" / "data-0.arrow")], force=True)


@pytest.mark.parametrize("name", ["out", "out.parquet"])
@pytest.mark.parametrize("there", [True, False])
def test_a_link_is_never_replaced(tmp_path, name, there):
    if there:
        (tmp_path / "real").mkdir()
    (tmp_path / name).symlink_to("real")
    with pytest.raises(UsageError, match="is a link: name what it stands for"):
        target(tmp_path / name, None, [], force=True)


def test_what_comes_in_the_way_meanwhile_is_kept(tmp_path):
    wanted = Target(tmp_path / "a.jsonl", "jsonl")
    with pytest.raises(UsageError, match="exists"), complete(wanted) as path:  # noqa: PT012
        path.write_text("mine")
        wanted.path.write_text("theirs")
    assert wanted.path.read_text() == "theirs"
    assert [file.name for file in tmp_path.iterdir()] == ["a.jsonl"]


def test_an_interrupted_export_leaves_nothing(tmp_path):
    wanted = Target(tmp_path / "new" / "a.jsonl", "jsonl")

    def stop(path: Path) -> None:
        path.write_text("half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), complete(wanted) as path:
        stop(path)
    assert list((tmp_path / "new").iterdir()) == []
