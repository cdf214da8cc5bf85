"""The machine, with GPUs that are not there."""

import sys
from contextlib import nullcontext
from types import SimpleNamespace

import pytest

from curate.checkup import machine as machines
from curate.checkup.machine import Gpu, machine
from curate.checkup.wording import of_machine


@pytest.fixture
def gpus(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two GPUs, of which the second computes no bfloat16."""
    names, chosen = ["Big", "Small"], []
    cuda = SimpleNamespace(
        device_count=lambda: len(names),
        get_device_properties=lambda n: SimpleNamespace(name=names[n], total_memory=(n + 1) << 34),
        device=lambda n: chosen.append(n) or nullcontext(),
        is_bf16_supported=lambda: chosen[-1] == 0,
    )
    torch = SimpleNamespace(cuda=cuda, get_num_threads=lambda: 3)
    monkeypatch.setitem(sys.modules, "torch", torch)
    monkeypatch.setattr(machines, "version", lambda _name: "2.9")


def test_every_gpu_is_asked_for_itself(gpus: None):
    found = machine(deep=True)
    assert found.torch is not None
    assert found.torch.threads == 3
    assert found.torch.gpus == (Gpu("Big", 16.0, True), Gpu("Small", 32.0, False))


def test_what_is_said_of_them(gpus: None):
    told = "torch 2.9, 3 threads; Big, 16 GiB, with bfloat16; Small, 32 GiB, without bfloat16"
    assert list(of_machine("1.0", machine(deep=True)))[1].endswith(told)


def test_without_torch(monkeypatch: pytest.MonkeyPatch):
    def missing(name: str) -> str:
        raise machines.PackageNotFoundError(name)

    monkeypatch.setattr(machines, "version", missing)
    assert machine(deep=True).torch is None
    assert list(of_machine("1.0", machine(deep=True)))[1].endswith("no torch")
