"""Where there is no cluster, that is told, and soon."""

import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from curate_ray import Ray, head
from pydantic import ValidationError

from curate.errors import OutageError


@pytest.fixture
def stranger() -> Iterator[str]:
    """The address of a service that is no cluster."""
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def silence() -> Iterator[str]:
    """The address of a service that says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("127.0.0.1:1", "refused"),
        ("ray://127.0.0.1:1", "refused"),
        ("no-such-host.invalid:6379", "not known|resolution|No address"),
    ],
)
def test_there_is_no_cluster(address: str, told: str) -> None:
    with (
        pytest.raises(OutageError, match=rf"no Ray cluster at {address}: .*({told})"),
        Ray(address=address).open([], 1),
    ):
        pass


def test_the_cluster_of_this_machine_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAY_ADDRESS", "127.0.0.1:1")
    with pytest.raises(OutageError, match=r"no Ray cluster at 127.0.0.1:1: .*refused"):
        Ray(address="auto").open([], 1).__enter__()


def test_what_answers_is_no_cluster(
    stranger: str, silence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(head, "WAIT", 0.5)
    for address, told in [(stranger, "what listens there is not Ray"), (silence, "timed out")]:
        with (
            pytest.raises(OutageError, match=rf"no Ray cluster at {address}: {told}"),
            Ray(address=address).open([], 1),
        ):
            pass


@pytest.mark.parametrize("address", ["", "head", "10.0.0.5", "http://head:6379", "head:0", "local"])
def test_an_address_that_leads_nowhere(address: str) -> None:
    with pytest.raises(ValidationError, match="an address is auto, HOST:PORT or ray://HOST:PORT"):
        Ray(address=address)
