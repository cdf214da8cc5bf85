"""What a response means when it is no answer."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from curate.answers.failures import Again, Refused, payload
from curate.errors import OutageError, UsageError

KEY = "sk-very-secret-0123456789"


@dataclass
class Response:
    status_code: int = 200
    content: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=dict)


def error(message: str = "because", **more: object) -> bytes:
    return json.dumps({"error": {"message": message, **more}}).encode()


def read(response: Response) -> object:
    return payload(response, "MY_KEY", KEY)


def test_an_answer_is_an_answer():
    assert read(Response(content=b'{"choices": [], "error": null}')) == {
        "choices": [],
        "error": None,
    }


@pytest.mark.parametrize(
    ("response", "kind", "told"),
    [
        (Response(429, error("slow down")), Again, "HTTP 429: slow down"),
        (Response(500, b"<html>oops\n  oops</html>"), Again, "HTTP 500: <html>oops oops</html>"),
        (Response(503, b""), Again, "HTTP 503"),
        (Response(200, b'{"choices": ['), Again, "not JSON"),
        (Response(200, b"\xff\xfe"), Again, "not JSON"),
        (Response(200, error("busy", code=503)), Again, "HTTP 503: busy"),
        (Response(200, error("hm", code="odd")), Again, "HTTP 500: hm"),
        (Response(400, error("maximum context length")), Refused, "maximum context length"),
        (Response(422, b'{"detail": [1]}'), Refused, r'{"detail": \[1\]}'),
        (Response(401, error(f"bad key {KEY}")), UsageError, r"the key in \$MY_KEY"),
        (Response(404, error("no model x")), UsageError, "no model x; check `base_url`"),
        (Response(308, b"", {"location": "https://x/v2"}), UsageError, "HTTP 308: https://x/v2"),
        (Response(402, error("pay")), OutageError, "no money left"),
        (Response(429, error("q", code="insufficient_quota")), OutageError, "no money left"),
    ],
    ids=lambda value: (
        f"{value.status_code} {value.content[:20]!r}" if isinstance(value, Response) else ""
    ),
)
def test_a_failure_is_told_from_another(response: Response, kind: type[Exception], told: str):
    with pytest.raises(kind, match=told):
        read(response)


def test_how_long_to_wait_is_passed_on():
    with pytest.raises(Again) as caught:
        read(Response(429, b"", {"retry-after": "12"}))
    assert caught.value.wait == 12


@pytest.mark.parametrize("status", [200, 302, 400, 401, 402, 404, 418, 429, 500])
def test_a_key_is_never_repeated(status: int):
    for body in (f"<{KEY}".encode(), error(f"wrong key {KEY} here"), error(KEY, code=400)):
        with pytest.raises(Exception, match="HTTP") as caught:
            read(Response(status, body))
        assert KEY not in str(caught.value)


def test_a_long_text_is_cut():
    with pytest.raises(Again) as caught:
        read(Response(500, b"x" * 10_000))
    assert len(str(caught.value)) < 400
