"""The machine as this process sees it: Python, processors, torch and its GPUs."""

import os
import platform
import sys
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from curate.errors import UsageError
from curate.extras import need


@dataclass(frozen=True, slots=True)
class Gpu:
    """A GPU that torch can use."""

    name: str
    gib: float
    bfloat16: bool


@dataclass(frozen=True, slots=True)
class Torch:
    """The installed torch; what only importing it tells is None until then."""

    version: str
    error: str = ""
    threads: int | None = None
    gpus: tuple[Gpu, ...] | None = None


@dataclass(frozen=True, slots=True)
class Machine:
    """What the process runs on."""

    python: str
    executable: str
    platform: str
    processors: int
    """Those that this process may use; `--workers auto` takes as many."""
    processors_in_all: int
    torch: Torch | None

    def dump(self) -> dict[str, Any]:
        """Return it as JSON."""
        return asdict(self)


def machine(*, deep: bool) -> Machine:
    """Look at the machine; `deep` imports torch, which takes seconds, and asks it for its GPUs."""
    in_all = os.cpu_count() or 1
    seen = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else in_all
    return Machine(
        platform.python_version(),
        sys.executable,
        f"{platform.system()} {platform.machine()}",
        seen,
        in_all,
        _torch(deep=deep),
    )


def _torch(*, deep: bool) -> Torch | None:
    try:
        installed = version("torch")
    except PackageNotFoundError:
        return None
    if not deep:
        return Torch(installed)
    try:
        torch = need("torch", "audit")
    except (UsageError, OSError) as error:  # not for this machine, or half of it missing
        return Torch(installed, error=str(error))
    gpus = tuple(_gpu(torch, number) for number in range(torch.cuda.device_count()))
    return Torch(installed, threads=torch.get_num_threads(), gpus=gpus)


def _gpu(torch: Any, number: int) -> Gpu:
    facts = torch.cuda.get_device_properties(number)
    with torch.cuda.device(number):
        return Gpu(facts.name, round(facts.total_memory / 2**30, 1), torch.cuda.is_bf16_supported())
