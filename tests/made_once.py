"""Values that take long to make, made by one of the processes of a test run for all of them."""

import fcntl
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any


def made_once(cache: Path, name: str, make: Callable[[], object]) -> Any:
    """Return what is called `name` in the cache, as JSON; made where it is not there yet.

    Args:
        cache: A folder that the processes share.
        name: What it is kept under, as a file name.
        make: Makes it; if it raises, nothing is kept.
    """
    cache.mkdir(parents=True, exist_ok=True)
    file = cache / f"{name}.json"
    with file.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the others wait until it is there
        if not file.exists():
            file.write_text(json.dumps(make()), "utf-8")
    return json.loads(file.read_text("utf-8"))
