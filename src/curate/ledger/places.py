"""Where a run directory is: a folder of this machine, or a URL of an object store."""

from pathlib import Path
from typing import cast

from curate.errors import UsageError
from curate.io.remote.paths import path_at
from curate.io.remote.urls import forbidden, is_url, is_web
from curate.io.tables.hub import SCHEME


def directory(argument: str) -> Path:
    """Return a run directory to read from; of a URL, what behaves like a path.

    Credentials are looked for in the environment, by the store's own library.

    Raises:
        UsageError: nothing installed speaks the protocol, or the URL holds credentials.
    """
    if not is_url(argument) or argument.startswith(SCHEME):  # no run writes to the hub
        return Path(argument)
    check_url(argument)
    return cast("Path", path_at(argument))


def check_offline(run: Path, *, offline: bool) -> None:
    """Refuse a run directory on a store where the network must not be used.

    Raises:
        UsageError: it is on one, and `offline`.
    """
    if offline and is_url(str(run)):
        raise forbidden(str(run))


def check_new(url: str) -> None:
    """Refuse a URL where no run can be written; see `check_url`, too.

    Raises:
        UsageError: no run can; the message repeats no secret.
    """
    check_url(url)
    if url.lower().startswith("file://") and not url.lower().startswith("file:///"):
        raise UsageError(f"{url}: a folder of this machine is file:///FOLDER, or just its path")
    if is_web(url) or url.startswith(SCHEME):
        protocol = url.partition("://")[0]
        raise UsageError(
            f"{url}: a run is written to a folder or an object store such as s3:// or gs://, and "
            f"{protocol} is neither"
        )


def check_url(url: str) -> None:
    """Refuse a URL that would carry a secret into messages, or more or less than a place.

    Raises:
        UsageError: it does; the message does not repeat it.
    """
    protocol, _, rest = url.partition("://")
    if "@" in rest.partition("/")[0]:
        raise UsageError(
            f"{protocol}://…: a run directory's URL holds credentials; give them in the environment"
        )
    if not rest.strip("/"):
        raise UsageError(
            f"{url}: names no place; a run directory's URL is PROTOCOL://BUCKET/FOLDER"
        )
    if "?" in rest or "#" in rest:
        raise UsageError(
            f"{protocol}://…: a run directory's URL ends with its folder, without ? or #"
        )
