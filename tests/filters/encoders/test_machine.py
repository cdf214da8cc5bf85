"""`auto` is decided by what the machine has, and asking does not start CUDA."""

import pytest
import torch

from curate.errors import UsageError
from curate.filters.encoders import machine
from curate.filters.encoders.machine import Machine, resolve
from curate.filters.encoders.torch_settings import torch_settings


@pytest.fixture
def gpus(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    monkeypatch.setattr(torch.cuda, "device_count", lambda: request.param)


def having(monkeypatch: pytest.MonkeyPatch, **capabilities: bool) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: capabilities, raising=False)


@pytest.mark.parametrize("gpus", [0], indirect=True)
@pytest.mark.parametrize(
    ("capabilities", "precision"),
    [({"avx512_bf16": True}, "bf16"), ({"amx_bf16": True}, "bf16"), ({"avx512_f": True}, "fp32")],
)
def test_bf16_where_the_processor_has_it(
    gpus, capabilities: dict[str, bool], precision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    having(monkeypatch, **capabilities)
    assert resolve("auto", "auto") == Machine("cpu", precision)
    assert resolve("auto", "fp32") == Machine("cpu", "fp32")


@pytest.mark.parametrize("gpus", [1], indirect=True)
@pytest.mark.parametrize(("has", "precision"), [(True, "bf16"), (False, "fp32")])
def test_a_gpu_is_taken_where_there_is_one(
    gpus, has: bool, precision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "_gpu_has_bf16", lambda: has)
    having(monkeypatch)
    assert resolve("auto", "auto") == Machine("cuda", precision)
    assert resolve("cpu", "auto") == Machine("cpu", "fp32")
    with pytest.raises(UsageError, match="int8 is for processors"):
        resolve("cuda", "int8")


@pytest.mark.parametrize("gpus", [0], indirect=True)
def test_a_gpu_that_is_not_there_is_missed(gpus) -> None:
    with pytest.raises(UsageError, match="sees no GPU"):
        resolve("cuda", "auto")


def test_settings_are_put_back() -> None:
    before = torch.get_num_threads(), torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("medium")
    try:
        with torch_settings(torch, 2):
            assert torch.get_num_threads() == 2
            assert torch.get_float32_matmul_precision() == "highest"
        assert torch.get_num_threads() == before[0]
        assert torch.get_float32_matmul_precision() == "medium"
    finally:
        torch.set_float32_matmul_precision(before[1])
