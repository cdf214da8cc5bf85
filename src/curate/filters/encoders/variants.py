"""The models that detoxify publishes, by name, from where torch keeps what it downloads."""

import re
from pathlib import Path
from typing import Literal

from curate.answers.hashing import sha256
from curate.errors import InputError, OutageError, UsageError
from curate.extras import need
from curate.filters.encoders.encoder import EXTRA

Variant = Literal["original", "unbiased", "multilingual", "original-small", "unbiased-small"]


def beginning(variant: Variant) -> str:
    """Return how the SHA-256 of a variant's checkpoint begins: its file is named for it.

    Raises:
        UsageError: detoxify is missing.
    """
    named = re.search(r"-([0-9a-f]{8,})\.ckpt$", _url(variant))
    assert named  # noqa: S101  (all that detoxify lists are named so)
    return named[1]


def fetched(variant: Variant, *, offline: bool) -> Path:
    """Return a variant's checkpoint, downloaded where it is not there yet.

    Raises:
        InputError: the file is not the one that was published.
        OutageError: it cannot be downloaded.
        UsageError: it would have to be, but the run is offline; or a package is missing.
    """
    url = _url(variant)
    hub = need("torch", EXTRA).hub
    file = Path(hub.get_dir(), "checkpoints", url.rpartition("/")[2])
    if not file.exists():
        if offline:
            raise UsageError(
                f"variant: {variant} is not at {file}, and --offline downloads nothing"
            )
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            hub.download_url_to_file(url, str(file), beginning(variant), progress=False)
        except OSError as error:
            raise OutageError(f"{url} cannot be downloaded: {error}") from error
        except RuntimeError as error:  # torch's word for a wrong hash
            raise InputError(f"{url}: {error}") from error
    if not sha256(file).startswith(beginning(variant)):
        raise InputError(f"{file}: is not what its name says; delete it to download it again")
    return file


def _url(variant: Variant) -> str:
    return str(need("detoxify.detoxify", EXTRA).MODEL_URLS[variant])
