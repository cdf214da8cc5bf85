"""What an endpoint is asked, what its answers become, and its options."""

import threading
import time

import pytest
from pydantic import ValidationError

from curate.api import Completion, Context, Message, Prompt, Talker
from curate.errors import OutageError, UsageError
from curate.generators.openai import OPENAI, OpenAI
from endpoints import Endpoint, Reply, answer
from talking import prompt, talking, texts


class TestOrdinary:
    def test_a_request_says_everything(self, endpoint: Endpoint):
        asked = Prompt(
            (Message("system", "Be brief."), Message("user", "Hi \ud83d!")),
            max_tokens=7,
            temperature=0.5,
            schema={"type": "object"},
        )
        with talking(endpoint, extra={"top_p": 0.9, "temperature": None}) as talker:
            talker.generate([asked])
        (sent,) = endpoint.asked
        assert sent.path == "/v1/chat/completions"
        assert sent.headers["authorization"].startswith("Bearer sk-test-")
        schema = {"name": "answer", "schema": {"type": "object"}, "strict": True}
        assert sent.body == {
            "model": "m",
            "messages": [
                {"role": "system", "content": "Be brief."},
                {"role": "user", "content": "Hi \ufffd!"},
            ],
            "max_tokens": 7,
            "response_format": {"type": "json_schema", "json_schema": schema},
            "top_p": 0.9,
        }

    def test_the_other_name_of_the_limit(self, endpoint: Endpoint):
        with talking(endpoint, max_tokens_as="max_completion_tokens") as talker:
            talker.generate([prompt("a", max_tokens=9)])
        assert endpoint.asked[0].body["max_completion_tokens"] == 9
        assert "max_tokens" not in endpoint.asked[0].body

    def test_an_answer_says_everything(self, endpoint: Endpoint):
        with talking(endpoint) as talker:
            assert talker.generate([prompt("a")]) == [
                Completion("re: a", "stop", "tiny-1", tokens_in=10, tokens_out=5)
            ]

    @pytest.mark.parametrize(
        ("reply", "expected"),
        [
            (answer("cut", finish="length"), Completion("cut", "length", "tiny-1", 10, 5)),
            (answer("cut", finish="max_tokens"), Completion("cut", "length", "tiny-1", 10, 5)),
            (answer("odd", finish="eos"), Completion("odd", "stop", "tiny-1", 10, 5)),
            (answer("x", finish=None), Completion("x", "stop", "tiny-1", 10, 5)),
            (
                answer("", finish="content_filter"),
                Completion("", "content_filter", "tiny-1", 10, 5),
            ),
            (answer("free", usage=None), Completion("free", "stop", "tiny-1")),
            (Reply({"choices": [{"message": {"content": None}}]}), Completion("")),
            (Reply({"choices": [{"message": {"refusal": "no"}}]}), Completion("no")),
            (
                Reply({"choices": [{"message": {"content": [{"type": "text", "text": "a"}, {}]}}]}),
                Completion("a"),
            ),
        ],
        ids=["length", "max_tokens", "eos", "none", "filter", "usage", "null", "refusal", "parts"],
    )
    def test_answers_of_every_kind(self, endpoint: Endpoint, reply: Reply, expected: Completion):
        endpoint.script = lambda _: reply
        with talking(endpoint) as talker:
            assert talker.generate([prompt("a")]) == [expected]

    def test_one_question_is_asked_once(self, endpoint: Endpoint):
        endpoint.script = lambda asked: answer(f"re: {asked.said}", delay=0.05)
        with talking(endpoint) as talker:
            out: list[list[str]] = []

            def ask() -> None:
                out.append(texts(talker.generate([prompt("a"), prompt("b"), prompt("a")])))

            threads = [threading.Thread(target=ask) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert out == [["re: a", "re: b", "re: a"]] * 4
        assert endpoint.texts() == {"a": 1, "b": 1}

    def test_samples_are_asked_apart(self, endpoint: Endpoint):
        with talking(endpoint) as talker:
            talker.generate([prompt("a", sample=n, temperature=1.0) for n in range(3)])
        assert endpoint.texts() == {"a": 3}

    def test_nothing_to_ask(self, endpoint: Endpoint):
        with talking(endpoint) as talker:
            assert talker.generate([]) == []

    def test_no_more_at_once_than_allowed(self, endpoint: Endpoint):
        endpoint.script = lambda _: answer("", delay=0.02)
        with talking(endpoint, concurrency=5) as talker:
            talker.generate([prompt(str(n)) for n in range(40)])
        assert endpoint.most_at_once == 5

    def test_no_faster_than_allowed(self, endpoint: Endpoint):
        with talking(endpoint, requests_per_minute=600) as talker:
            begun = time.monotonic()
            talker.generate([prompt(str(n)) for n in range(6)])
            assert time.monotonic() - begun >= 0.49

    def test_no_more_tokens_than_allowed(self, endpoint: Endpoint):
        endpoint.script = lambda _: answer("", usage=None)
        with talking(endpoint, tokens_per_minute=60_000) as talker:
            begun = time.monotonic()
            talker.generate([prompt(str(n), max_tokens=100) for n in range(4)])
            assert time.monotonic() - begun >= 0.3


class TestOptions:
    def test_the_address_comes_from_the_environment_and_is_part_of_the_identity(
        self, monkeypatch: pytest.MonkeyPatch
    ):
        assert OpenAI(model="m").base_url == OPENAI
        monkeypatch.setenv("OPENAI_BASE_URL", "http://localhost:8000/v1/")
        assert OpenAI(model="m").base_url == "http://localhost:8000/v1"

    @pytest.mark.parametrize(
        "url",
        [
            "localhost:8000",
            "ftp://host/v1",
            "http://",
            "https://user:pw@host/v1",
            "https://host/v1?key=abc",
            "http://[::1/v1",
        ],
    )
    def test_an_address_that_is_none_or_carries_a_secret(self, url: str):
        with pytest.raises(ValidationError, match="address"):
            OpenAI(model="m", base_url=url)

    @pytest.mark.parametrize("key", ["a\nb", "ключ", "a\x00"])
    def test_a_key_that_is_none_is_not_repeated(
        self, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch, key: str
    ):
        monkeypatch.setattr("os.environ", {"OPENAI_API_KEY": key})
        with pytest.raises(UsageError, match="that are in no key") as caught, talking(endpoint):
            pass
        assert key not in str(caught.value)

    def test_no_key_where_one_is_needed(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.delenv("OPENAI_API_KEY")
        with (
            pytest.raises(UsageError, match=r"needs a key: put it into \$OPENAI_API_KEY"),
            OpenAI(model="m").open(Context()),
        ):
            pass

    def test_no_key_where_none_is_needed(self, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.delenv("OPENAI_API_KEY")
        with talking(endpoint) as talker:
            talker.generate([prompt("a")])
        assert "authorization" not in endpoint.asked[0].headers

    def test_offline_is_this_machine_only(self, endpoint: Endpoint):
        with talking(endpoint, Context(offline=True)) as talker:
            talker.generate([prompt("a")])
        with (
            pytest.raises(UsageError, match="--offline"),
            OpenAI(model="m", base_url="http://example.com/v1").open(Context(offline=True)),
        ):
            pass

    def test_no_proxy_stands_before_this_machine(
        self, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
    ):
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, "http://127.0.0.1:9")
        with talking(endpoint) as talker:
            assert len(talker.generate([prompt("a")])) == 1

    def test_closing_ends_what_is_on_its_way(self, endpoint: Endpoint):
        endpoint.script = lambda _: answer("", delay=3)
        failed: list[BaseException] = []

        def ask(talker: Talker) -> None:
            try:
                talker.generate([prompt("a")])
            except OutageError as error:
                failed.append(error)

        with talking(endpoint) as talker:
            thread = threading.Thread(target=ask, args=(talker,))
            thread.start()
            while not endpoint.asked:
                time.sleep(0.01)
        thread.join(2)
        assert [str(error) for error in failed] == ["the run ended while answers were on their way"]
