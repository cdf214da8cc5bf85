"""What is asked again, how often and after how long; and what never is."""

import pytest

from curate.errors import InputError, OutageError, UsageError
from curate.io.remote import retrying
from curate.io.remote.retrying import FIRST_WAIT, TRIES, retried


class StatusError(Exception):
    """As a web server's library raises it."""

    def __init__(self, status: int) -> None:
        super().__init__(f"{status}, url='https://h/a?X-Amz-Signature=5ec4e7'")
        self.status = status


class NoCredentialsError(Exception):
    """As botocore calls its own."""


class Failing:
    """Raises so many times, then answers."""

    def __init__(self, error: Exception, times: int) -> None:
        self.error, self.times, self.calls = error, times, 0

    def __call__(self) -> str:
        self.calls += 1
        if self.calls <= self.times:
            raise self.error
        return "answer"


@pytest.fixture(autouse=True)
def waits(monkeypatch) -> list[float]:
    waited: list[float] = []
    monkeypatch.setattr(retrying.time, "sleep", waited.append)
    return waited


FALTERING = [
    OSError("broken pipe"), ConnectionResetError(), TimeoutError(), EOFError("3 bytes came"),
    StatusError(500), StatusError(503), StatusError(429), RuntimeError("of a library"),
]  # fmt: skip
DENIED = [PermissionError("no"), StatusError(401), StatusError(403), NoCredentialsError("none")]


@pytest.mark.parametrize("error", FALTERING, ids=repr)
@pytest.mark.parametrize("times", range(TRIES))
def test_what_falters_is_asked_again_until_it_answers(waits, error, times):
    call = Failing(error, times)
    assert retried("s3://b/k", call) == "answer"
    assert call.calls == times + 1
    assert waits == [FIRST_WAIT * 2**n for n in range(times)]


@pytest.mark.parametrize("error", FALTERING, ids=repr)
def test_what_stays_away_is_an_outage_after_so_many_tries(waits, error):
    call = Failing(error, 100)
    with pytest.raises(OutageError, match=rf"^s3://b/k: {type(error).__name__}: .+\(5 tries\)"):
        retried("s3://b/k", call)
    assert call.calls == TRIES == 5
    assert sum(waits) == pytest.approx(3.75)


@pytest.mark.parametrize("error", DENIED, ids=repr)
def test_who_is_not_let_in_is_told_at_once(waits, error):
    call = Failing(error, 100)
    with pytest.raises(UsageError, match=r"access denied .*AWS_ACCESS_KEY_ID") as caught:
        retried("s3://b/k", call)
    assert (call.calls, waits) == (1, [])
    assert "5ec4e7" not in str(caught.value)


def test_what_is_not_there_is_not_asked_for_again(waits):
    call = Failing(FileNotFoundError("The specified bucket does not exist"), 100)
    with pytest.raises(InputError, match=r"^s3://b/k: is not there: The specified bucket does not"):
        retried("s3://b/k", call)
    assert (call.calls, waits) == (1, [])


@pytest.mark.parametrize("error", [InputError("changed"), OutageError("of its own")], ids=repr)
def test_what_we_raise_ourselves_is_not_asked_again(waits, error):
    call = Failing(error, 100)
    with pytest.raises(type(error), match=str(error)):
        retried("s3://b/k", call)
    assert (call.calls, waits) == (1, [])


def test_an_interrupt_is_not_asked_again(waits):
    def interrupted() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        retried("s3://b/k", interrupted)
    assert not waits


def test_a_stranger_is_not_told_of_variables():
    with pytest.raises(UsageError, match=r"in the environment$"):
        retried("sftp://b/k", Failing(PermissionError("no"), 1))
