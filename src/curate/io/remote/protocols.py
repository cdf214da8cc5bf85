"""What speaks the protocol of a URL: the file systems of fsspec, and the extras that bring them."""

from typing import Any

from curate.errors import OutageError, UsageError
from curate.extras import need
from curate.io.remote.urls import redacted

_EXTRAS = {"s3": "s3", "s3a": "s3", "gs": "gs", "gcs": "gs", "http": "http", "https": "http"}


def file_system(url: str, name: str, does: str, **options: Any) -> tuple[Any, str]:
    """Return what speaks the protocol of a URL, and what that calls the place; nothing is asked.

    Args:
        url: Where something is.
        name: What messages call that; without secrets.
        does: What is wanted, for messages: `reads`, or `writes to`.
        **options: What the file system is opened with.

    Raises:
        UsageError: nothing installed speaks it, or what does wants more than a URL.
        OutageError: what speaks it connects at once, and nobody answers.
    """
    protocol = url.partition("://")[0].lower()
    extra = _EXTRAS.get(protocol)
    fsspec = need("fsspec", extra or "remote")
    try:
        found: tuple[Any, str] = fsspec.url_to_fs(url, use_listings_cache=False, **options)
    except (ValueError, ImportError, TypeError) as error:  # TypeError: as `github` has it
        remedy = f"; install it with pip install 'sft-curate[{extra}]'" if extra else ""
        told = redacted(str(error))
        raise UsageError(f"{name}: nothing here {does} {protocol}: {told}{remedy}") from None
    except OSError as error:
        raise OutageError(f"{name}: {error.strerror or redacted(str(error))}") from None
    return found
