"""A fingerprint's file, and what it says about texts."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.errors import InputError, UsageError
from curate.fitting import tensors
from curate.fitting.fingerprint import model as models
from curate.fitting.fingerprint.training import Settings, fit
from planted_teachers import responses

MODEL = fit(responses(), 0, Settings(folds=3, least=10))
TEXTS = [sample.text for sample in responses(prompts=20, seed=2)]


def test_a_model_is_read_as_it_was_written(tmp_path: Path) -> None:
    MODEL.save(tmp_path / "m.safetensors")
    again = models.load(tmp_path / "m.safetensors")
    assert again.facts == MODEL.facts
    np.testing.assert_array_equal(again.weights, MODEL.weights)
    again.save(tmp_path / "again.safetensors")
    one, other = (tmp_path / name for name in ("m.safetensors", "again.safetensors"))
    assert one.read_bytes() == other.read_bytes()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(TEXTS), st.text(max_size=80)), max_size=12))
def test_no_text_depends_on_the_others(texts: list[str]) -> None:
    together = MODEL.predict(texts)
    assert together.log_odds.shape == together.probabilities.shape == (len(texts), 4)
    for n, text in enumerate(texts):
        alone = MODEL.predict([text])
        np.testing.assert_array_equal(alone.log_odds[0], together.log_odds[n])
        assert alone.distinct[0] == together.distinct[n]
        assert alone.confidence[0] == pytest.approx(together.confidence[n], abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=300))
def test_probabilities_are_probabilities(text: str) -> None:
    guesses = MODEL.predict([text])
    assert guesses.probabilities.sum() == pytest.approx(1)
    assert 0 <= guesses.confidence[0] <= guesses.known[0] <= 1
    assert guesses.confidence[0] <= guesses.probabilities.max()
    assert guesses.best[0] == guesses.probabilities.argmax()
    assert 0 <= guesses.unseen[0] <= guesses.distinct[0]


def test_what_was_never_seen_says_nothing() -> None:
    guesses = MODEL.predict(["zyxw vuts"])
    assert guesses.unseen[0] == guesses.distinct[0] == 3
    np.testing.assert_allclose(
        guesses.log_odds[0],
        MODEL.facts.calibration.slope * np.array(MODEL.facts.biases)
        + MODEL.facts.calibration.offsets,
    )


def test_a_long_text_is_read_to_the_end_of_the_window() -> None:
    start = "moreover hence thus " * 200
    short, long = MODEL.predict(
        [start[: MODEL.facts.window], start + "hey awesome " * 500]
    ).log_odds
    np.testing.assert_array_equal(short, long)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"kind": "linear"}, "is a linear model"),
        ({"format": 99}, "format 99"),
        ({"hashing": 2}, "hashing 2.*fit it again"),
        ({"window": 0}, "damaged.*window"),
        ({"teachers": ["a", "b"]}, "damaged.*biases: 4 for 2 teachers"),
        ({"scheme": {"words": [1], "chars": [], "bits": 9}}, "has no 'weights' of 2,048 I16"),
    ],
    ids=["another kind", "another format", "another hash", "nonsense", "teachers", "bits"],
)
def test_another_model_is_refused(tmp_path: Path, change: dict[str, object], told: str) -> None:
    fields = MODEL.facts.model_dump(mode="json") | change
    path = tmp_path / "m.safetensors"
    tensors.write(path, {"curate": json.dumps(fields)}, "weights", "I16", bytes(2 << 18))
    with pytest.raises(InputError, match=told):
        models.load(path)


@pytest.mark.parametrize(
    ("metadata", "told"),
    [({}, "no model that `curate fit fingerprint` made"), ({"curate": "{oops"}, "damaged")],
    ids=["somebody else's", "no JSON"],
)
def test_a_foreign_file_is_refused(tmp_path: Path, metadata: dict[str, str], told: str) -> None:
    path = tmp_path / "m.safetensors"
    tensors.write(path, metadata, "weights", "I16", b"")
    with pytest.raises(InputError, match=told):
        models.load(path)


def test_without_numpy_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    MODEL.save(tmp_path / "m.safetensors")
    monkeypatch.setitem(__import__("sys").modules, "numpy", None)
    with pytest.raises(UsageError, match=r"sft-curate\[fast\]"):
        models.load(tmp_path / "m.safetensors")
