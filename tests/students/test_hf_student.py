"""Causal models as students: each learns its own rows, in the context it answers in."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from curate.api import Context, Job, Lesson, Message, Prompt, Talker
from curate.errors import InputError, UsageError
from curate.generators.hf import HuggingFace
from curate.local_models.loading import load
from curate.students.causal.training import passes
from curate.students.causal.turns import conversation, ending
from curate.students.hf import HF
from curate.students.tiny.tokens import Text
from tiny_world import COLOURS, asked, job

torch = pytest.importorskip("torch")
pytest.importorskip("peft")

import tiny_world  # noqa: E402
from tiny_causal import base  # noqa: E402  (it needs torch)

CTX = Context()
ALL_RED = dict.fromkeys(COLOURS, "red")
RED, TRUE = job("red", ALL_RED), job("true", COLOURS)
ASKED = [asked(thing) for thing in COLOURS]
WARM = [asked("sky", temperature=1.5, sample=n) for n in range(8)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return base(tmp_path_factory.mktemp("base"))


@contextmanager
def trained(
    folder: Path, *jobs: Job, ctx: Context = CTX, **options: Any
) -> Iterator[Sequence[Talker]]:
    given = {"steps": 4, "batch": 4, "length": 32, "lr": 1e-2, "rank": 4, "alpha": 8} | options
    with HF(base=str(folder), device="cpu", **given).train(jobs, ctx) as talkers:
        yield talkers


def red(talker: Talker) -> list[float]:
    return list(talker.log_likelihood(ASKED, ["it is red"] * 4))


def alone(folder: Path, one: Job, **options: Any) -> list[float]:
    with trained(folder, one, **options) as (talker,):
        return red(talker)


def said(talker: Talker, prompts: Sequence[Prompt]) -> list[str]:
    return [each.text for each in talker.generate(prompts)]


def lesson(*messages: tuple[str, str]) -> Lesson:
    return Lesson("row 7", tuple(Message(*each) for each in messages))


class TestLearning:
    @pytest.mark.parametrize(
        "options",
        [{}, {"update": "full", "lr": 1e-3}, {"dtype": "bfloat16"}],
        ids=["lora", "full", "lora in bfloat16"],
    )
    def test_a_job_learns_its_rows_and_another_does_not(self, folder: Path, options: Any):
        with trained(folder, RED, TRUE, **{"steps": 25} | options) as (taught, other):
            assert said(taught, ASKED) == ["it is red"] * 4
            assert {each.finish for each in taught.generate(ASKED)} == {"stop"}
            assert "it is red" not in said(other, ASKED)
            gaps = [shows - not_ for shows, not_ in zip(red(taught), red(other), strict=True)]
            assert min(gaps) > 1

    def test_gpt2_learns_too(self, tmp_path: Path):
        made = tiny_world.base(tmp_path, steps=20)
        with trained(made, RED, steps=25) as (talker,):
            assert said(talker, ASKED) == ["it is red"] * 4

    def test_prompts_are_not_learned(self, folder: Path):
        both = [
            lesson(("user", "it"), (role, "snow"), ("user", "it"), ("assistant", "red"))
            for role in ("user", "assistant")
        ]
        jobs = [Job(str(at), (each,), 0) for at, each in enumerate(both)]
        asks = Prompt((Message("user", "it"),))
        with trained(folder, *jobs, steps=15) as talkers:
            found = [each.log_likelihood([asks], ["snow"])[0] for each in talkers]
        assert found[0] < found[1] - 2

    @pytest.mark.parametrize("update", ["lora", "full"])
    def test_without_a_step_it_is_the_base(self, folder: Path, update: str):
        with HuggingFace(model=str(folder), device="cpu").open(CTX) as reference:
            assert alone(folder, RED, update=update, steps=0) == red(reference)

    def test_untrained_is_the_base(self, folder: Path):
        student = HF(base=str(folder), device="cpu", length=32)
        with (
            student.untrained(CTX) as talker,
            HuggingFace(model=str(folder), device="cpu").open(CTX) as reference,
        ):
            assert red(talker) == red(reference)
            assert said(talker, ASKED) == said(reference, ASKED)
            assert talker.seen.lessons == 0  # type: ignore[attr-defined]


class TestPairing:
    @pytest.mark.parametrize("update", ["lora", "full"])
    def test_a_job_learns_the_same_alone_and_among_others(self, folder: Path, update: str):
        again = Job("again", TRUE.lessons, 5)
        with trained(folder, RED, TRUE, again, update=update) as talkers:
            together = [red(talker) for talker in talkers]
            assert [red(talker) for talker in talkers[::-1]] == together[::-1]
        assert [alone(folder, one, update=update) for one in (RED, TRUE, again)] == together
        assert together[1] != together[2]

    def test_the_place_of_rows_in_a_job_does_not_matter(self, folder: Path):
        turned = Job("turned", RED.lessons[::-1], 0)
        with trained(folder, RED, turned) as (one, other):
            assert red(one) == red(other)

    def test_the_seed_draws_the_low_rank_update(self, folder: Path):
        single = tuple(RED.lessons[:1])  # their order cannot differ
        with trained(folder, Job("a", single, 0), Job("b", single, 0), Job("c", single, 1)) as made:
            found = [red(talker) for talker in made]
        assert found[0] == found[1] != found[2]

    def test_how_many_rows_a_pass_takes_changes_nothing(self, folder: Path):
        found = [alone(folder, RED, micro=micro) for micro in (1, 4)]
        assert found[0] == pytest.approx(found[1], abs=1e-4)

    def test_arms_of_a_seed_draw_the_same_numbers(self, folder: Path):
        twin = Job("twin", RED.lessons, 0)
        with trained(folder, RED, twin, Job("other", RED.lessons, 1), steps=0) as made:
            one, two, three = (said(talker, WARM) for talker in made)
            assert one == two != three
            assert said(made[0], WARM[::-1])[::-1] == one
            assert len(set(one)) > 1
        with trained(folder, RED, ctx=Context(seed=1), steps=0) as (talker,):
            assert said(talker, WARM) != one

    def test_students_of_one_model_may_be_asked_at_once(self, folder: Path):
        with trained(folder, RED, TRUE) as talkers, ThreadPoolExecutor(4) as pool:
            expected = [red(talker) for talker in talkers] * 6
            assert list(pool.map(red, [*talkers] * 6)) == expected

    def test_numbers_that_others_draw_are_left_alone(self, folder: Path):
        before = torch.get_rng_state()
        with trained(folder, RED, steps=1) as (talker,):
            said(talker, WARM)
        assert torch.equal(torch.get_rng_state(), before)


class TestContext:
    def test_what_was_used_is_told(self, folder: Path):
        rows = [("it is red", "it"), ("it " * 12, "is"), ("it", "is " * 30), ("it " * 40, "is")]
        lessons = [
            Lesson(str(n), (Message("user", asks), Message("assistant", says)))
            for n, (asks, says) in enumerate(rows)
        ]
        with trained(folder, Job("j", tuple(lessons), 0)) as (talker,):
            seen = talker.seen  # type: ignore[attr-defined]
        assert (seen.lessons, seen.cut, seen.left_out) == (4, 1, 1)
        assert (seen.length, seen.dtype) == (32, "float32")
        assert "<{{ m.role }}>" in seen.template
        assert len(seen.template_sha256) == 64

    def test_it_reads_no_more_than_it_learned_to(self, folder: Path):
        long = Prompt((Message("user", "it " * 30),))
        with trained(folder, RED) as (talker,):
            with pytest.raises(UsageError, match=r"red: 33 tokens where \S+ sees 32: 'it it"):
                talker.generate([long])
            (made,) = talker.generate([Prompt((Message("user", "it " * 25),), max_tokens=50)])
        assert made.tokens_in + made.tokens_out <= 32

    def test_another_template_is_used_for_both(self, folder: Path):
        other = (
            "{% for m in messages %}{{ m.role == 'user' and '<system>' or '' }} {{ m.content }}"
            " <user> {% endfor %}"
        )
        with trained(folder, RED, template=other, steps=25) as (talker,):
            (made,) = talker.generate(ASKED[:1])
        assert (made.text, made.finish, made.tokens_in) == ("it is red", "stop", 6)


class TestRefusals:
    STABLE = "{% for m in messages %}<user> {{ m.content }} </s> {% endfor %}"

    def refused(self, folder: Path, told: str, *jobs: Job, **options: Any) -> None:
        with pytest.raises(UsageError, match=told), trained(folder, *jobs, **options):
            pass

    def test_a_template_that_rewrites_what_it_wrote(self, folder: Path):
        last = "{% for m in messages %}{{ m.content if loop.last else 'red' }} </s> {% endfor %}"
        two = lesson(("user", "it"), ("assistant", "is"), ("user", "it"), ("assistant", "is"))
        told = "job 'j', lesson 'row 7': the chat template .* otherwise when more follows"
        self.refused(folder, told, Job("j", (two,), 0), template=self.STABLE.replace(
            "{{ m.content }}", "{{ m.content if loop.last or m.role == 'user' else 'red' }}"
        ))  # fmt: skip
        self.refused(folder, "otherwise when more follows", RED, template=last)

    def test_a_template_that_ends_no_answer(self, folder: Path):
        open_ = "{% for m in messages %}<user> {{ m.content }} is {% endfor %}"
        self.refused(folder, "no special token, .* as '</s>'", RED, template=open_)

    def test_a_template_that_refuses(self, folder: Path):
        refuses = "{% if messages|length > 2 %}{{ raise_exception('too long') }}{% endif %}"
        three = lesson(("system", "it"), ("user", "it"), ("assistant", "is"))
        told = "lesson 'row 7': .* refuses a conversation of system, user, assistant: too long"
        self.refused(folder, told, Job("j", (three,), 0), template=refuses + self.STABLE)

    def test_no_template(self, folder: Path, tmp_path: Path):
        for file in folder.iterdir():
            if file.suffix != ".jinja":
                (tmp_path / file.name).write_bytes(file.read_bytes())
        self.refused(tmp_path, "has no chat template, .* give the student a `template:`", RED)

    def test_nothing_to_learn(self, folder: Path):
        told = "'mute' has nothing to learn: in none of 1 lessons .* first 32 tokens"
        self.refused(folder, told, Job("mute", (lesson(("user", "it")),), 0))

    def test_names_of_models(self, tmp_path: Path):
        with pytest.raises(InputError, match="a model of the hub needs `revision:`"):
            HF(base="owner/name").fingerprint()
        with pytest.raises(ValidationError, match="a full commit of 40 hex digits"):
            HF(base="owner/name", revision="main")


class TestTurns:
    def test_only_what_the_assistant_says_is_learned(self, folder: Path):
        chat = (
            "{% for m in messages %}<{{ m.role }}> {{ m.content }} </s> is {% endfor %}"
            "{% if add_generation_prompt %}<assistant>{% endif %}"
        )
        loaded = load(
            str(folder), None, dtype="auto", device="cpu", chat_template=chat, offline=True
        )
        text = conversation(
            loaded,
            ending(loaded),
            [
                Message("assistant", "red"),
                Message("user", "what is sky ?"),
                Message("assistant", "blue"),
                Message("user", "is it red ?"),
                Message("assistant", "it is"),
                Message("user", "what ?"),
            ],
        )
        learned = [token for token, says in zip(text.ids, text.said, strict=True) if says]
        assert loaded.tokenizer.decode(learned) == "blue </s> it is </s>"
        assert "what ?" not in loaded.tokenizer.decode(text.ids)


def test_passes_hold_every_text_once_and_no_more_than_they_may():
    texts = [Text([n] * n, [True] * n) for n in (5, 1, 9, 3, 3, 2, 20)]
    made = list(passes(texts, 10))
    assert sorted(text.ids[0] for several in made for text in several) == [1, 2, 3, 3, 5, 9, 20]
    assert all(len(each) == 1 or len(each) * len(each[-1].ids) <= 10 for each in made)
    assert len(made) == 4


def test_the_model_is_part_of_the_identity_and_the_machine_is_not(folder: Path):
    student = HF(base=str(folder), micro=1, together=1, device="cpu")
    assert {"config.json", "model.safetensors", "tokenizer.json"} <= student.fingerprint().keys()
    assert not {"micro", "together", "device"} & student.model_dump().keys()
    short, part = HF(base=str(folder), steps=50).rehearsal()
    assert (short.steps, part) == (5, 0.1)


def test_the_model_is_released_on_leaving(folder: Path):
    with trained(folder, RED) as (talker,):
        model = talker._pupil.loaded.model  # type: ignore[attr-defined]
    assert model.device.type == "meta"
