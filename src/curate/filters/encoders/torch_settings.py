"""Settings of torch that belong to the whole process, changed for as long as a model runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def torch_settings(torch: Any, threads: int) -> Iterator[None]:
    """Compute on `threads` threads, and fp32 as fp32, whatever another plugin has set."""
    before = torch.get_num_threads(), torch.get_float32_matmul_precision()
    torch.set_num_threads(threads)
    torch.set_float32_matmul_precision("highest")
    try:
        yield
    finally:
        torch.set_num_threads(before[0])
        torch.set_float32_matmul_precision(before[1])
