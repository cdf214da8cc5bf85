"""What a batch does to a score, what int8 does, and what is said of a broken model."""

from array import array
from collections.abc import Sequence

import pytest
import torch

import tiny_encoder
from curate.errors import PluginError, UsageError
from curate.filters.encoders.encoder import Encoder
from curate.filters.encoders.framing import frame
from curate.filters.encoders.int8 import quantised
from curate.filters.encoders.machine import Machine
from curate.filters.encoders.passes import CHECKED, Passes, Probabilities
from curate.filters.encoders.tokens import Tokens
from curate.filters.encoders.windows import Window

LENGTHS = [3, 17, 1, 30, 8, 8, 25, 2]


def encoder(kind: tiny_encoder.Kind = "bert") -> Encoder:
    model, tokenizer = tiny_encoder._model(kind, 3, 32), tiny_encoder._tokenizer(kind, 32)
    return Encoder("tiny", model, tokenizer, ("a", "b", "c"), "softmax")


def text(seed: int, count: int) -> Tokens:
    ids = torch.randint(5, 29, (count,), generator=torch.Generator().manual_seed(seed)).tolist()
    return Tokens(array("q", ids), array("q", range(count)), array("q", range(1, count + 1)))


def passes(precision: str, of: Encoder | None = None) -> Passes:
    of = of or encoder()
    return Passes(of, frame(of), Machine("cpu", precision), 1)


def run(model: Passes, texts: Sequence[Tokens]) -> list[Probabilities]:
    return model.run(texts, [Window(n, 0, len(each.ids)) for n, each in enumerate(texts)])


@pytest.mark.parametrize("kind", ["bert", "roberta"])
@pytest.mark.parametrize(("precision", "within"), [("fp32", 1e-6), ("bf16", 1e-2), ("int8", 1e-2)])
def test_a_score_depends_on_its_row_alone(
    kind: tiny_encoder.Kind, precision: str, within: float
) -> None:
    texts = [text(n, count) for n, count in enumerate(LENGTHS)]
    model = passes(precision, encoder(kind))
    together = run(model, texts)
    for each, found in zip(texts, together, strict=True):
        assert run(model, [each])[0] == pytest.approx(found, abs=within)
    for one, other in zip(run(model, texts[::-1])[::-1], together, strict=True):
        assert one == pytest.approx(other, abs=within)


def test_scores_are_those_of_the_model_itself() -> None:
    texts = [text(n, count) for n, count in enumerate(LENGTHS)]
    of = encoder()
    framed = frame(of)
    with torch.inference_mode():
        expected = [
            of.model(torch.tensor([framed.around(each.ids)])).logits.softmax(1)[0].tolist()
            for each in texts
        ]
    for one, other in zip(run(passes("fp32", of), texts), expected, strict=True):
        assert one == pytest.approx(other, abs=1e-6)


def test_fp32_is_exact_whatever_another_plugin_has_set() -> None:
    texts = [text(n, count) for n, count in enumerate(LENGTHS)]
    expected = run(passes("fp32"), texts)
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("medium")
    try:
        assert run(passes("fp32"), texts) == expected
    finally:
        torch.set_float32_matmul_precision(before)


def test_no_windows_are_no_work() -> None:
    assert passes("fp32").run([], []) == []


@pytest.mark.parametrize("precision", ["fp32", "bf16", "int8"])
def test_weights_that_are_no_numbers_are_named(precision: str) -> None:
    of = encoder()
    torch.nn.init.constant_(of.model.classifier.weight, torch.nan)
    with pytest.raises(PluginError, match="tiny: the model gives NaN"):
        run(passes(precision, of), [text(0, 5)])


def test_int8_multiplies_as_rounded_numbers_do() -> None:
    """Against rounding done by hand, in floating point that holds every sum exactly."""
    torch.manual_seed(0)
    model = torch.nn.Module()
    model.base_model = torch.nn.Sequential(torch.nn.Linear(24, 16))
    rows = torch.randn(5, 7, 24)

    def rounded(numbers: torch.Tensor) -> torch.Tensor:
        step = numbers.abs().amax(-1, keepdim=True) / 127
        return ((numbers / step).round() * step).double()

    layer = model.base_model[0]
    expected = rounded(rows) @ rounded(layer.weight.detach()).T + layer.bias.double()
    with torch.inference_mode():
        made = quantised(torch, model).base_model(rows)
    assert torch.allclose(made.double(), expected, atol=1e-5)
    assert layer.weight is not None  # the model that was copied is whole


def test_int8_is_close_but_not_the_same_and_says_how_close() -> None:
    texts = [text(n, count) for n, count in enumerate(LENGTHS * 5)]
    windows = [Window(n, 0, len(each.ids)) for n, each in enumerate(texts)]
    model = passes("int8")
    found, exact = model.run(texts, windows), run(passes("fp32"), texts)
    every = -(-len(windows) // CHECKED)
    apart = max(
        abs(one - other)
        for rows in list(zip(found, exact, strict=True))[::every]
        for one, other in zip(*rows, strict=True)
    )
    assert 0 < apart < 0.05
    assert model.moved(texts, windows, found, 0.05) == pytest.approx(apart, abs=1e-6)
    with pytest.raises(UsageError, match=rf"int8 moves a probability by {apart:.4f}.*parity"):
        model.moved(texts, windows, found, apart / 2)
