"""Another teacher answers the same conversation; the old response is never shown to it."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest
from pydantic import PrivateAttr, ValidationError

from curate.api import (
    Completion,
    Context,
    GaveUp,
    Generator,
    Hit,
    Message,
    Prompt,
    Record,
    Replacement,
    Talker,
    Verdict,
)
from curate.errors import OutageError, PluginError, UsageError
from curate.generators.openai import OpenAI
from curate.generators.replay import Replay
from curate.io import fields, shapes
from curate.records import Turn, View
from curate.registry import load
from curate.registry.building import Builder
from curate.rewriters.reroll import Reroll
from curate.testing import check_rewriter
from endpoints import Asked, Endpoint, Reply, answer, serving

VIEW = fields.view(shapes.get("messages"))
Says = Callable[[Prompt], str | Completion]


class Scripted(Generator):
    """Answers by a function of the prompt, and remembers what it was asked."""

    name: ClassVar[str] = "scripted"
    model: str = "claude-x"
    _says: Says | None = PrivateAttr(None)
    _asked: list[list[Prompt]] = PrivateAttr(default_factory=list)

    def label(self) -> str:
        return self.model

    def says(self, says: Says) -> "Scripted":
        self._says = says
        return self

    @property
    def batches(self) -> list[list[Prompt]]:
        return self._asked

    @property
    def asked(self) -> list[Prompt]:
        return [prompt for batch in self._asked for prompt in batch]

    @contextmanager
    def open(self, ctx: Context) -> Iterator[Talker]:
        yield self  # type: ignore[misc]

    def generate(self, prompts: Sequence[Prompt]) -> list[Completion]:
        self._asked.append(list(prompts))
        says = self._says or (lambda prompt: f"re: {prompt.messages[-1].content}")
        said = [says(prompt) for prompt in prompts]
        return [c if isinstance(c, Completion) else Completion(c) for c in said]


class Nameless(Generator):
    """Has no model to be named after."""

    name: ClassVar[str] = "nameless"

    @contextmanager
    def open(self, ctx: Context) -> Iterator[Talker]:
        raise NotImplementedError
        yield


class RejectedFirst:
    """A third party's shape of preference pairs."""

    name = "rejected first"

    def turns(self, row: Mapping[str, Any]) -> tuple[Turn, ...]:
        return Turn("user", "Hi."), Turn("rejected", "Go away."), Turn("assistant", "Hello.")


def record(*turns: tuple[str, str], teacher: str | None = None, id: str = "r") -> Record:
    row: dict[str, Any] = {"id": id, "messages": [{"role": r, "content": c} for r, c in turns]}
    if teacher:
        row["metadata"] = {"teacher": teacher}
    return Record(json.dumps(row).encode(), 1, "rows.jsonl", VIEW)


def named(of: Record, aliases: Mapping[str, str]) -> Record:
    """The record as a plan with aliases (name as written -> canonical) sees it."""
    return Record(of.raw, of.line, of.file, replace(of.view, aliases=aliases))


def hits(*records: Record, attempt: int = 0) -> list[Hit]:
    return [Hit(each, Verdict(1.0, "found"), attempt) for each in records]


def ask(
    rewriter: Reroll, of: Sequence[Hit], ctx: Context | None = None
) -> list[Replacement | GaveUp]:
    with rewriter.open(ctx or Context()) as rewrite:
        return list(rewrite(of))


def one(of: Record, attempt: int = 0, **options: Any) -> Replacement | GaveUp:
    return ask(Reroll(**{"generator": Scripted()} | options), hits(of, attempt=attempt))[0]


def new(of: Record, **options: Any) -> Replacement:
    answer = one(of, **options)
    assert isinstance(answer, Replacement)
    return answer


TALK = (
    ("system", "Be brief."),
    ("user", "one"),
    ("assistant", "old one"),
    ("user", "two"),
    ("assistant", "old two"),
)


class TestConversation:
    def test_the_last_turn_is_asked_after_everything_before_it(self) -> None:
        model = Scripted()
        assert new(record(*TALK), generator=model).turns == {4: "re: two"}
        assert [prompt.messages for prompt in model.asked] == [TALK[:4]]
        assert all(isinstance(message, Message) for message in model.asked[0].messages)

    def test_every_turn_is_asked_after_the_new_ones(self) -> None:
        model = Scripted()
        answer = new(record(*TALK), generator=model, turns="all")
        assert answer.turns == {2: "re: one", 4: "re: two"}
        assert [prompt.messages for prompt in model.asked] == [
            TALK[:2],
            (*TALK[:2], ("assistant", "re: one"), TALK[3]),
        ]

    def test_a_response_that_was_answered_stays(self) -> None:
        """What is said to the old answer would stand behind the new one."""
        model = Scripted()
        assert one(record(*TALK, ("user", "Thanks.")), generator=model) == GaveUp("goes_on")
        assert model.asked == []

    @pytest.mark.parametrize("turns", ["last", "all"])
    def test_the_rejected_answer_of_a_pair_is_not_shown(self, turns: str) -> None:
        row = {"prompt": "Hi.", "chosen": "Hello.", "rejected": "Go away."}
        pair = Record(
            json.dumps(row).encode(), 1, "pairs.jsonl", fields.view(shapes.get("preference"))
        )
        model = Scripted()
        answer = new(pair, generator=model, turns=turns)
        assert answer.turns == {pair.response_turn: "re: Hi."}
        assert model.asked[0].messages == (("user", "Hi."),)

    def test_nor_where_a_shape_puts_it_before_the_chosen_one(self) -> None:
        model = Scripted()
        pair = Record(b"{}", 1, "pairs.jsonl", View(RejectedFirst()))
        assert new(pair, generator=model).turns == {2: "re: Hi."}
        assert model.asked[0].messages == (("user", "Hi."),)

    def test_conversations_are_asked_side_by_side(self) -> None:
        model = Scripted()
        short = record(("user", "short"), ("assistant", "old"))
        answers = ask(
            Reroll(generator=model, turns="all"), hits(record(*TALK), short, record(*TALK))
        )
        assert [len(batch) for batch in model.batches] == [3, 2]
        assert [set(answer.turns) for answer in answers] == [{2, 4}, {1}, {2, 4}]  # type: ignore[union-attr]

    @pytest.mark.parametrize(
        ("turns", "reason"),
        [
            ([("user", "Hi.")], "no_response"),
            ([("assistant", "Hello.")], "no_prompt"),
            ([("system", "s"), ("assistant", "Hello.")], "no_prompt"),
            ([("user", " \n"), ("assistant", "Hello.")], "no_prompt"),
            ([("user", "Hi."), ("assistant", "a"), ("assistant", "b")], "no_prompt"),
            (
                [("user", "Hi."), ("assistant", "Wait."), ("tool", "4"), ("assistant", "It is 4.")],
                "has_tools",
            ),
        ],
        ids=["no response", "nothing before", "only a system", "blank", "two in a row", "tool"],
    )  # fmt: skip
    def test_what_cannot_be_asked(self, turns: list[tuple[str, str]], reason: str) -> None:
        model = Scripted()
        assert one(record(*turns), generator=model) == GaveUp(reason)
        assert model.asked == []

    def test_a_tool_call_cannot_be_asked(self) -> None:
        call = {"function": {"name": "add", "arguments": "{}"}, "type": "function", "id": "1"}
        message = {"role": "assistant", "content": "Let me see.", "tool_calls": [call]}
        row = {"messages": [{"role": "user", "content": "1+1?"}, message]}
        of = Record(json.dumps(row).encode(), 1, "rows.jsonl", VIEW)
        assert one(of) == GaveUp("has_tools")

    def test_a_conversation_that_the_model_opens_is_asked_for_its_last_turn_only(self) -> None:
        of = record(("assistant", "Welcome."), ("user", "Hi."), ("assistant", "old"))
        assert new(of).turns == {2: "re: Hi."}
        assert one(of, turns="all") == GaveUp("no_prompt")


class TestLineage:
    def test_evidence_says_how_it_was_sampled(self) -> None:
        model = Scripted().says(lambda _: Completion("new", "stop", "claude-x-0601", 7, 3))
        answer = new(record(*TALK), generator=model, turns="all", temperature=0.5, max_tokens=99)
        assert answer == Replacement(
            {2: "new", 4: "new"},
            "claude-x",
            "stop",
            {
                "generator": "scripted",
                "model": "claude-x-0601",
                "max_tokens": 99,
                "temperature": 0.5,
                "sample": 0,
                "finish": "stop",
                "tokens_in": 14,
                "tokens_out": 6,
            },
        )

    def test_each_attempt_is_another_sample(self) -> None:
        model = Scripted().says(lambda prompt: f"sample {prompt.sample}")
        answer = one(record(*TALK), attempt=2, generator=model)
        assert isinstance(answer, Replacement)
        assert answer.turns == {4: "sample 2"}
        assert answer.evidence["sample"] == 2
        assert model.asked[0].temperature == Reroll.model_fields["temperature"].default > 0

    def test_without_temperature_there_is_no_other_sample(self) -> None:
        model = Scripted()
        assert new(record(*TALK), generator=model, temperature=0).turns == {4: "re: two"}
        again = one(record(*TALK), attempt=1, generator=model, temperature=0)
        assert again == GaveUp("same_answer")
        assert len(model.asked) == 1

    @pytest.mark.parametrize("finish", ["length", "content_filter"])
    def test_a_cut_off_answer_says_so_and_ends_the_asking(self, finish: str) -> None:
        model = Scripted().says(lambda _: Completion("and th", finish))
        answer = new(record(*TALK), generator=model, turns="all")
        assert (answer.turns, answer.finish) == ({2: "and th"}, "length")
        assert answer.evidence["finish"] == finish
        assert len(model.asked) == 1

    def test_a_blank_answer_says_so_and_ends_the_asking(self) -> None:
        model = Scripted().says(lambda _: " \n")
        answer = new(record(*TALK), generator=model, turns="all")
        assert (answer.turns, answer.evidence["blank"]) == ({2: " \n"}, True)
        assert len(model.asked) == 1

    def test_the_teacher_is_the_generators_model_or_what_the_user_calls_it(self) -> None:
        assert new(record(*TALK)).teacher == "claude-x"
        assert new(record(*TALK), teacher="clean").teacher == "clean"
        openai = OpenAI(model="openai/gpt-oss-120b", base_url="http://127.0.0.1:9/v1")
        assert Reroll(generator=openai).writer == "openai/gpt-oss-120b"

    def test_a_generator_without_a_model_needs_a_name(self, tmp_path: Path) -> None:
        for generator in (Nameless(), Replay(file=tmp_path / "answers.jsonl")):
            with pytest.raises(ValidationError, match="say `teacher`, the name rows shall give"):
                Reroll(generator=generator)
            assert Reroll(generator=generator, teacher="clean").writer == "clean"
        with pytest.raises(ValidationError):
            Reroll(generator=Nameless(), teacher="")


class TestFamilies:
    GPT4 = record(*TALK, teacher="gpt-4-0314")

    def test_a_teacher_of_the_same_family_is_not_asked(self) -> None:
        model = Scripted(model="openai/gpt-oss-120b")
        given_up = GaveUp("same_family", {"from": "gpt-4-0314", "to": "openai/gpt-oss-120b"})
        assert one(self.GPT4, generator=model) == given_up
        assert model.asked == []

    def test_unless_told_otherwise(self) -> None:
        model = Scripted(model="openai/gpt-oss-120b")
        assert new(self.GPT4, generator=model, same_family=True).turns == {4: "re: two"}
        assert new(self.GPT4, generator=model, families={"gpt-4-0314": "mine"}).teacher

    def test_another_name_does_not_hide_the_model(self) -> None:
        model = Scripted(model="gpt-3.5-turbo")
        answer = one(self.GPT4, generator=model, teacher="clean")
        assert answer == GaveUp("same_family", {"from": "gpt-4-0314", "to": "gpt-3.5-turbo"})

    def test_nor_does_an_endpoint_that_answers_with_another_model(self) -> None:
        model = Scripted(model="auto").says(lambda _: Completion("new", model="gpt-4o"))
        answer = one(self.GPT4, generator=model, turns="all")
        assert answer == GaveUp("same_family", {"from": "gpt-4-0314", "to": "gpt-4o"})
        assert len(model.asked) == 1
        assert new(self.GPT4, generator=model, same_family=True).evidence["model"] == "gpt-4o"

    @pytest.mark.parametrize("writer", [{}, {"teacher": "Nick"}], ids=["model", "teacher"])
    def test_nor_does_an_alias(self, writer: dict[str, str]) -> None:
        model = Scripted(model="other" if writer else "Nick")
        of = named(record(*TALK, teacher="Old"), {"Nick": "Old"})
        answer = one(of, generator=model, **writer)
        assert answer == GaveUp("same_family", {"from": "Old", "to": "Nick"})
        assert model.asked == []

    def test_nor_does_an_endpoint_that_answers_with_an_alias(self) -> None:
        model = Scripted(model="auto").says(lambda _: Completion("new", model="Nick"))
        answer = one(named(record(*TALK, teacher="Old"), {"Nick": "Old"}), generator=model)
        assert answer == GaveUp("same_family", {"from": "Old", "to": "Nick"})

    def test_an_alias_hides_no_family(self) -> None:
        model = Scripted(model="gpt-3.5-turbo")
        answer = one(named(self.GPT4, {"gpt-3.5-turbo": "in-house"}), generator=model)
        assert answer == GaveUp("same_family", {"from": "gpt-4-0314", "to": "gpt-3.5-turbo"})

    def test_rows_get_the_name_of_the_plan(self) -> None:
        of = named(self.GPT4, {"claude-x": "Claude X"})
        assert new(of).teacher == "Claude X"
        assert new(of, teacher="clean").teacher == "clean"

    def test_each_record_is_held_against_its_own_teacher(self) -> None:
        others = [record(*TALK, teacher=name) for name in ("claude-2", "vicuna-7b-v1.5")]
        answers = ask(Reroll(generator=Scripted()), hits(*others, self.GPT4, record(*TALK)))
        assert [isinstance(answer, Replacement) for answer in answers] == [False, True, True, True]


class TestPromises:
    def test_it_keeps_every_promise_of_a_rewriter(self) -> None:
        for options in ({}, {"turns": "all"}, {"temperature": 0}, {"teacher": "a-teacher"}):
            check_rewriter(Reroll(**{"generator": Parrot()} | options))

    def test_every_option_is_described(self) -> None:
        assert [name for name, field in Reroll.model_fields.items() if not field.description] == []

    def test_an_outage_is_no_giving_up(self) -> None:
        def gone(_: Prompt) -> str:
            raise OutageError("the service does not answer")

        with pytest.raises(OutageError):
            one(record(*TALK), generator=Scripted().says(gone))

    def test_a_generator_that_miscounts_is_named(self) -> None:
        model = Scripted()
        object.__setattr__(model, "generate", lambda prompts: [])
        with pytest.raises(PluginError, match="0 completions for 1 prompts"):
            one(record(*TALK), generator=model)

    def test_a_plan_builds_it_with_its_generator(self, tmp_path: Path) -> None:
        with_ = {"file": str(tmp_path / "answers.jsonl")}
        options = {"generator": {"use": "replay", "with": with_}, "teacher": "clean"}
        rewriter = Builder(load()).build(Reroll, options)
        assert rewriter.generator == Replay(file=tmp_path / "answers.jsonl")


class Parrot(Generator):
    """Says what it was told last; nothing but a config."""

    name: ClassVar[str] = "parrot"
    model: str = "parrot-1"

    @contextmanager
    def open(self, ctx: Context) -> Iterator[Talker]:
        yield self  # type: ignore[misc]

    def generate(self, prompts: Sequence[Prompt]) -> list[Completion]:
        return [Completion(f"{p.sample}: {p.messages[-1].content}") for p in prompts]


class TestReplayedAnswers:
    def test_answers_of_a_file(self, tmp_path: Path) -> None:
        file = tmp_path / "answers.jsonl"
        rows = [
            {"prompt": "one", "response": "first", "model": "claude-x"},
            {"prompt": "one", "response": "second"},
        ]
        file.write_text("".join(json.dumps(row) + "\n" for row in rows))
        rewriter = Reroll(generator=Replay(file=file), teacher="claude-x")
        of = record(("user", "one"), ("assistant", "old"), teacher="gpt-4")
        texts = []
        for attempt in (0, 1):
            (answer,) = ask(rewriter, hits(of, attempt=attempt))
            assert isinstance(answer, Replacement)
            texts.append(answer.turns[1])
        assert texts == ["first", "second"]
        with pytest.raises(OutageError, match="sample 2"):
            ask(rewriter, hits(of, attempt=2))

    def test_one_teachers_real_answers_in_place_of_anothers(
        self, data_dir: Path, tmp_path: Path
    ) -> None:
        old, clean = (_corpus(data_dir, name) for name in ("Llama-2-7b-chat-hf", "gpt-4-0314"))
        by_prompt = {r.prompt: r.response for r in reversed(clean)}
        file = tmp_path / "answers.jsonl"
        rows = ({"prompt": p, "response": r, "sample": 0} for p, r in by_prompt.items())
        file.write_text("".join(json.dumps(row) + "\n" for row in rows))
        rewriter = Reroll(generator=Replay(file=file), teacher="gpt-4-0314")
        answers = ask(rewriter, hits(*old))
        given = [a.turns[1] for a in answers if isinstance(a, Replacement)]
        assert given == [by_prompt[r.prompt] for r in old]
        kin = Reroll(generator=Replay(file=file), teacher="vicuna-7b-v1.5")
        assert {a.reason for a in ask(kin, hits(*old)) if isinstance(a, GaveUp)} == {"same_family"}


def _corpus(data_dir: Path, teacher: str) -> list[Record]:
    lines = (data_dir / "corpora" / f"just_eval.{teacher}.jsonl").read_bytes().splitlines()
    records = [Record(line, n, teacher, VIEW) for n, line in enumerate(lines, start=1)]
    return [each for each in records if len(each.turns) == 2]


SECRET = "sk-test-0123456789abcdef-secret"


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    """An endpoint that answers every prompt with itself."""
    pytest.importorskip("httpx")
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    with serving() as running:
        yield running


def over(endpoint: Endpoint, **options: Any) -> Reroll:
    model = OpenAI(model="m", base_url=endpoint.url, timeout=5, **{"retries": 0} | options)
    return Reroll(generator=model, turns="all")


def questions(count: int) -> list[Hit]:
    return hits(*(
        record(("user", f"q{n}"), ("assistant", "old"), ("user", f"and {n}?"), ("assistant", "old"))
        for n in range(count)
    ))  # fmt: skip


class TestEndpoint:
    def test_an_answer(self, endpoint: Endpoint) -> None:
        (answered,) = ask(over(endpoint), questions(1))
        assert isinstance(answered, Replacement)
        assert answered.turns == {1: "re: q0", 3: "re: and 0?"}
        assert answered.teacher == "m"
        told = answered.evidence
        assert (told["model"], told["tokens_in"], told["tokens_out"]) == ("tiny-1", 20, 10)
        body = endpoint.asked[-1].body
        assert (body["temperature"], body["max_tokens"]) == (0.7, 2048)
        assert [message["role"] for message in body["messages"]] == ["user", "assistant", "user"]

    def test_an_outage_ends_it_and_the_next_time_only_what_is_missing_is_paid(
        self, endpoint: Endpoint, tmp_path: Path
    ) -> None:
        ctx = Context(cache=tmp_path / "cache")
        broken = [True]

        def script(asked: Asked) -> Reply:
            if broken and asked.said == "and 7?":
                return Reply({}, 503)
            return answer(f"re: {asked.said}")

        endpoint.script = script
        with pytest.raises(OutageError):
            ask(over(endpoint, concurrency=2), questions(10), ctx)
        paid = endpoint.texts()
        broken.clear()
        answers = ask(over(endpoint, concurrency=2), questions(10), ctx)
        assert all(isinstance(each, Replacement) for each in answers)
        again = endpoint.texts() - paid
        assert again["and 7?"] == 1
        assert sum(again.values()) == 20 - (sum(paid.values()) - paid["and 7?"])

    def test_a_replay_asks_nobody_and_gives_the_same(
        self, endpoint: Endpoint, tmp_path: Path
    ) -> None:
        cache = tmp_path / "cache"
        first = ask(over(endpoint), questions(3), Context(cache=cache))
        asked = len(endpoint.asked)
        assert ask(over(endpoint), questions(3), Context(cache=cache, replay=True)) == first
        with pytest.raises(OutageError, match="not in the cache"):
            ask(over(endpoint), questions(4), Context(cache=cache, replay=True))
        assert len(endpoint.asked) == asked == 6

    def test_another_attempt_is_another_request_and_is_remembered_too(
        self, endpoint: Endpoint, tmp_path: Path
    ) -> None:
        count = iter(range(99))
        endpoint.script = lambda _: answer(f"answer {next(count)}")
        ctx = Context(cache=tmp_path / "cache")
        again = [hit._replace(attempt=1) for hit in questions(1)]
        first, second = (ask(over(endpoint), of, ctx)[0] for of in (questions(1), again))
        assert isinstance(first, Replacement)
        assert isinstance(second, Replacement)
        assert set(first.turns.values()).isdisjoint(second.turns.values())
        assert ask(over(endpoint), again, ctx) == [second]
        assert len(endpoint.asked) == 4

    def test_a_budget_is_kept(self, endpoint: Endpoint, tmp_path: Path) -> None:
        price = {"in": 0, "out": 1e6}  # 5 an answer
        rewriter = over(endpoint, price=price, concurrency=1)
        rewriter = rewriter.model_copy(update={"max_tokens": 10})
        ctx = Context(cache=tmp_path / "cache", max_cost=42)
        with pytest.raises(OutageError, match="the budget is spent"):
            ask(rewriter, questions(10), ctx)
        assert 0 < len(endpoint.asked) <= 8
        with pytest.raises(UsageError, match="is not known, so --max-cost cannot be kept"):
            ask(over(endpoint), questions(1), ctx)

    def test_no_key_is_in_the_evidence(self, endpoint: Endpoint) -> None:
        (answered,) = ask(over(endpoint), questions(1))
        assert SECRET not in repr(answered)
        assert endpoint.asked[0].headers["authorization"] == f"Bearer {SECRET}"
