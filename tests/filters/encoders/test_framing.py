"""How many tokens a model reads, and what stands around them, is asked of the model."""

from pathlib import Path
from typing import Any

import pytest
import transformers

import tiny_encoder
from curate.errors import UsageError
from curate.filters.encoders.encoder import Encoder
from curate.filters.encoders.framing import USUAL, frame


def encoder(kind: tiny_encoder.Kind, longest: int = 32, limit: int = 32) -> Encoder:
    model = tiny_encoder._model(kind, 2, longest)
    return Encoder("tiny", model, tiny_encoder._tokenizer(kind, limit), ("a", "b"), "softmax")


@pytest.mark.parametrize("kind", ["bert", "roberta"])
@pytest.mark.parametrize("limit", [32, 512, int(1e30)])
def test_no_window_is_longer_than_the_positions(kind: tiny_encoder.Kind, limit: int) -> None:
    assert frame(encoder(kind, 32, limit)).longest == 32  # of RoBERTa's 34, 2 are the padding's


def test_the_tokeniser_may_allow_less() -> None:
    assert frame(encoder("bert", 32, 20)).longest == 20


def test_rows_are_those_of_the_tokeniser() -> None:
    for kind, text in (("bert", "the river"), ("roberta", "the river")):
        made = encoder(kind)  # type: ignore[arg-type]
        plain = made.tokenizer(text, add_special_tokens=False).input_ids
        assert frame(made).around(plain) == made.tokenizer(text).input_ids


def test_a_model_that_names_no_limit_gets_the_usual_one() -> None:
    class Boundless:
        config = transformers.PretrainedConfig()

        def named_modules(self) -> list[tuple[str, Any]]:
            return []

    made = Encoder("x", Boundless(), tiny_encoder._tokenizer("bert", int(1e30)), ("a",), "sigmoid")
    assert frame(made).longest == USUAL


def test_special_tokens_take_room() -> None:
    made = frame(encoder("bert"))
    assert (made.room(None), made.room(12)) == (30, 10)
    with pytest.raises(UsageError, match="33 is more than the model's 32"):
        made.room(33)
    with pytest.raises(UsageError, match="leaves no room"):
        made.room(2)


def test_what_cannot_pad_is_refused(tmp_path: Path) -> None:
    made = encoder("bert")
    made.tokenizer.pad_token = None
    with pytest.raises(UsageError, match="no padding token"):
        frame(made)


def test_a_tokeniser_saved_with_truncation_cuts_nothing() -> None:
    made = encoder("bert")
    made.tokenizer.backend_tokenizer.enable_truncation(5)
    made.tokenizer.backend_tokenizer.enable_padding(length=9)
    frame(made)
    assert len(made.tokenizer.backend_tokenizer.encode("the " * 40).ids) == 42
