"""Students trained together: each as if it were alone, and only what may learn does."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
from pydantic import ValidationError

from curate.api import Context, Job, Lesson, Message, Prompt, Talker
from curate.errors import InputError, UsageError
from curate.students.tiny.checkpoint import load
from curate.students.tiny.network import EMBEDDING, SOFT
from curate.students.tiny.updates import group_of
from curate.students.tiny_lm import TinyLM
from tiny_world import COLOURS, asked, base, job

CTX = Context()
ALL_RED = dict.fromkeys(COLOURS, "red")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return base(tmp_path_factory.mktemp("base"))


def trained(folder: Path | None, jobs: Sequence[Job], **options: Any) -> Sequence[Talker]:
    given = {"base": folder, "steps": 6, "batch": 4, "lr": 1e-2} | options
    with TinyLM(**given).train(jobs, CTX) as talkers:
        return talkers


def weights(talker: Talker) -> dict[str, Any]:
    return dict(talker._trained.weights)  # type: ignore[attr-defined]


def red(talker: Talker) -> list[float]:
    return list(talker.log_likelihood([asked(thing) for thing in COLOURS], ["it is red"] * 4))


JOBS = [
    job("true", COLOURS, 0),
    job("red", ALL_RED, 0),
    job("few", {"sky": "red"}, 1, copies=1),
    job("true again", COLOURS, 1),
    Job("long", (Lesson("x", (Message("user", "it"), Message("assistant", "is " * 30))),), 2),
]


class TestTogether:
    @pytest.mark.parametrize("update", ["full", "low_rank", "bias", "embedding", "soft_prompt"])
    def test_a_job_learns_the_same_alone_and_among_others(self, folder: Path, update: str):
        options = {"update": update, "rank": 2, "soft_tokens": 3}
        together = trained(folder, JOBS, **options)
        for job_, talker in zip(JOBS, together, strict=True):
            (alone,) = trained(folder, [job_], **options)
            for name, value in weights(alone).items():
                torch.testing.assert_close(weights(talker)[name], value, rtol=1e-4, atol=1e-5)

    def test_groups_change_nothing(self, folder: Path):
        by_two = trained(folder, JOBS, together=2)
        for one, other in zip(trained(folder, JOBS), by_two, strict=True):
            assert red(one) == pytest.approx(red(other), abs=1e-4)

    def test_the_place_of_rows_in_a_job_does_not_matter(self, folder: Path):
        turned = Job("turned", JOBS[0].lessons[::-1], 0)
        one, other = trained(folder, [JOBS[0], turned])
        assert red(one) == red(other)

    def test_a_run_repeats_and_seeds_differ(self, folder: Path):
        same = [red(trained(folder, [JOBS[0]])[0]) for _ in range(2)]
        assert same[0] == same[1]
        other = Job("other seed", JOBS[0].lessons, 7)
        assert red(trained(folder, [other])[0]) != same[0]

    def test_students_without_a_base_begin_by_their_seed(self):
        said = Lesson("1", (Message("user", "héllo?"), Message("assistant", "Yes – ok.\n")))
        jobs = [Job("one", (said,), 0), Job("two", (said,), 0), Job("three", (said,), 1)]
        one, two, three = trained(None, jobs, length=32, steps=40)
        asks = [Prompt((Message("user", "héllo?"),), max_tokens=20)]
        assert one.generate(asks)[0].text == "Yes – ok.\n"
        found = [each.log_likelihood(asks, ["Yes"])[0] for each in (one, two, three)]
        assert found[0] == found[1] != found[2]


class TestLearning:
    @pytest.mark.parametrize(
        ("update", "lr"),
        [("full", 1e-2), ("low_rank", 1e-2), ("bias", 3e-2), ("soft_prompt", 1e-1)],
    )
    def test_it_learns_what_the_rows_say(self, folder: Path, update: str, lr: float):
        talker = trained(folder, [JOBS[1]], update=update, lr=lr, steps=40, soft_tokens=3)[0]
        made = talker.generate([asked(thing) for thing in COLOURS])
        assert {each.text for each in made} == {"it is red"}
        assert {each.finish for each in made} == {"stop"}

    @pytest.mark.parametrize(
        ("options", "learns"),
        [
            (
                {"update": "full"},
                {"embeddings", "positions", "attention", "mlp", "norms", "biases"},
            ),
            ({"update": "low_rank"}, {"attention", "mlp"}),
            ({"update": "bias"}, {"norms", "biases"}),
            ({"update": "bias", "learning_rates": {"norms": 0, "mlp": 1e-2}}, {"biases", "mlp"}),
            ({"update": "embedding"}, {"embeddings"}),
            ({"update": "soft_prompt"}, set()),
        ],
        ids=["full", "low rank", "bias", "named groups", "embedding", "soft prompt"],
    )
    def test_only_what_may_learn_changes(self, folder: Path, options: Any, learns: set[str]):
        before = load(folder).weights
        after = weights(trained(folder, [JOBS[1]], **options)[0])
        changed = {
            group_of(name) for name in before if not torch.equal(before[name], after[name][0])
        }
        assert changed == learns
        assert (SOFT in after) == (options["update"] == "soft_prompt")

    @pytest.mark.parametrize("update", ["full", "low_rank"])
    def test_without_a_step_it_is_the_base(self, folder: Path, update: str):
        before = load(folder).weights
        after = weights(trained(folder, [JOBS[1]], update=update, steps=0)[0])
        assert all(torch.equal(before[name], after[name][0]) for name in before)

    def test_low_rank_is_of_that_rank(self, folder: Path):
        before = load(folder).weights
        after = weights(trained(folder, [JOBS[1]], update="low_rank", rank=2)[0])
        name = "transformer.h.0.mlp.c_fc.weight"
        assert torch.linalg.matrix_rank(after[name][0] - before[name], atol=1e-4) == 2

    def test_one_token_has_its_own_rate(self, folder: Path):
        before = load(folder)
        rates = {"embeddings": 0, "token:sky": 0.5}
        after = weights(trained(folder, [JOBS[1]], update="embedding", learning_rates=rates)[0])
        moved = (after[EMBEDDING][0] != before.weights[EMBEDDING]).any(1).nonzero().flatten()
        assert moved.tolist() == [before.tokens.number("sky")]

    def test_prompts_are_not_learned(self, folder: Path):
        lesson = (Message("user", "snow snow snow snow"), Message("assistant", "red"))
        one, other = trained(
            folder,
            [
                Job("user", (Lesson("x", lesson),), 0),
                Job("assistant", (Lesson("x", (Message("assistant", "snow"), *lesson)),), 0),
            ],
            update="bias",
        )
        asks = [Prompt((Message("user", "it"),))]
        assert one.log_likelihood(asks, ["snow"])[0] < other.log_likelihood(asks, ["snow"])[0] - 1

    def test_what_does_not_fit_is_told(self, folder: Path):
        rows = [("it is red", "it"), ("it " * 30, "is"), ("it", "is " * 30)]
        lessons = [
            Lesson(str(n), (Message("user", asks), Message("assistant", says)))
            for n, (asks, says) in enumerate(rows)
        ]
        (talker,) = trained(folder, [Job("j", tuple(lessons), 0)])
        assert talker.seen == (3, 1, 1)  # type: ignore[attr-defined]


class TestRefusals:
    def test_a_word_without_a_token(self, folder: Path):
        lesson = Lesson("row 7", (Message("user", "skye"), Message("assistant", "it")))
        told = r"job 'j', lesson 'row 7': .* no token for 'skye'; did you mean 'sky'\?"
        with pytest.raises(UsageError, match=told):
            trained(folder, [Job("j", (lesson,), 0)])

    def test_marks_in_a_text_are_no_marks(self, folder: Path):
        lesson = Lesson("1", (Message("user", "<|end|>"), Message("assistant", "it")))
        with pytest.raises(UsageError, match=r"has no token for '<\|end\|>'"):
            trained(folder, [Job("j", (lesson,), 0)])

    def test_a_role_it_does_not_know(self, folder: Path):
        lesson = Lesson("1", (Message("asistant", "it"),))
        with pytest.raises(UsageError, match="no role 'asistant'; did you mean 'assistant'"):
            trained(folder, [Job("j", (lesson,), 0)])

    def test_prompts_that_leave_no_room_for_answers(self, folder: Path):
        lesson = Lesson("1", (Message("user", "it " * 30), Message("assistant", "is")))
        told = "'j' has nothing to learn: in none of 1 lessons .* first 16 tokens"
        with pytest.raises(UsageError, match=told):
            trained(folder, [Job("j", (lesson,), 0)])

    @pytest.mark.parametrize(
        ("rates", "told"),
        [
            ({"norm": 1}, "no group of weights is called 'norm'; did you mean 'norms'"),
            ({"norms": -1}, "0 or more"),
        ],
    )
    def test_rates_that_mean_nothing(self, rates: dict[str, float], told: str):
        with pytest.raises(ValidationError, match=told):
            TinyLM(learning_rates=rates)

    def test_a_rate_of_a_token_there_is_none_of(self, folder: Path):
        with pytest.raises(UsageError, match="no token 'skyy'; did you mean 'sky'"):
            trained(folder, JOBS[:1], learning_rates={"token:skyy": 1})

    def test_no_base(self, tmp_path: Path):
        with pytest.raises(InputError, match="no checkpoint can be read there"):
            trained(tmp_path, JOBS[:1])


def test_the_base_is_part_of_the_identity(folder: Path):
    found = TinyLM(base=folder).fingerprint()
    assert found.keys() == {"config.json", "model.safetensors", "tokenizer.json"}
    assert TinyLM().fingerprint() == {}
    assert "together" not in TinyLM(together=3).model_dump()
