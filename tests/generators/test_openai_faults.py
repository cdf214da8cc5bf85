"""An endpoint with every fault: no prompt lost, order kept, and the end said plainly."""

import time
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curate.answers import patience
from curate.answers.failures import Refused
from curate.api import Context
from curate.errors import OutageError, UsageError
from curate.generators.openai import OpenAI
from endpoints import Asked, Endpoint, Reply, answer, echo
from talking import prompt, talking, texts


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "FIRST", 0.01)


FAULTS: dict[str, Reply] = {
    "429": Reply({"error": {"message": "slow down"}}, 429),
    "429 with a wait": Reply({}, 429, {"Retry-After": "0.05"}),
    "500": Reply(b"<html>oops", 500),
    "502": Reply(b"", 502),
    "broken JSON": Reply(b'{"choices": [{"mess'),
    "no completion": Reply({"choices": []}),
    "not an object": Reply([1, 2]),
    "error in an answer": Reply({"error": {"code": 503, "message": "busy"}}),
    "reset": Reply({}, fault="reset"),
    "cut": Reply({"choices": "x" * 4000}, fault="cut"),
}


class TestFaults:
    @pytest.mark.parametrize("name", FAULTS)
    def test_a_passing_fault_is_asked_again(self, endpoint: Endpoint, name: str):
        endpoint.script = lambda asked: FAULTS[name] if asked.time < 2 else echo(asked)
        with talking(endpoint, retries=2) as talker:
            assert texts(talker.generate([prompt("a"), prompt("b")])) == ["re: a", "re: b"]
        assert endpoint.texts() == {"a": 3, "b": 3}

    @pytest.mark.parametrize("name", FAULTS)
    def test_one_that_stays_is_an_outage(self, endpoint: Endpoint, name: str):
        endpoint.script = lambda _: FAULTS[name]
        with (
            talking(endpoint, retries=2) as talker,
            pytest.raises(OutageError, match=r"does not answer, asked 3 times: .* ends 'a'"),
        ):
            talker.generate([prompt("a")])
        assert endpoint.texts() == {"a": 3}

    def test_too_slow(self, endpoint: Endpoint):
        endpoint.script = lambda asked: answer("late", delay=0.4 if asked.time == 0 else 0)
        with talking(endpoint, timeout=0.2) as talker:
            assert texts(talker.generate([prompt("a")])) == ["late"]
        assert endpoint.texts() == {"a": 2}

    def test_nobody_there(self):
        with (
            OpenAI(model="m", base_url="http://127.0.0.1:9/v1", retries=1).open(
                Context()
            ) as talker,
            pytest.raises(OutageError, match="asked 2 times: ConnectError"),
        ):
            talker.generate([prompt("a")])

    def test_a_wait_that_is_asked_for_is_kept_by_all(self, endpoint: Endpoint):
        times: dict[tuple[str, int], float] = {}

        def script(asked: Asked) -> Reply:
            times[asked.said, asked.time] = time.monotonic()
            if asked.said == "a" and asked.time == 0:
                return Reply({}, 429, {"Retry-After": "0.6"})
            return answer("", delay=0.2)

        endpoint.script = script
        with talking(endpoint, concurrency=2) as talker:
            talker.generate([prompt("a"), prompt("b"), prompt("c")])
        begun = times["a", 0]
        assert times["a", 1] - begun >= 0.6
        assert times["c", 0] - begun >= 0.6  # its line was free after 0.2

    def test_a_wait_that_is_too_long_is_an_outage(self, endpoint: Endpoint):
        endpoint.script = lambda _: Reply({}, 429, {"Retry-After": "7200"})
        with talking(endpoint) as talker, pytest.raises(OutageError, match="to wait 7,200 s"):
            talker.generate([prompt("a")])
        assert len(endpoint.asked) == 1

    def test_an_outage_stops_what_has_not_begun(self, endpoint: Endpoint):
        endpoint.script = lambda _: Reply({}, 500)
        with (
            talking(endpoint, concurrency=2, retries=1) as talker,
            pytest.raises(OutageError),
        ):
            talker.generate([prompt(str(n)) for n in range(100)])
        assert len(endpoint.asked) <= 4

    def test_the_same_talker_can_be_asked_again_after_an_outage(self, endpoint: Endpoint):
        endpoint.script = lambda _: Reply({}, 500)
        with talking(endpoint, retries=0) as talker:
            with pytest.raises(OutageError):
                talker.generate([prompt("a")])
            endpoint.script = echo
            assert texts(talker.generate([prompt("a")])) == ["re: a"]

    @settings(
        max_examples=15,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(seed=st.integers(0, 10**6), count=st.integers(1, 60), concurrency=st.integers(1, 9))
    def test_whatever_happens_no_prompt_is_lost_and_order_is_kept(
        self, endpoint: Endpoint, seed: int, count: int, concurrency: int
    ):
        endpoint.asked.clear()
        endpoint._times.clear()

        def script(asked: Asked) -> Reply:
            rng = Random(f"{seed} {asked.said} {asked.time}")
            if rng.random() < 0.4:
                return rng.choice(list(FAULTS.values()))
            return answer(f"re: {asked.said}", delay=rng.random() * 0.01)

        endpoint.script = script
        prompts = [prompt(f"{seed} {n % 50}") for n in range(count)]
        with talking(endpoint, concurrency=concurrency, retries=40) as talker:
            got = texts(talker.generate(prompts))
        assert got == [f"re: {each.messages[0].content}" for each in prompts]


class TestRefusals:
    def test_one_prompt_is_refused_after_the_others_are_answered(
        self, endpoint: Endpoint, tmp_path: Path
    ):
        def script(asked: Asked) -> Reply:
            if asked.said == "3":
                return Reply({"error": {"message": "context length is 8192"}}, 400)
            return answer(f"re: {asked.said}", delay=0.01)

        endpoint.script = script
        ctx = Context(cache=tmp_path)
        with talking(endpoint, ctx) as talker:
            with pytest.raises(Refused, match=r"refuses this prompt .*context length is 8192"):
                talker.generate([prompt(str(n)) for n in range(6)])
            assert len(talker.generate([prompt(str(n)) for n in (0, 1, 2, 4, 5)])) == 5
        assert endpoint.texts() == {str(n): 1 for n in range(6)}

    def test_where_nothing_was_ever_answered_the_options_are_wrong(self, endpoint: Endpoint):
        endpoint.script = lambda _: Reply({"error": {"message": "unknown parameter top_q"}}, 400)
        with (
            talking(endpoint, extra={"top_q": 1}) as talker,
            pytest.raises(UsageError, match=r"unknown parameter top_q.*check the options"),
        ):
            talker.generate([prompt("a")])

    @pytest.mark.parametrize(
        ("status", "told"), [(401, "OPENAI_API_KEY"), (403, "OPENAI_API_KEY"), (404, "base_url")]
    )
    def test_wrong_key_or_address(self, endpoint: Endpoint, status: int, told: str):
        endpoint.script = lambda _: Reply({"error": {"message": "no"}}, status)
        with talking(endpoint) as talker, pytest.raises(UsageError, match=told):
            talker.generate([prompt("a")])
        assert len(endpoint.asked) == 1
