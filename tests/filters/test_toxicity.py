"""The filter `toxicity`: detoxify's own numbers, and none of the traps of its loading."""

import hashlib
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
from detoxify import Detoxify

import tiny_encoder
from checks import files_of, write
from curate.api import Context, Record, Verdict
from curate.engine.run import Options, run
from curate.errors import InputError, UsageError
from curate.filters.toxicity import Toxicity
from curate.io.sources import expand
from curate.plan import loads
from curate.registry import load, resolve
from curate.specimens import make_records
from curate.testing import check_filter

TEXTS = [
    "They had an awful day with people!", "no", "we saw a garden, a window and the rivers.",
    "👩‍👧 this MORNING", "the word " * 50, "[SEP] nothing known",
]  # fmt: skip


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_encoder.checkpoint(tmp_path_factory.mktemp("bert"))


def toxicity(file: Path, **options: Any) -> Toxicity:
    return Toxicity(checkpoint=file, config=file.parent / "base", precision="fp32", **options)


def judge(filter_: Toxicity, records: Sequence[Record]) -> list[Verdict]:
    with filter_.open(Context(offline=True)) as judge_all:
        return list(judge_all(records))


@pytest.mark.parametrize(("kind", "most"), [("bert", None), ("roberta", 3)])
def test_keeps_every_promise_of_a_filter(
    tmp_path: Path, kind: tiny_encoder.Kind, most: int | None
) -> None:
    file = tiny_encoder.checkpoint(tmp_path, kind, longest=128)
    check_filter(toxicity(file, overlap=8, label="highest", max_windows=most))


@pytest.mark.parametrize("kind", ["bert", "roberta"])
@pytest.mark.parametrize("spare", [0, 3])
@pytest.mark.parametrize("label", tiny_encoder.NAMED)
def test_scores_are_those_of_detoxify(
    models: dict[tuple[str, int], tuple[Path, dict[str, list[float]]]],
    kind: str,
    spare: int,
    label: str,
) -> None:
    file, expected = models[kind, spare]
    verdicts = judge(toxicity(file, label=label), make_records(TEXTS))
    assert [verdict.score for verdict in verdicts] == pytest.approx(expected[label], abs=1e-6)
    for n, verdict in enumerate(verdicts):
        told = {name: pytest.approx(each[n], abs=1e-4) for name, each in expected.items()}
        assert verdict.evidence["labels"] == told
        assert verdict.evidence["windows"] == 1


@pytest.fixture(scope="module")
def models(
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[tuple[str, int], tuple[Path, dict[str, list[float]]]]:
    """Checkpoints by kind and spare numbers, and what detoxify says of each text by label."""
    made = {}
    for kind in ("bert", "roberta"):
        for spare in (0, 3):
            file = tiny_encoder.checkpoint(tmp_path_factory.mktemp(kind), kind, spare=spare)
            made[kind, spare] = file, Detoxify(checkpoint=str(file)).predict(TEXTS)
    return made


def test_the_highest_label_can_be_scored(checkpoint: Path) -> None:
    for verdict in judge(toxicity(checkpoint, label="highest"), make_records(TEXTS)):
        labels = verdict.evidence["labels"]
        assert verdict.score == pytest.approx(max(labels.values()), abs=1e-4)
        if verdict.score >= 0.5:
            assert labels[verdict.reason] == max(labels.values())


def test_by_default_toxicity_is_scored(checkpoint: Path) -> None:
    for verdict in judge(toxicity(checkpoint), make_records(TEXTS)):
        assert verdict.score == pytest.approx(verdict.evidence["labels"]["toxicity"], abs=1e-4)


def test_a_hit_is_named_for_its_label_and_shows_its_text(checkpoint: Path) -> None:
    verdicts = judge(toxicity(checkpoint, label="threat"), make_records(TEXTS))
    assert {verdict.reason for verdict in verdicts} == {"", "threat"}
    for text, verdict in zip(TEXTS, verdicts, strict=True):
        assert (verdict.reason == "threat") == (verdict.score >= 0.5)
        spans = [[1, 0, len(text.rstrip()), "threat"]] if verdict.reason else None
        assert verdict.evidence.get("spans") == spans


def test_what_detoxify_would_cut_off_is_scored(checkpoint: Path) -> None:
    """Of a text of two windows each alone is a text, so their scores are known."""
    text = " ".join(["river"] * 510 + ["awful"] * 300)
    parts = [" ".join(text.split()[:510]), " ".join(text.split()[460:])]
    whole, *alone = judge(toxicity(checkpoint, overlap=50), make_records([text, *parts]))
    assert whole.evidence["windows"] == 2
    assert whole.score == pytest.approx(max(each.score for each in alone), abs=1e-6)
    assert alone[0].score != pytest.approx(alone[1].score, abs=1e-3)


def test_no_text_one_text_and_no_texts(checkpoint: Path) -> None:
    filter_ = toxicity(checkpoint)
    assert judge(filter_, []) == []
    assert judge(filter_, make_records([" "])) == [Verdict(None, "no_text")]
    (alone,) = judge(filter_, make_records(TEXTS[:1]))
    assert alone.score == pytest.approx(judge(filter_, make_records(TEXTS))[0].score, abs=1e-6)


def test_an_unknown_label_is_named(checkpoint: Path) -> None:
    with pytest.raises(UsageError, match=r"no label 'toxic'; did you mean 'toxicity'.*threat"):
        judge(toxicity(checkpoint, label="toxic"), [])


def test_a_checkpoint_that_names_a_model_on_the_hub_needs_only_the_folder(
    tmp_path: Path, no_network: list[Any]
) -> None:
    """As the official ones do; detoxify itself would ask the hub."""
    file = tiny_encoder.checkpoint(tmp_path)
    expected = judge(toxicity(file), make_records(TEXTS))
    whole = torch.load(file, weights_only=True)
    whole["config"]["arch"]["args"]["model_type"] = "bert-base-uncased"
    torch.save(whole, file)
    config = json.loads((file.parent / "base" / "config.json").read_text())
    del config["id2label"], config["label2id"]
    (file.parent / "base" / "config.json").write_text(json.dumps(config))
    assert judge(toxicity(file), make_records(TEXTS)) == expected
    assert no_network == []


def test_the_checkpoint_can_be_pinned_and_is_in_the_identity(
    tmp_path: Path, checkpoint: Path
) -> None:
    shutil.copytree(checkpoint.parent, tmp_path / "copy")
    file = tmp_path / "copy" / checkpoint.name
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    before = toxicity(file, sha256=digest).fingerprint()
    assert before["checkpoint"] == digest
    assert {"config.json", "tokenizer.json", "device", "precision"} <= before.keys()
    whole = torch.load(file, weights_only=True)
    whole["state_dict"]["classifier.bias"] += 1
    torch.save(whole, file)
    assert toxicity(file).fingerprint()["checkpoint"] != digest
    for ask in (Toxicity.fingerprint, lambda filter_: judge(filter_, [])):
        with pytest.raises(InputError, match=f"not the {digest} of the plan"):
            ask(toxicity(file, sha256=digest))


def test_a_variant_is_known_by_the_hash_in_its_name() -> None:
    filter_ = Toxicity(variant="original", revision="b" * 40, device="cpu", precision="fp32")
    assert filter_.fingerprint() == {
        "checkpoint": "c1212f89", "commit": "b" * 40, "device": "cpu", "precision": "fp32",
    }  # fmt: skip


def test_offline_a_variant_must_be_in_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path))
    with pytest.raises(UsageError, match="--offline downloads nothing"):
        judge(Toxicity(variant="original", revision="b" * 40), [])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "one of them"),
        ({"checkpoint": "a", "variant": "original", "config": "b"}, "one of them"),
        ({"checkpoint": "a"}, "needs `config:`"),
        ({"checkpoint": "a", "config": "b", "sha256": "xyz"}, "sha256"),
        ({"variant": "origin", "config": "b"}, "variant"),
    ],
    ids=str,
)
def test_options_that_name_no_model_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Toxicity(**options)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("model_name", "os", "'os' is no ForSequenceClassification"),
        ("tokenizer_name", "AutoModel", "'AutoModel' is no Tokenizer"),
        ("model_name", "RobertaForSequenceClassification", "missing|does not fit"),
    ],
)
def test_a_checkpoint_of_something_else_is_named(
    tmp_path: Path, key: str, value: str, message: str
) -> None:
    file = tiny_encoder.checkpoint(tmp_path)
    whole = torch.load(file, weights_only=True)
    whole["config"]["arch"]["args"][key] = value
    torch.save(whole, file)
    with pytest.raises(InputError, match=rf"tiny\.ckpt: .*({message})"):
        judge(toxicity(file), [])


def test_a_checkpoint_that_lacks_weights_is_refused(tmp_path: Path) -> None:
    file = tiny_encoder.checkpoint(tmp_path)
    whole = torch.load(file, weights_only=True)
    del whole["state_dict"]["classifier.weight"]
    torch.save(whole, file)
    with pytest.raises(InputError, match=r"1 weights are missing, as classifier\.weight"):
        judge(toxicity(file), [])


def test_a_run_gives_the_same_bytes_with_any_number_of_workers(
    checkpoint: Path, tmp_path: Path
) -> None:
    rows = [
        json.dumps({"prompt": "no", "response": text * n}) for n in range(1, 6) for text in TEXTS
    ]
    corpus = write(tmp_path / "rows.jsonl", *(row.encode() + b"\n" for row in rows))
    plan = f"""
steps:
  - use: toxicity
    with: {{checkpoint: {checkpoint}, config: {checkpoint.parent / "base"}}}
    do: drop
"""
    ready, found = resolve(loads(plan), load()), expand([str(corpus)])
    for workers in (1, 2):
        out = tmp_path / f"out{workers}"
        facts = run(ready, found, out, Options(workers=workers, lines=7), Context())
        assert 0 < facts["counts"]["dropped"] < len(rows)
    assert files_of(tmp_path / "out1") == files_of(tmp_path / "out2")
