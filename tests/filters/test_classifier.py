"""The filter `classifier`: labels, windows, precision, identity, and models that are refused."""

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers

import tiny_encoder
from checks import files_of, write
from curate.api import Context, Record, Verdict
from curate.engine.run import Options, run
from curate.errors import InputError, PluginError, UsageError
from curate.filters.classifier import Classifier
from curate.filters.encoders import machine
from curate.io.sources import expand
from curate.plan import loads
from curate.registry import load, resolve
from curate.specimens import make_records
from curate.testing import check_filter

LONG = "the river and the garden " * 30
"""More than five windows of 32 tokens."""


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_encoder.classifier(tmp_path_factory.mktemp("bert"))


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A classifier that finds one word, wherever in its window it stands."""
    folder = tiny_encoder.classifier(tmp_path_factory.mktemp("planted"))
    tiny_encoder.plant(folder, label=1)
    return folder


def angry(folder: Path, **options: Any) -> Classifier:
    options = {"precision": "fp32", "overlap": 8} | options
    return Classifier(model=str(folder), label="angry", **options)


def judge(filter_: Classifier, records: Sequence[Record]) -> list[Verdict]:
    with filter_.open(Context(offline=True)) as judge_all:
        return list(judge_all(records))


def scores(filter_: Classifier, texts: Sequence[str]) -> list[float | None]:
    return [verdict.score for verdict in judge(filter_, make_records(texts))]


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("bert", {"precision": "fp32", "window": 256}),
        ("bert", {"precision": "bf16", "pool": "mean"}),
        ("bert", {"precision": "int8", "parity": 0.1}),
        ("roberta", {"precision": "fp32", "max_windows": 3}),
    ],
    ids=str,
)
def test_keeps_every_promise_of_a_filter(
    tmp_path: Path, kind: tiny_encoder.Kind, options: dict[str, Any]
) -> None:
    check_filter(angry(tiny_encoder.classifier(tmp_path, kind, longest=256), **options))


@pytest.mark.parametrize("kind", ["bert", "roberta"])
@pytest.mark.parametrize("problem", [None, "multi_label_classification"])
def test_scores_are_those_of_the_pipeline(
    tmp_path: Path, kind: tiny_encoder.Kind, problem: str | None
) -> None:
    folder = tiny_encoder.classifier(tmp_path, kind, problem=problem, longest=128)
    texts = ["They had an awful day.", "no", "We saw the rivers, people!", "👩‍👧 this morning"] * 2
    pipe = transformers.pipeline("text-classification", model=str(folder), top_k=None)
    expected = [
        next(each["score"] for each in found if each["label"] == "angry") for found in pipe(texts)
    ]
    assert scores(angry(folder), texts) == pytest.approx(expected, abs=1e-6)


def test_the_planted_word_is_found_in_the_last_window_of_a_long_text(planted: Path) -> None:
    clean, dirty = judge(angry(planted), make_records([LONG, LONG + "awful ."]))
    assert clean.score == pytest.approx(1 / 3)
    assert dirty.score == pytest.approx(1)
    assert dirty.reason == "angry"
    assert clean.evidence["windows"] == dirty.evidence["windows"] > 5
    ((turn, start, end, label),) = dirty.evidence["spans"]
    assert (turn, end, label) == (1, len(LONG) + 7, "angry")
    assert 0 < start < len(LONG)
    assert "awful" in (LONG + "awful .")[start:end]


def test_the_span_is_right_behind_characters_of_two_units(planted: Path) -> None:
    text = "👩‍👧 𝄞 " * 40 + "they had an awful day"
    (verdict,) = judge(angry(planted), make_records([text]))
    (_, start, end, _) = verdict.evidence["spans"][0]
    assert text[start:end].endswith("they had an awful day")


def test_a_mean_is_lower_than_the_highest(planted: Path) -> None:
    text = LONG + "awful ."
    (highest,), (mean,) = (scores(angry(planted, pool=pool), [text]) for pool in ("max", "mean"))
    (verdict,) = judge(angry(planted), make_records([text]))
    count = verdict.evidence["windows"]
    assert mean == pytest.approx(((count - 1) / 3 + 1) / count)
    assert mean < highest


def test_a_hit_in_one_window_spans_the_text_of_its_scope(planted: Path) -> None:
    turns = [("assistant", "awful people"), ("user", "no"), ("assistant", "the river")]
    raw = {"messages": [{"role": role, "content": text} for role, text in turns]}
    record = make_records(["x"])[0]
    row = Record(json.dumps(raw).encode(), 1, "rows.jsonl", record.view)
    (verdict,) = judge(angry(planted), [row])
    assert verdict.evidence == {"windows": 1, "spans": [[0, 0, 12, "angry"], [2, 0, 9, "angry"]]}
    (response,) = judge(angry(planted, scope="response"), [row])
    assert response == Verdict(pytest.approx(1 / 3), "", {"windows": 1})


def test_order_is_that_of_the_records(planted: Path) -> None:
    texts = ["the river " * n + ("awful" if n % 3 == 0 else "") for n in range(1, 40)]
    found = scores(angry(planted), texts)
    assert [round(score) for score in found] == [n % 3 == 0 for n in range(1, 40)]
    assert scores(angry(planted), texts[::-1])[::-1] == pytest.approx(found, abs=1e-6)


def test_without_text_it_abstains_and_nothing_is_nothing(bert: Path) -> None:
    assert judge(angry(bert), make_records(["", " \n\t", "\0"])) == [Verdict(None, "no_text")] * 3
    assert judge(angry(bert), []) == []
    assert len(judge(angry(bert), make_records(["no"]))) == 1


def test_it_can_abstain_from_what_is_too_long(bert: Path) -> None:
    long, short = judge(angry(bert, max_windows=2), make_records([LONG, "the river"]))
    (told,) = judge(angry(bert), make_records([LONG]))
    assert long == Verdict(None, "too_long", {"windows": told.evidence["windows"]})
    assert short.score is not None


def test_an_unknown_label_is_named_with_what_is_close(bert: Path) -> None:
    filter_ = Classifier(model=str(bert), label="Angry")
    with pytest.raises(UsageError, match=r"'Angry'; did you mean 'angry'.*calm, angry, sad"):
        judge(filter_, [])


@pytest.mark.parametrize(
    ("problem", "activation", "message"),
    [
        ("regression", "auto", "say `activation: sigmoid`"),
        (None, "auto", "say `activation: sigmoid`"),
        (None, "softmax", "softmax is always 1"),
    ],
)
def test_one_number_is_no_probability_unless_it_is_said(
    tmp_path: Path, problem: str | None, activation: str, message: str
) -> None:
    folder = tiny_encoder.classifier(tmp_path, labels=["angry"], problem=problem)
    with pytest.raises(UsageError, match=message):
        judge(angry(folder, activation=activation), [])
    (score,) = scores(angry(folder, activation="sigmoid"), ["they had a day"])
    assert score is not None
    assert 0 < score < 1


def test_int8_that_is_too_far_off_stops_the_run(bert: Path) -> None:
    texts = ["They had an awful day with people.", "We saw the river."]
    with pytest.raises(UsageError, match=r"int8 moves a probability by 0\.\d+ .*parity: 1e-09"):
        scores(angry(bert, precision="int8", parity=1e-9), texts)
    (verdict, _) = judge(angry(bert, precision="int8", parity=0.5), make_records(texts))
    exact = scores(angry(bert), texts)
    assert abs(verdict.score - exact[0]) <= verdict.evidence["int8_moved"] + 1e-6


def test_a_model_that_gives_no_numbers_is_an_error(tmp_path: Path) -> None:
    folder = tiny_encoder.classifier(tmp_path / "broken")
    model = transformers.AutoModelForSequenceClassification.from_pretrained(folder)
    torch.nn.init.constant_(model.classifier.bias, math.nan)
    model.save_pretrained(folder)
    with pytest.raises(PluginError, match="broken: the model gives NaN"):
        scores(angry(folder), ["no"])


@pytest.mark.parametrize("options", [{"overlap": 30}, {"window": 10, "overlap": 8}], ids=str)
def test_windows_must_be_longer_than_their_overlap(bert: Path, options: dict[str, int]) -> None:
    with pytest.raises(UsageError, match=r"overlap: .* must be less than"):
        judge(angry(bert, **options), [])


def test_a_folder_without_safetensors_is_refused(tmp_path: Path) -> None:
    folder = tiny_encoder.classifier(tmp_path)
    state = transformers.AutoModelForSequenceClassification.from_pretrained(folder).state_dict()
    torch.save(state, folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()
    for ask in (Classifier.fingerprint, lambda filter_: judge(filter_, [])):
        with pytest.raises(InputError, match=r"no \.safetensors weights.*save_pretrained"):
            ask(angry(folder))


def test_a_model_without_a_head_is_refused(tmp_path: Path) -> None:
    folder = tiny_encoder.classifier(tmp_path)
    model = transformers.AutoModelForSequenceClassification.from_pretrained(folder)
    model.base_model.save_pretrained(folder)
    with pytest.raises(UsageError, match=r"weights are missing, as classifier\."):
        judge(Classifier(model=str(folder), label="LABEL_0"), [])


def test_a_model_without_its_vocabulary_is_refused(tmp_path: Path) -> None:
    folder = tiny_encoder.classifier(tmp_path)
    for file in [*folder.glob("tokenizer*"), *folder.glob("vocab*")]:
        file.unlink()
    with pytest.raises(UsageError, match=r"no vocabulary is there"):
        judge(angry(folder), make_records(["they had an awful day"]))


def test_code_in_a_model_is_not_run(tmp_path: Path) -> None:
    folder = tiny_encoder.classifier(tmp_path)
    config = json.loads((folder / "config.json").read_text())
    config |= {"auto_map": {"AutoConfig": "mine.Mine"}, "model_type": "mine"}
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "mine.py").write_text(f"open({str(tmp_path / 'executed')!r}, 'w')")
    with pytest.raises(UsageError, match="cannot be loaded"):
        judge(angry(folder), [])
    assert not (tmp_path / "executed").exists()


def test_every_file_and_what_was_chosen_here_is_in_the_identity(tmp_path: Path) -> None:
    folder = tiny_encoder.classifier(tmp_path)
    before = angry(folder).fingerprint()
    assert before["precision"] == "fp32"
    assert before["device"] in {"cpu", "cuda"}
    assert {"model.safetensors", "config.json", "tokenizer.json"} <= before.keys()
    weights = folder / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    after = angry(folder).fingerprint()
    assert {name for name in before if before[name] != after[name]} == {"model.safetensors"}


def test_auto_is_another_run_where_the_processor_is_another(
    bert: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for has, precision in ((True, "bf16"), (False, "fp32")):
        monkeypatch.setattr(machine, "_processor_has_bf16", lambda _, has=has: has)
        assert angry(bert, device="cpu", precision="auto").fingerprint()["precision"] == precision


def test_a_model_of_the_hub_is_known_by_its_commit() -> None:
    filter_ = Classifier(model="owner/model", revision="a" * 40, label="x", device="cpu")
    assert filter_.fingerprint()["commit"] == "a" * 40
    with pytest.raises(ValueError, match="full commit"):
        Classifier(model="owner/model", revision="main", label="x")
    with pytest.raises(InputError, match="needs `revision:`"):
        judge(Classifier(model="owner/model", label="x"), [])


def test_offline_nothing_is_asked_of_the_network(bert: Path, no_network: list[Any]) -> None:
    assert scores(angry(bert), ["the river"]) != [None]
    with pytest.raises(UsageError, match="--offline takes only"):
        judge(Classifier(model="owner/model", revision="a" * 40, label="x"), [])
    assert no_network == []


def test_a_run_gives_the_same_bytes_with_any_number_of_workers(
    planted: Path, tmp_path: Path
) -> None:
    rows = [
        json.dumps({"prompt": "no", "response": "the river " * n + ("awful" if n % 5 == 0 else "")})
        for n in range(60)
    ]
    corpus = write(tmp_path / "rows.jsonl", *(row.encode() + b"\n" for row in rows))
    plan = f"""
steps:
  - use: classifier
    with: {{model: {planted}, label: angry, overlap: 8}}
    do: drop
"""
    ready, found = resolve(loads(plan), load()), expand([str(corpus)])
    for workers in (1, 2):
        out = tmp_path / f"out{workers}"
        facts = run(ready, found, out, Options(workers=workers, lines=7), Context())
        assert facts["counts"]["dropped"] == 12
    assert files_of(tmp_path / "out1") == files_of(tmp_path / "out2")
