"""A trained student talks as transformers lets the same weights talk."""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers

from curate.api import Context, Message, Prompt, Talker
from curate.errors import InputError, UsageError
from curate.generators.hf import HuggingFace
from curate.students.tiny.checkpoint import load
from curate.students.tiny.pretraining import Recipe, pretrain
from curate.students.tiny_lm import TinyLM
from tiny_world import COLOURS, asked, base, job

JOB = job("mixed", {**COLOURS, "sky": "red"}, 3)
SEVERAL = [
    *[asked(thing) for thing in COLOURS],
    asked("sky", max_tokens=2),
    Prompt((Message("system", "red"), Message("user", "snow")), max_tokens=4),
    *[asked("sky", temperature=1.5, sample=n) for n in range(6)],
    asked("coal", temperature=0.7),
]


@pytest.fixture(scope="module", params=["tied", "head of its own"])
def folder(request: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("talks")
    return base(made, tied=request.param == "tied")


@pytest.fixture(scope="module")
def talker(folder: Path) -> Talker:
    with TinyLM(base=folder, steps=8, batch=4).train([JOB], Context(seed=4)) as (made,):
        return made


@pytest.fixture(scope="module")
def saved(talker: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("saved")
    talker.save(made)
    return made


@pytest.fixture(scope="module")
def reference(saved: Path) -> Iterator[Talker]:
    with HuggingFace(model=str(saved), device="cpu").open(Context()) as opened:
        yield opened


class TestTransformers:
    def test_the_logits_are_the_same(self, saved: Path):
        checkpoint = load(saved)
        model = transformers.AutoModelForCausalLM.from_pretrained(saved).eval()
        assert type(model).__name__ == "GPT2LMHeadModel"
        ids = checkpoint.tokens.conversation(asked("snow").messages).ids
        with torch.inference_mode():
            expected = model(torch.tensor([ids])).logits[0].log_softmax(-1)
        from curate.students.tiny.answering import log_probabilities

        weights = {name: value.unsqueeze(0) for name, value in checkpoint.weights.items()}
        for token in (0, 5, 9):
            texts = [([*ids[:at], token], at) for at in range(1, len(ids))]
            found = log_probabilities(checkpoint.shape, weights, texts)
            assert found == pytest.approx(expected[:-1, token].tolist(), abs=1e-4)

    def test_the_chat_template_writes_the_same_tokens(self, saved: Path):
        tokenizer = transformers.AutoTokenizer.from_pretrained(saved)
        messages = (*SEVERAL[5].messages, Message("assistant", "it is red"))
        plain = [{"role": role, "content": content} for role, content in messages]
        tokens = load(saved).tokens
        made = tokenizer.apply_chat_template(plain, return_dict=False)
        assert made == tokens.conversation(messages).ids
        made = tokenizer.apply_chat_template(plain, return_dict=False, add_generation_prompt=True)
        assert made == tokens.opening(messages)

    def test_greedy_answers_are_the_same(self, talker: Talker, reference: Talker):
        greedy = [each for each in SEVERAL if not each.temperature]
        for made, expected in zip(talker.generate(greedy), reference.generate(greedy), strict=True):
            assert (made.text, made.finish) == (expected.text, expected.finish)
            assert (made.tokens_in, made.tokens_out) == (expected.tokens_in, expected.tokens_out)

    def test_likelihoods_are_the_same(self, talker: Talker, reference: Talker):
        answers = ["it is red", "", "blue", "it is green and white"]
        found = talker.log_likelihood(SEVERAL[:4], answers)
        assert found == pytest.approx(reference.log_likelihood(SEVERAL[:4], answers), abs=1e-4)
        assert found[1] == 0


class TestGenerate:
    def test_the_batch_does_not_matter(self, talker: Talker):
        together = talker.generate(SEVERAL)
        assert talker.generate(SEVERAL[::-1])[::-1] == together
        assert [talker.generate([each])[0] for each in SEVERAL] == together

    def test_samples_follow_the_distribution(self, talker: Talker):
        many = [asked("sky", temperature=2.0, sample=n, max_tokens=1) for n in range(600)]
        (first,) = talker.log_likelihood(many[:1], ["it"])
        words = load_words(talker)
        weights = [
            math.exp(each / 2) for each in talker.log_likelihood(many[:1] * len(words), words)
        ]
        made = [each.text for each in talker.generate(many)]
        # marks take part in the draw: their share is what words leave of the answers with a word
        among = [text for text in made if text]
        chance = math.exp(first / 2) / sum(weights)
        spread = math.sqrt(chance * (1 - chance) / len(among))
        assert abs(among.count("it") / len(among) - chance) < 4 * spread

    def test_seeds_of_run_and_job_key_the_draws(self, folder: Path):
        made = []
        for run, seed in ((0, 0), (0, 0), (1, 0)):
            student = TinyLM(base=folder, steps=1, batch=4)
            rows = job("same", COLOURS, seed)
            with student.train([rows, rows], Context(seed=run)) as (one, other):
                texts = [each.text for each in one.generate(SEVERAL)]
                assert texts == [each.text for each in other.generate(SEVERAL)]
                made.append(texts)
        assert made[0] == made[1] != made[2]

    def test_no_room(self, talker: Talker):
        long = Prompt((Message("user", "it " * 11),), max_tokens=9)  # leaves room for two
        (made,) = talker.generate([long])
        assert made.tokens_in + made.tokens_out <= 16
        longer = Prompt((Message("user", "it " * 14),))
        with pytest.raises(UsageError, match="mixed: 18 tokens where the student sees 16: 'it it"):
            talker.generate([longer])
        with pytest.raises(UsageError, match="mixed: 17 tokens"):
            talker.log_likelihood([long], ["it is red"])

    def test_words_it_does_not_know(self, talker: Talker):
        with pytest.raises(UsageError, match="no token for 'moon'"):
            talker.generate([asked("moon")])

    def test_nothing_asked(self, talker: Talker):
        assert talker.generate([]) == []
        assert talker.log_likelihood([], []) == []


def load_words(talker: Any) -> list[str]:
    return list(talker._trained.tokens.words())


class TestFiles:
    def test_a_saved_student_is_a_base(self, saved: Path, talker: Talker):
        with TinyLM(base=saved, steps=1, learning_rates={}, lr=1e-9).train([JOB], Context()) as (
            again,
        ):
            asks = SEVERAL[:4]
            found = again.log_likelihood(asks, ["it is red"] * 4)
        assert found == pytest.approx(talker.log_likelihood(asks, ["it is red"] * 4), abs=1e-3)

    def test_a_soft_prompt_cannot_be_saved(self, folder: Path, tmp_path: Path):
        student = TinyLM(base=folder, steps=1, batch=2, update="soft_prompt", soft_tokens=2)
        with student.train([JOB], Context()) as (made,):
            assert made.generate(SEVERAL[:1])[0].tokens_in == 9
            with pytest.raises(UsageError, match="soft prompt cannot be saved"):
                made.save(tmp_path)  # type: ignore[attr-defined]

    @pytest.mark.parametrize(
        ("change", "told"),
        [
            ({"model_type": "llama"}, "this is a 'llama'"),
            ({"activation_function": "silu"}, "'silu'"),
            ({"n_embd": 16}, r"has the shape \(\d+, 32\)"),
            ({"n_layer": 3}, r"h\.2\.\S+ is missing"),
            ({"scale_attn_by_inverse_layer_idx": True}, "scale of attention"),
        ],
        ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
    )
    def test_another_network_is_refused(
        self, saved: Path, tmp_path: Path, change: dict[str, Any], told: str
    ):
        for file in saved.iterdir():
            (tmp_path / file.name).write_bytes(file.read_bytes())
        settings = json.loads((saved / "config.json").read_text())
        (tmp_path / "config.json").write_text(json.dumps(settings | change))
        with pytest.raises(InputError, match=told):
            load(tmp_path)

    def test_damaged_files_are_refused(self, saved: Path, tmp_path: Path):
        for file in saved.iterdir():
            (tmp_path / file.name).write_bytes(file.read_bytes())
        (tmp_path / "model.safetensors").write_bytes(b"x" * 99)
        with pytest.raises(InputError, match=r"model\.safetensors: is damaged"):
            load(tmp_path)
        (tmp_path / "tokenizer.json").write_text("{}")
        (tmp_path / "model.safetensors").write_bytes((saved / "model.safetensors").read_bytes())
        with pytest.raises(InputError, match=r"tokenizer\.json: cannot be read"):
            load(tmp_path)

    def test_other_tokens_are_refused(self, saved: Path, tmp_path: Path):
        for file in saved.iterdir():
            text = file.read_bytes()
            if file.name == "tokenizer.json":
                text = text.replace(b"<|user|>", b"<|human|>")
            (tmp_path / file.name).write_bytes(text)
        with pytest.raises(InputError, match=r"lack <\|user\|>; a base of tiny_lm is made by"):
            load(tmp_path)


class TestBytes:
    TEXT = "Isn't it naïve?  Two blanks,\ttabs\nand lines – all come back."

    def test_texts_come_back_as_they_were(self, tmp_path: Path):
        recipe = Recipe(tokens="bytes", vocabulary=300, length=32, steps=2, batch=2, width=16)
        pretrain([self.TEXT * 3], tmp_path, recipe)
        tokens = load(tmp_path).tokens
        assert 261 < len(tokens) <= 300
        for text in (self.TEXT, "<|end|> 日本\x00", ""):
            assert tokens.decode(tokens.encode(text)) == text
        tokenizer = transformers.AutoTokenizer.from_pretrained(tmp_path)
        assert tokenizer.decode(tokens.encode(self.TEXT)) == self.TEXT

    def test_a_base_learns_and_repeats(self, tmp_path: Path):
        recipe = Recipe(tokens="bytes", length=32, steps=30, batch=4, width=32, rate=1e-2)
        losses = [pretrain([self.TEXT] * 4, tmp_path / name, recipe) for name in "ab"]
        assert losses[0] == losses[1] < 3.5
        one, other = (load(tmp_path / name).weights for name in "ab")
        assert all(torch.equal(one[name], other[name]) for name in one)
