"""A checkpoint is read without running anything in it, and what is none is named."""

import pickle
from pathlib import Path
from typing import Any

import pytest
import torch

import tiny_encoder
from curate.errors import InputError
from curate.filters.encoders.checkpoints import read


class Bomb:
    """Pickled, it writes a file when it is loaded."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.write_text, (self.file, "executed")


def test_labels_are_named_as_detoxify_names_them(tmp_path: Path) -> None:
    found = read(tiny_encoder.checkpoint(tmp_path, spare=3))
    assert found.labels == tuple(tiny_encoder.NAMED)
    assert found.numbers == 9
    assert found.architecture == "BertForSequenceClassification"
    assert found.tokenizer == "BertTokenizer"


@pytest.mark.parametrize("inside", [True, False], ids=["a zip of torch", "a bare pickle"])
def test_a_pickle_that_would_run_code_is_refused_unread(tmp_path: Path, inside: bool) -> None:
    file, mark = tmp_path / "bad.ckpt", tmp_path / "executed"
    whole = {"config": {}, "state_dict": {}, "more": Bomb(mark)}
    if inside:
        torch.save(whole, file)
    else:
        file.write_bytes(pickle.dumps(whole))
    pickle.loads(pickle.dumps(Bomb(tmp_path / "proof")))
    assert (tmp_path / "proof").exists()  # the bomb works
    with pytest.raises(InputError, match=r"bad\.ckpt: .*could run code.*refused"):
        read(file)
    assert not mark.exists()


@pytest.mark.parametrize("content", [b"", b"not a checkpoint", b"PK\x03\x04broken"])
def test_what_is_no_checkpoint_is_named(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "bad.ckpt"
    file.write_bytes(content)
    with pytest.raises(InputError, match=r"bad\.ckpt"):
        read(file)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"missing\.ckpt: cannot be read: No such file"):
        read(tmp_path / "missing.ckpt")


@pytest.mark.parametrize("lacks", ["config", "state_dict"])
def test_what_a_checkpoint_lacks_is_named(tmp_path: Path, lacks: str) -> None:
    file = tiny_encoder.checkpoint(tmp_path)
    whole = torch.load(file, weights_only=True)
    del whole[lacks]
    torch.save(whole, file)
    with pytest.raises(InputError, match=f"no checkpoint of detoxify.*{lacks}"):
        read(file)


def test_more_labels_than_numbers_are_refused(tmp_path: Path) -> None:
    file = tiny_encoder.checkpoint(tmp_path)
    whole = torch.load(file, weights_only=True)
    whole["config"]["dataset"]["args"]["classes"] = ["x"] * 7
    torch.save(whole, file)
    with pytest.raises(InputError, match="names 7 labels for 6 numbers"):
        read(file)
