"""Where a model runs and how precisely: decided once, before a run, and part of its identity."""

import subprocess
import sys
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from curate.errors import UsageError
from curate.extras import need
from curate.filters.encoders.encoder import EXTRA

Device = Literal["auto", "cpu", "cuda"]
Precision = Literal["auto", "fp32", "bf16", "int8"]

_ASK = "import torch; print(torch.cuda.is_bf16_supported(including_emulation=False))"


class Machine(NamedTuple):
    """A kind of device, `cpu` or `cuda`, and a precision: `fp32`, `bf16` or `int8`."""

    device: str
    precision: str


def resolve(device: Device, precision: Precision) -> Machine:
    """Return what `auto` means here: a GPU where there is one, bf16 where it is in hardware.

    Raises:
        UsageError: torch is missing, there is no GPU where one is asked for, or one is to do int8.
    """
    torch = need("torch", EXTRA)
    # Unlike `is_available`, this does not start CUDA, which worker processes could not use then.
    gpus = torch.cuda.device_count()
    if device == "cuda" and not gpus:
        raise UsageError("device: cuda, but torch sees no GPU; take `device: auto`")
    where = "cuda" if gpus and device != "cpu" else "cpu"
    if precision == "int8" and where == "cuda":
        raise UsageError("precision: int8 is for processors; on a GPU take bf16, or `device: cpu`")
    if precision != "auto":
        return Machine(where, precision)
    fast = _gpu_has_bf16() if where == "cuda" else _processor_has_bf16(torch)
    return Machine(where, "bf16" if fast else "fp32")


def _processor_has_bf16(torch: Any) -> bool:
    found = torch.cpu.get_capabilities() if hasattr(torch.cpu, "get_capabilities") else {}
    return any(found.get(name, False) for name in ("avx512_bf16", "amx_bf16", "bf16"))


@lru_cache
def _gpu_has_bf16() -> bool:
    """Ask in a process of its own: asking starts CUDA."""
    told = subprocess.run(  # noqa: S603  (this interpreter, a fixed text)
        [sys.executable, "-c", _ASK], capture_output=True, text=True, check=False
    )
    return told.stdout.strip() == "True"
