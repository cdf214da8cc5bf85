import pytest

from curate.errors import InputError, UsageError
from curate.io.remote.urls import (
    forbidden,
    holds_secret,
    is_url,
    redacted,
    shown,
    without_secrets,
)

AMAZON = (
    "https://b.s3.amazonaws.com/a.jsonl?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=KID%2Fs3"
    "&X-Amz-Date=20260101T000000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=5ec4e7"
)
GOOGLE = "https://storage.googleapis.com/b/a.jsonl?GoogleAccessId=me&Expires=1&Signature=5ec4e7"
AZURE = "https://x.blob.core.windows.net/b/a.jsonl?sv=2022&sr=b&se=2026-01-01&sig=5ec4e7"


@pytest.mark.parametrize("url", [AMAZON, GOOGLE, AZURE])
def test_a_signed_url_is_known_without_its_signature(url):
    named = shown(url)
    assert named.startswith(url.partition("?")[0])
    assert not any(secret in named for secret in ("5ec4e7", "KID", "me&", "Expires"))


def test_a_url_signed_anew_is_the_same_input():
    assert shown(AMAZON) == shown(AMAZON.replace("5ec4e7", "77").replace("20260101", "20260102"))


@pytest.mark.parametrize(
    "url",
    [
        "s3://bucket/a?b.jsonl",
        "https://host/a.jsonl",
        "https://host/get?id=3&name=a%20b",
        "memory://x/y@z.jsonl",
    ],
)
def test_other_urls_are_told_as_they_are_given(url):
    assert shown(url) == url


def test_what_does_not_sign_is_kept():
    assert shown("https://h/get?id=3&token=5ec4e7&part=2") == "https://h/get?id=3&part=2"


@pytest.mark.parametrize(
    "url", ["https://me:5ec4e7@h/a.jsonl", "s3://5ec4e7@b/a", "http://5ec4e7@h"]
)
def test_users_and_passwords_are_refused_and_not_repeated(url):
    with pytest.raises(InputError, match="holds a user or a password") as caught:
        shown(url)
    assert "5ec4e7" not in str(caught.value)


@pytest.mark.parametrize(
    "url", [AMAZON, GOOGLE, AZURE, "http://me:5ec4e7@h/a", "http://me:p@5ec4e7@h/a"]
)
def test_the_words_of_a_library_are_told_without_secrets(url):
    told = redacted(f"503, message='Slow Down', url='{url}'")
    assert "5ec4e7" not in told
    assert told.startswith("503, message='Slow Down', url='http")


@pytest.mark.parametrize(
    ("argument", "expected"),
    [("s3://b/k", True), ("HTTPS://h/x", True), ("a.jsonl", False), ("-", False), ("C:\\x", False)],
)
def test_what_a_url_is(argument, expected):
    assert is_url(argument) == expected


@pytest.mark.parametrize("url", [AMAZON, GOOGLE, AZURE, "http://me:5ec4e7@h/a", "s3://5ec4e7@b/a"])
def test_a_message_loses_the_secrets_of_its_urls_and_nothing_else(url):
    assert holds_secret(url)
    told = without_secrets(f"card.yaml:3: {url}: no such file, see https://h/x?id=1.")
    assert "5ec4e7" not in told
    assert told.startswith("card.yaml:3: ")
    assert told.endswith(": no such file, see https://h/x?id=1.")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.jsonl:3: no",
        "hf://datasets/a/b?split=test: gone",
        "x://",
        pytest.param("x" * 1_000_000, id="a long word takes no minutes"),
    ],
)
def test_a_message_without_secrets_stays_as_it_is(text):
    assert without_secrets(text) == text


def test_what_is_forbidden_offline_is_told_without_secrets():
    error = forbidden(AMAZON, "written")
    assert isinstance(error, UsageError)
    assert str(error).startswith("https://b.s3.amazonaws.com/a.jsonl: is written over the network")
