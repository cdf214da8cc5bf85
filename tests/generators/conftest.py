"""What the tests of generators share."""

from collections.abc import Iterator

import pytest

from endpoints import Endpoint, serving

KEY = "sk-test-0123456789abcdef-secret"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key and no address."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    for name in ("OPENAI_BASE_URL", "CURATE_CACHE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """An endpoint that answers every prompt with itself; tests may change its script."""
    pytest.importorskip("httpx")
    with serving() as running:
        yield running
