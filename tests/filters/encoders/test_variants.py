"""Detoxify's own models: from torch's cache, by their hash, from the network where allowed."""

import hashlib
from pathlib import Path
from typing import Any, get_args

import detoxify.detoxify
import pytest
import torch

from curate.errors import InputError, OutageError, UsageError
from curate.filters.encoders.variants import Variant, beginning, fetched

CONTENT = b"weights"
HASH = hashlib.sha256(CONTENT).hexdigest()[:8]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A hub without network whose `original` is a file of a few bytes."""
    urls = {"original": f"https://models.invalid/toxic_original-{HASH}.ckpt"}
    monkeypatch.setattr(detoxify.detoxify, "MODEL_URLS", urls)
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path))
    monkeypatch.setattr(torch.hub, "download_url_to_file", fail)
    return tmp_path / "checkpoints" / f"toxic_original-{HASH}.ckpt"


def fail(*_: Any, **__: Any) -> None:
    raise OSError("no network")


def test_every_variant_of_detoxify_can_be_named() -> None:
    assert set(get_args(Variant)) == set(detoxify.detoxify.MODEL_URLS)
    assert beginning("unbiased") == "c7548aa0"


def test_what_is_in_the_cache_needs_no_network(cache: Path) -> None:
    cache.parent.mkdir()
    cache.write_bytes(CONTENT)
    assert fetched("original", offline=True) == cache


def test_offline_nothing_is_downloaded(cache: Path) -> None:
    with pytest.raises(UsageError, match="--offline downloads nothing"):
        fetched("original", offline=True)


def test_a_download_that_fails_is_an_outage(cache: Path) -> None:
    with pytest.raises(OutageError, match=r"models\.invalid.*no network"):
        fetched("original", offline=False)


def test_it_is_downloaded_once_with_its_hash(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def download(url: str, file: str, prefix: str, progress: bool) -> None:
        asked.append((url, prefix))
        Path(file).write_bytes(CONTENT)

    monkeypatch.setattr(torch.hub, "download_url_to_file", download)
    assert [fetched("original", offline=offline) for offline in (False, True)] == [cache] * 2
    assert asked == [(detoxify.detoxify.MODEL_URLS["original"], HASH)]


def test_a_file_that_is_not_what_its_name_says_is_refused(cache: Path) -> None:
    cache.parent.mkdir()
    cache.write_bytes(b"other weights")
    with pytest.raises(InputError, match="is not what its name says"):
        fetched("original", offline=True)
