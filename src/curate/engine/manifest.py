"""The manifest of a run: what a training job needs to know of its files, in one flat list."""

from collections.abc import Mapping
from typing import Any

from curate.ledger import PLAN, compression

FORMAT = 1
"""Version of `manifest.json`."""


def manifest(outputs: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return what `manifest.json` says.

    Args:
        outputs: What `run.json` says of the outputs that are written, by name.
    """
    listed = []
    for output, told in outputs.items():
        holds = "plan" if output == PLAN else output.removesuffix(".jsonl")
        listed += [
            {
                "name": file["name"],
                "holds": holds,
                "sha256": file["sha256"],
                "bytes": file["bytes"],
                "rows": None if output == PLAN else file["lines"],
                "compression": compression(file["name"]),
            }
            for file in told.get("files", [{"name": output, **told}])
        ]
    return {"format": FORMAT, "files": listed}
