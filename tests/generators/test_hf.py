"""A tiny model made here: batches change nothing, likelihoods are exact, files are known."""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from curate.answers.failures import Refused
from curate.api import Context, Message, Prompt, Talker
from curate.errors import InputError, OutageError, UsageError
from curate.generators.hf import HuggingFace
from talking import prompt, texts

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")
weights_of = pytest.importorskip("safetensors.torch")

from tiny_llama import LONGEST, TEMPLATE, save  # noqa: E402  (it needs both)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # What a model's own settings say about sampling must not matter.
    settings = {"do_sample": True, "temperature": 0.3, "top_k": 2, "repetition_penalty": 3.0}
    return save(tmp_path_factory.mktemp("tiny-llama"), **settings)


@pytest.fixture(scope="module")
def talker(folder: Path) -> Iterator[Talker]:
    with HuggingFace(model=str(folder), device="cpu", batch=4).open(Context()) as opened:
        yield opened


@pytest.fixture(scope="module")
def reference(folder: Path) -> Any:
    return transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()


def told(*words: str, **more: Any) -> Prompt:
    return prompt(" ".join(words), **{"max_tokens": 12, **more})


SEVERAL = [
    told("the", "cat", "sat"),
    told("a"),
    told("the old red bird flew over the blue sky and under the new tree ."),
    told("dog", max_tokens=3),
    told("the", "cat", "sat"),
    told("on the mat", temperature=1.0),
    told("on the mat", temperature=1.0, sample=1),
    told("on the mat", temperature=0.7),
    told("under a tree", temperature=1.5),
]


def ids_of(folder: Path, messages: tuple[Message, ...]) -> list[int]:
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    chat = [{"role": role, "content": content} for role, content in messages]
    return tokenizer.apply_chat_template(chat, add_generation_prompt=True, return_dict=False)


class TestGenerate:
    def test_greedy_is_what_the_model_finds_likeliest(
        self, talker: Talker, folder: Path, reference: Any
    ):
        asked = told("the old bird")
        ids = ids_of(folder, asked.messages)
        expected = list(ids)
        for _ in range(asked.max_tokens):
            with torch.inference_mode():
                token = int(reference(torch.tensor([expected])).logits[0, -1].argmax())
            expected.append(token)
            if token == 1:
                break
        (made,) = talker.generate([asked])
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
        new = expected[len(ids) :]
        assert made.text == tokenizer.decode(new, skip_special_tokens=True)
        assert (made.tokens_in, made.tokens_out) == (len(ids), len(new))
        assert made.finish == ("stop" if new[-1] == 1 else "length")
        assert made.model == folder.name

    def test_the_batch_does_not_matter(self, talker: Talker):
        together = talker.generate(SEVERAL)
        assert talker.generate(SEVERAL[::-1])[::-1] == together
        assert [talker.generate([each])[0] for each in SEVERAL] == together

    def test_equal_prompts_have_equal_answers_and_samples_differ(self, talker: Talker):
        made = texts(talker.generate(SEVERAL))
        assert made[0] == made[4]
        assert made[5] != made[6]

    def test_samples_follow_the_distribution(self, talker: Talker, folder: Path, reference: Any):
        asked = told("the cat", max_tokens=1, temperature=1.5)
        with torch.inference_mode():
            logits = reference(torch.tensor([ids_of(folder, asked.messages)])).logits[0, -1]
        chances = (logits / 1.5).softmax(-1)
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
        likeliest = 5 + int(chances[5:].argmax())  # a word, no mark
        count = 400
        many = [told("the cat", max_tokens=1, temperature=1.5, sample=n) for n in range(count)]
        word = tokenizer.decode([likeliest], skip_special_tokens=True)
        hits = sum(text == word for text in texts(talker.generate(many)))
        chance = float(chances[likeliest])
        assert abs(hits - count * chance) < 4 * math.sqrt(count * chance * (1 - chance))

    def test_the_seed_of_the_run_keys_the_draws(self, folder: Path):
        asked = [told("a", temperature=2.0, sample=n) for n in range(8)]
        made = []
        for seed in (0, 0, 1):
            with HuggingFace(model=str(folder), device="cpu").open(Context(seed=seed)) as opened:
                made.append(texts(opened.generate(asked)))
        assert made[0] == made[1] != made[2]

    def test_an_answer_that_reaches_the_limit_is_cut_off(self, talker: Talker):
        made = talker.generate([told("a", max_tokens=1), told("a cat", max_tokens=2)])
        assert all(each.finish == "length" or each.tokens_out <= 2 for each in made)
        assert all(each.tokens_out <= 2 for each in made)

    def test_no_room_no_answer_but_the_others_get_theirs(self, folder: Path, tmp_path: Path):
        ctx = Context(cache=tmp_path)
        long = told(*["cat"] * LONGEST)
        with HuggingFace(model=str(folder), device="cpu").open(ctx) as opened:
            with pytest.raises(Refused, match=r"67 tokens where tiny-llama\d* sees 64: 'cat cat"):
                opened.generate([told("a"), long, told("dog")])
            made = opened.generate([told(*["cat"] * (LONGEST - 8), max_tokens=50)])
        assert made[0].tokens_in + made[0].tokens_out <= LONGEST
        with HuggingFace(model=str(folder)).open(Context(cache=tmp_path, replay=True)) as replay:
            assert len(replay.generate([told("a"), told("dog")])) == 2


class TestLogLikelihood:
    ANSWERS = ("sat on the mat .", "ran", "", "flew over the blue sky", "bird bird bird")

    def test_is_exact(self, talker: Talker, folder: Path, reference: Any):
        prompts = [told("the", "cat"), told("a"), told("dog"), told("the old bird"), told("a cat")]
        found = talker.log_likelihood(prompts, self.ANSWERS)
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
        for asked, answer, value in zip(prompts, self.ANSWERS, found, strict=True):
            begin = ids_of(folder, asked.messages)
            ids = begin + tokenizer(answer, add_special_tokens=False).input_ids
            with torch.inference_mode():
                logs = reference(torch.tensor([ids])).logits[0].log_softmax(-1)
            expected = sum(float(logs[n - 1, ids[n]]) for n in range(len(begin), len(ids)))
            assert value == pytest.approx(expected, abs=1e-4)

    def test_the_words_that_may_follow_add_up_to_one(self, talker: Talker, folder: Path):
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
        words = [*tokenizer.get_vocab()]
        found = talker.log_likelihood([told("the cat")] * len(words), words)
        assert sum(map(math.exp, found)) == pytest.approx(1.0, abs=1e-4)

    def test_too_long(self, talker: Talker):
        with pytest.raises(Refused, match="sees 64"):
            talker.log_likelihood([told("a")], ["cat " * LONGEST])


class TestMemory:
    def test_what_was_answered_is_not_computed_again(self, folder: Path, tmp_path: Path):
        ctx = Context(cache=tmp_path)
        with HuggingFace(model=str(folder), device="cpu").open(ctx) as opened:
            made = opened.generate(SEVERAL)
            likely = opened.log_likelihood([told("a")], ["cat"])
        replay = Context(cache=tmp_path, replay=True)
        with HuggingFace(model=str(folder), batch=1).open(replay) as opened:
            assert opened.loaded is None
            assert opened.generate(SEVERAL) == made
            assert opened.log_likelihood([told("a")], ["cat"]) == likely
            with pytest.raises(OutageError, match="1 of 2 answers"):
                opened.generate([SEVERAL[0], told("a", max_tokens=4)])

    def test_other_files_are_another_model(self, folder: Path, tmp_path: Path):
        generator = HuggingFace(model=str(folder))
        before = dict(generator.fingerprint())
        assert {"config.json", "model.safetensors", "tokenizer.json"} <= before.keys()
        copy = tmp_path / folder.name
        copy.mkdir()
        for file in folder.iterdir():
            (copy / file.name).write_bytes(file.read_bytes())
        assert HuggingFace(model=str(copy)).fingerprint() == before
        settings = json.loads((copy / "config.json").read_text())
        (copy / "config.json").write_text(json.dumps(settings | {"rms_norm_eps": 1e-3}))
        changed = HuggingFace(model=str(copy)).fingerprint()
        assert {name for name in before if before[name] != changed[name]} == {"config.json"}


class TestOptions:
    def test_a_model_of_the_hub_is_pinned(self):
        commit = "0123456789abcdef0123456789abcdef01234567"
        generator = HuggingFace(model="owner/name", revision=commit)
        assert generator.fingerprint() == {"commit": commit}
        assert generator.label() == "name"
        with pytest.raises(ValidationError, match="a full commit of 40 hex digits"):
            HuggingFace(model="owner/name", revision="main")

    def test_offline_takes_nothing_from_the_hub(self, tmp_path: Path, monkeypatch: Any):
        monkeypatch.setenv("HF_HOME", str(tmp_path))
        generator = HuggingFace(model="owner/name", revision="0" * 40)
        with (
            pytest.raises(
                UsageError, match=r"(?s)owner/name: cannot be loaded: .* --offline takes"
            ),
            generator.open(Context(offline=True)),
        ):
            pass

    def test_a_folder_that_is_not_there(self):
        with pytest.raises(InputError, match="a model of the hub needs `revision:`"):
            HuggingFace(model="owner/name").fingerprint()

    def test_no_safetensors(self, tmp_path: Path):
        (tmp_path / "pytorch_model.bin").write_bytes(b"\x80")
        (tmp_path / "config.json").write_text("{}")
        with pytest.raises(InputError, match=r"no \.safetensors weights"):
            HuggingFace(model=str(tmp_path)).fingerprint()

    def test_weights_that_are_broken(self, folder: Path, tmp_path: Path):
        for file in folder.iterdir():
            (tmp_path / file.name).write_bytes(file.read_bytes())
        (tmp_path / "model.safetensors").write_bytes(b"x" * 100)
        with (
            pytest.raises(UsageError, match="cannot be loaded"),
            HuggingFace(model=str(tmp_path)).open(Context()),
        ):
            pass

    def test_weights_that_are_missing(self, folder: Path, tmp_path: Path):
        for file in folder.iterdir():
            (tmp_path / file.name).write_bytes(file.read_bytes())
        weights = weights_of.load_file(folder / "model.safetensors")
        del weights["lm_head.weight"]
        weights_of.save_file(weights, tmp_path / "model.safetensors", {"format": "pt"})
        with (
            pytest.raises(UsageError, match=r"1 weights are missing, as lm_head\.weight"),
            HuggingFace(model=str(tmp_path)).open(Context()),
        ):
            pass

    def test_no_chat_template(self, folder: Path, tmp_path: Path):
        for file in folder.iterdir():
            if file.suffix != ".jinja":
                (tmp_path / file.name).write_bytes(file.read_bytes())
        chat = Prompt((Message("system", "the"), Message("user", "cat")), max_tokens=3)
        with HuggingFace(model=str(tmp_path), device="cpu").open(Context()) as opened:
            assert len(opened.generate([told("the cat")])) == 1
            with pytest.raises(UsageError, match="has no chat template"):
                opened.generate([chat])
        with HuggingFace(model=str(tmp_path), chat_template=TEMPLATE).open(Context()) as opened:
            assert len(opened.generate([chat])) == 1

    def test_a_chat_template_that_refuses(self, folder: Path):
        refuses = "{{ raise_exception('no system role') }}"
        with (
            HuggingFace(model=str(folder), chat_template=refuses).open(Context()) as opened,
            pytest.raises(UsageError, match="refuses a conversation of user: no system role"),
        ):
            opened.generate([told("a")])
