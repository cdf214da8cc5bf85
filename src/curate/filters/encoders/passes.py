"""Passes of a model over windows: rows of tokens in, rows of probabilities out."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from curate.errors import PluginError, UsageError
from curate.extras import need
from curate.filters.encoders.batches import batches
from curate.filters.encoders.encoder import EXTRA, Encoder
from curate.filters.encoders.framing import Frame
from curate.filters.encoders.int8 import quantised
from curate.filters.encoders.machine import Machine
from curate.filters.encoders.tokens import Tokens
from curate.filters.encoders.torch_settings import torch_settings
from curate.filters.encoders.windows import Window

BUDGET = {"cpu": 2048, "cuda": 32_768}
"""Tokens in one pass. More make a processor no faster, and cost memory."""
CHECKED = 16
"""Windows of a call that int8 is compared on."""

Probabilities = list[float]
"""One for each label."""


class Passes:
    """A model on its device, at its precision.

    Args:
        encoder: The model.
        frame: What stands around a window.
        machine: Where it runs and how precisely.
        threads: Threads of the processor it may use.
    """

    def __init__(self, encoder: Encoder, frame: Frame, machine: Machine, threads: int) -> None:
        self._torch = need("torch", EXTRA)
        self._encoder, self._frame, self._machine = encoder, frame, machine
        self._threads = threads
        self._exact = encoder.model.to(machine.device).eval()
        self._model = self._exact
        if machine.precision == "int8":
            self._model = quantised(self._torch, self._exact)

    def run(self, texts: Sequence[Tokens], windows: Sequence[Window]) -> list[Probabilities]:
        """Return the probabilities of every window, in order.

        Raises:
            PluginError: the model gives what is no number.
        """
        with self._settings(bf16=self._machine.precision == "bf16"):
            return self._run(self._model, texts, windows)

    def moved(
        self,
        texts: Sequence[Tokens],
        windows: Sequence[Window],
        found: Sequence[Probabilities],
        most: float,
    ) -> float:
        """Return how far int8 moved the probabilities of some windows away from fp32.

        Raises:
            UsageError: further than `most`.
        """
        every = -(-len(windows) // CHECKED)
        with self._settings(bf16=False):
            exact = self._run(self._exact, texts, windows[::every])
        moved = max(
            abs(one - other)
            for rows in zip(exact, found[::every], strict=True)
            for one, other in zip(*rows, strict=True)
        )
        if moved > most:
            raise UsageError(
                f"{self._encoder.name}: int8 moves a probability by {moved:.4f} on these texts, "
                f"more than `parity: {most:g}`; take `precision: bf16`, or allow more"
            )
        return moved

    @contextmanager
    def _settings(self, *, bf16: bool) -> Iterator[None]:
        torch, device = self._torch, self._machine.device
        # One autocast for all batches of a call: it keeps the weights it has rounded.
        with (
            torch_settings(torch, self._threads),
            torch.inference_mode(),
            torch.autocast(device, torch.bfloat16, enabled=bf16),
        ):
            yield

    def _run(
        self, model: Any, texts: Sequence[Tokens], windows: Sequence[Window]
    ) -> list[Probabilities]:
        lengths = [window.end - window.start for window in windows]
        special = len(self._frame.before) + len(self._frame.after)
        found: list[Probabilities] = [[]] * len(windows)
        for batch in batches([each + special for each in lengths], BUDGET[self._machine.device]):
            rows = [
                self._frame.around(texts[window.text].ids[window.start : window.end])
                for window in (windows[row] for row in batch)
            ]
            for row, probabilities in zip(batch, self._pass(model, rows), strict=True):
                found[row] = probabilities
        return found

    def _pass(self, model: Any, rows: Sequence[list[int]]) -> list[Probabilities]:
        torch, width, device = self._torch, len(rows[0]), self._machine.device
        gaps = [width - len(row) for row in rows]
        padded = [row + [self._frame.padding] * gap for row, gap in zip(rows, gaps, strict=True)]
        mask = [[1] * len(row) + [0] * gap for row, gap in zip(rows, gaps, strict=True)]
        logits = (
            model(
                input_ids=torch.tensor(padded, device=device),
                attention_mask=torch.tensor(mask, device=device),
            )
            .logits[:, : len(self._encoder.labels)]
            .float()
        )
        softmax = self._encoder.activation == "softmax"
        made = logits.softmax(1) if softmax else logits.sigmoid()
        if not made.isfinite().all():
            raise PluginError(
                f"{self._encoder.name}: the model gives NaN where a probability belongs; its "
                "weights are broken, or it overflows at this precision (try `precision: fp32`)"
            )
        found: list[Probabilities] = made.tolist()
        return found
