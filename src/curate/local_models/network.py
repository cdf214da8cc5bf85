"""Where the network may be asked, and where not."""

from collections.abc import Iterator
from contextlib import contextmanager

from curate.extras import need


@contextmanager
def cut_off(really: bool) -> Iterator[None]:
    """Keep the hub's client from the network, if `really`; put it back on leaving.

    `local_files_only` keeps it from asking for models only: to say in its headers who is asking,
    it fetches a list of programs first.
    """
    constants = need("huggingface_hub", "hf").constants
    before = constants.HF_HUB_OFFLINE
    constants.HF_HUB_OFFLINE = before or really
    try:
        yield
    finally:
        constants.HF_HUB_OFFLINE = before
