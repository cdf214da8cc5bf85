"""Nothing is paid for twice, and never more than allowed."""

from pathlib import Path
from typing import Any

import pytest

from curate.answers import patience
from curate.api import Context, Message, Prompt
from curate.errors import OutageError, UsageError
from curate.generators.openai import OpenAI
from endpoints import Asked, Endpoint, Reply, answer, echo
from talking import prompt, talking, texts


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "FIRST", 0.01)


class TestCache:
    def test_what_was_answered_is_not_asked_again(self, endpoint: Endpoint, tmp_path: Path):
        ctx = Context(cache=tmp_path)
        for _ in range(2):
            with talking(endpoint, ctx) as talker:
                assert texts(talker.generate([prompt("a"), prompt("b")])) == ["re: a", "re: b"]
        assert endpoint.texts() == {"a": 1, "b": 1}

    @pytest.mark.parametrize(
        "change",
        [
            {"model": "n"},
            {"extra": {"top_p": 0.5}},
            {"max_tokens_as": "max_completion_tokens"},
        ],
        ids=lambda change: next(iter(change)),
    )
    def test_another_question_is_another_answer(
        self, endpoint: Endpoint, tmp_path: Path, change: dict[str, Any]
    ):
        ctx = Context(cache=tmp_path)
        options = {"model": "m", "base_url": endpoint.url}
        for each in (options, {**options, **change}):
            with OpenAI(**each).open(ctx) as talker:
                talker.generate([prompt("a")])
        assert len(endpoint.asked) == 2

    def test_so_is_another_prompt(self, endpoint: Endpoint, tmp_path: Path):
        with talking(endpoint, Context(cache=tmp_path)) as talker:
            several = [
                prompt("a"),
                prompt("b"),
                prompt("a", max_tokens=1),
                prompt("a", temperature=0.1),
                prompt("a", sample=1),
                prompt("a", schema={}),
                Prompt((Message("system", "a"),)),
            ]
            talker.generate([*several, *several])
        assert len(endpoint.asked) == len(several)

    def test_how_it_is_asked_does_not_matter(
        self, endpoint: Endpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ):
        ctx = Context(cache=tmp_path)
        with talking(endpoint, ctx) as talker:
            talker.generate([prompt("a")])
        monkeypatch.setenv("ANOTHER", "sk-another")
        with talking(endpoint, ctx, concurrency=1, retries=0, key_env="ANOTHER") as talker:
            talker.generate([prompt("a")])
        assert len(endpoint.asked) == 1

    def test_errors_are_not_kept(self, endpoint: Endpoint, tmp_path: Path):
        ctx = Context(cache=tmp_path)
        endpoint.script = lambda _: Reply({}, 500)
        with talking(endpoint, ctx, retries=0) as talker, pytest.raises(OutageError):
            talker.generate([prompt("a")])
        endpoint.script = echo
        with talking(endpoint, ctx) as talker:
            assert texts(talker.generate([prompt("a")])) == ["re: a"]

    def test_what_was_answered_before_an_outage_is_kept(self, endpoint: Endpoint, tmp_path: Path):
        def script(asked: Asked) -> Reply:
            return echo(asked) if len(endpoint.asked) <= 30 else Reply({}, 503)

        ctx = Context(cache=tmp_path)
        prompts = [prompt(str(n)) for n in range(100)]
        endpoint.script = script
        with (
            talking(endpoint, ctx, concurrency=4, retries=1) as talker,
            pytest.raises(OutageError),
        ):
            talker.generate(prompts)
        before = endpoint.texts()
        answered = [text for n, text in enumerate(before) if n < 30]
        endpoint.asked.clear()
        endpoint.script = echo
        with talking(endpoint, ctx) as talker:
            got = texts(talker.generate(prompts))
        assert got == [f"re: {n}" for n in range(100)]
        assert len(endpoint.asked) == 70
        assert not set(answered) & set(endpoint.texts())

    def test_a_replay_asks_nothing(
        self, endpoint: Endpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ):
        with talking(endpoint, Context(cache=tmp_path)) as talker:
            talker.generate([prompt("a")])
        monkeypatch.delenv("OPENAI_API_KEY")
        ctx = Context(cache=tmp_path, replay=True, offline=True)
        with talking(endpoint, ctx) as talker:
            assert texts(talker.generate([prompt("a")])) == ["re: a"]
            with pytest.raises(
                OutageError, match=r"2 of 3 answers are not in the cache.*the first: 'b'"
            ):
                talker.generate([prompt("a"), prompt("b"), prompt("c")])
        assert len(endpoint.asked) == 1

    def test_a_replay_needs_a_cache(self, endpoint: Endpoint):
        with (
            pytest.raises(UsageError, match="--cache DIR"),
            talking(endpoint, Context(replay=True)),
        ):
            pass


class TestBudget:
    def test_is_never_exceeded_and_the_rest_is_paid_for_later(
        self, endpoint: Endpoint, tmp_path: Path
    ):
        prompts = [prompt(str(n), max_tokens=100) for n in range(50)]
        price, each = {"in": 0.0, "out": 1e6}, 5.0
        ctx = Context(cache=tmp_path, max_cost=120.0)
        with (
            talking(endpoint, ctx, price=price) as talker,
            pytest.raises(OutageError, match=r"the budget is spent: 2\d of 120"),
        ):
            talker.generate(prompts)
        paid = len(endpoint.asked)
        assert 1 <= paid <= 120 / each
        with talking(endpoint, Context(cache=tmp_path, max_cost=1e6), price=price) as talker:
            assert len(talker.generate(prompts)) == 50
        assert endpoint.texts() == {str(n): 1 for n in range(50)}

    def test_is_one_for_all_generators_of_a_run(self, endpoint: Endpoint):
        ctx = Context(max_cost=12.0)
        price = {"in": 0.0, "out": 1e6}
        with talking(endpoint, ctx, price=price) as one, talking(endpoint, ctx, price=price) as two:
            one.generate([prompt("a", max_tokens=5)])
            two.generate([prompt("b", max_tokens=5)])
            with pytest.raises(OutageError, match="10 of 12"):
                one.generate([prompt("c", max_tokens=5)])

    def test_tokens_that_nobody_counted_cost_the_most_they_can(self, endpoint: Endpoint):
        endpoint.script = lambda _: answer("", usage=None)
        with talking(endpoint, Context(max_cost=10.0), price={"in": 0.0, "out": 1e6}) as talker:
            talker.generate([prompt("a", max_tokens=8)])
            with pytest.raises(OutageError, match="8 of 10"):
                talker.generate([prompt("b", max_tokens=8)])

    def test_a_failure_costs_nothing(self, endpoint: Endpoint):
        endpoint.script = lambda asked: Reply({}, 500) if asked.time < 3 else echo(asked)
        with talking(endpoint, Context(max_cost=6.0), price={"in": 0.0, "out": 1e6}) as talker:
            talker.generate([prompt("a", max_tokens=6)])

    def test_needs_a_price(self, endpoint: Endpoint):
        with (
            pytest.raises(UsageError, match=r"price of 'm' at 127\.0\.0\.1 is not known"),
            talking(endpoint, Context(max_cost=1.0)),
        ):
            pass
