"""URLs of inputs, and what of them may be told: a URL can hold a secret, and a ledger is kept.

A user and password in a URL are refused. A presigned URL is read, and known by what is left
without its signature: so no output holds it, and a run goes on with a URL that was signed anew.
"""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

from curate.errors import InputError, UsageError

_URL = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_SIGNING = re.compile(
    r"x-(amz|goog|oss|cos)-.*|.*(signature|token|secret|passw|credential|api.?key).*"
    r"|sig|key|auth|authorization|awsaccesskeyid|googleaccessid|key-pair-id|policy|expires|se|skt",
    re.IGNORECASE,
)
"""Names of query parameters that sign a URL, at Amazon, Google, Azure and others."""
_ANY = re.compile(r"[a-z][a-z0-9+.-]{0,30}://[^\s'\"]*[^\s'\":;,.)]", re.IGNORECASE)
_QUERY = re.compile(r"(\w+://[^\s?'\"]+)\?[^\s'\"]+")
_USER = re.compile(r"(\w+://)[^\s/?#]+@")


def is_url(argument: str) -> bool:
    """Say whether an argument names no path of this machine."""
    return _URL.match(argument) is not None


def shown(url: str) -> str:
    """Return the URL by which an input is known, which holds no secret.

    Raises:
        InputError: it holds a user or a password; the message does not repeat them.
    """
    protocol, _, rest = url.partition("://")
    if "@" in re.split(r"[/?#]", rest, maxsplit=1)[0]:
        raise InputError(
            f"{protocol}://…: the URL holds a user or a password, which would be written down; "
            "give them in the environment, as the store's own library wants them"
        )
    if "?" not in rest or not is_web(url):
        return url
    given = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    left = [(name, value) for name, value in given if not _SIGNING.fullmatch(name)]
    if len(left) == len(given):
        return url
    return url.partition("?")[0] + ("?" if left else "") + urlencode(left)


def holds_secret(url: str) -> bool:
    """Say whether something of a URL must not be told: a user, a password, a signature."""
    try:
        return shown(url) != url
    except InputError:
        return True


def without_secrets(text: str) -> str:
    """Return a text without the users and queries of the URLs in it that hold a secret."""
    return _ANY.sub(lambda found: redacted(found[0]) if holds_secret(found[0]) else found[0], text)


def forbidden(url: str, what: str = "read") -> UsageError:
    """Return what to raise where the network must not be used, and a URL is to be."""
    return UsageError(f"{shown(url)}: is {what} over the network, which --offline forbids")


def called(argument: str) -> str:
    """Return what an argument that names an input is called where it is told."""
    return shown(argument) if is_url(argument) else argument


def is_web(url: str) -> bool:
    """Say whether a URL is one of a web server, where `?` begins a query."""
    return url.lower().startswith(("http://", "https://"))


def redacted(text: str) -> str:
    """Return the words of a library without users and queries of the URLs in them."""
    return _QUERY.sub(r"\1?…", _USER.sub(r"\1…@", text))


def first_line(error: Exception) -> str:
    """Return the first line of what a library said, redacted; at most 200 characters."""
    return redacted((str(error).splitlines() or [""])[0])[:200]
