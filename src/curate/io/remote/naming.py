"""What a URL names: one object, or the objects that a glob finds."""

import re
from contextlib import suppress
from difflib import get_close_matches

from curate.errors import InputError, suggest
from curate.io.remote.deadlines import LISTING, asked, within
from curate.io.remote.objects import Object, object_at
from curate.io.remote.retrying import retried
from curate.io.remote.urls import forbidden, is_web


def named(url: str, *, offline: bool) -> list[str]:
    """Return the URLs of the objects that a URL names, those of a glob sorted.

    Raises:
        UsageError: the network must not be used, or nothing installed speaks the protocol.
        InputError: a glob finds nothing, or the URL holds a password.
        OutageError: the store stays away.
    """
    if offline:
        raise forbidden(url)
    if not re.search("[*[]" if is_web(url) else "[*?[]", url):
        return [url]
    wanted = object_at(url)
    if retried(wanted.name, lambda: asked(wanted.fs, within(), "isfile", wanted.path)):
        return [url]  # an object may be named like a glob
    found = retried(
        wanted.name, lambda: asked(wanted.fs, LISTING, "glob", wanted.path, detail=True)
    )
    paths = sorted(path for path, facts in found.items() if facts["type"] == "file")
    if not paths:
        raise InputError(f"{wanted.name}: no object has such a name")
    protocol = url.partition("://")[0]
    return [path if "://" in path else f"{protocol}://{path.lstrip('/')}" for path in paths]


def missing(wanted: Object) -> InputError:
    """Return what to raise where an object is not there."""
    if is_web(wanted.name):
        return InputError(f"{wanted.name}: the server has no such file")
    place = wanted.path.rstrip("/")
    with suppress(Exception):  # whoever may not list gets no close matches
        if asked(wanted.fs, within(), "isdir", place):
            files = f"{wanted.name.rstrip('/')}/*.jsonl"
            return InputError(f"{wanted.name}: is a folder; name its files, as in '{files}'")
    folder, _, last = place.rpartition("/")
    names: list[str] = []
    with suppress(Exception):
        names = [
            path.rpartition("/")[2]
            for path in asked(wanted.fs, within(), "ls", folder, detail=False)
        ]
    return InputError(
        f"{wanted.name}: no such object{suggest(last, get_close_matches(last, names))}"
    )
