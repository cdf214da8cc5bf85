"""What of a model learns, as numbers that can be put aside and put back."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from curate.extras import need
from curate.local_models.loading import Loaded

State = Mapping[str, Any]
"""Name of a weight -> its numbers, in the memory of the processor."""


class Pupil:
    """One model in memory that many students share: each puts in its own weights to learn or talk.

    Args:
        loaded: The model; what learns requires a gradient.
        dtype: The precision of computing, in training and in answers.
    """

    def __init__(self, loaded: Loaded, dtype: str) -> None:
        self.loaded, self.dtype = loaded, dtype
        named = loaded.model.named_parameters()
        self.learns = {name: weight for name, weight in named if weight.requires_grad}
        self._lock = threading.Lock()
        self._worn: State | None = None

    def state(self) -> State:
        """Return the weights that learn, as they are now."""
        return {name: weight.detach().cpu().clone() for name, weight in self.learns.items()}

    def put(self, state: State) -> None:
        """Make the model the student that has this state."""
        with self.loaded.torch.no_grad():
            for name, weight in self.learns.items():
                weight.copy_(state[name])
        self._worn = state

    @contextmanager
    def wearing(self, state: State) -> Iterator[None]:
        """Let the model talk as one student; others wait."""
        with self._lock:
            if self._worn is not state:
                self.put(state)
            with self.computing():
                yield

    def computing(self) -> AbstractContextManager[None]:
        """Return the precision in which the model computes; sums and norms stay in float32."""
        torch = self.loaded.torch
        kind = torch.device(self.loaded.device).type
        half: AbstractContextManager[None] = torch.autocast(
            kind, torch.bfloat16, enabled=self.dtype == "bfloat16"
        )
        return half


def adapt(loaded: Loaded, rank: int, alpha: float) -> None:
    """Add a low-rank update to every linear map of a model but its head; only that learns.

    Hu et al. 2021, "LoRA", by peft, in float32: small steps would be lost in half precision.
    """
    peft = need("peft", "audit")
    turned = any(type(module).__name__ == "Conv1D" for module in loaded.model.modules())
    config = peft.LoraConfig(
        r=rank,
        lora_alpha=alpha,
        target_modules="all-linear",
        fan_in_fan_out=turned,  # GPT-2 keeps its linear maps on their side
    )
    devices = range(loaded.torch.cuda.device_count())
    with loaded.torch.random.fork_rng(devices):  # peft draws what `fresh` draws again, by a seed
        peft.inject_adapter_in_model(config, loaded.model)
    for module in loaded.model.modules():
        if isinstance(module, peft.tuners.lora.LoraLayer):
            module.cast_input_dtype_enabled = False  # autocast does it, without a float32 copy
    for weight in loaded.model.parameters():
        if weight.requires_grad:
            weight.data = weight.data.float()


def fresh(base: State, seed: int, torch: Any) -> State:
    """Return a state before the first step: low-rank updates of a seed that change nothing yet.

    Drawn on the processor, so that every device begins alike. Other weights are those of the base.
    """
    draws = torch.Generator().manual_seed(seed % 2**63)
    state = dict(base)
    for name in sorted(base):
        if ".lora_A." in name:
            state[name] = torch.empty_like(base[name])
            torch.nn.init.kaiming_uniform_(state[name], a=5**0.5, generator=draws)
        elif ".lora_B." in name:
            state[name] = torch.zeros_like(base[name])
    return state
