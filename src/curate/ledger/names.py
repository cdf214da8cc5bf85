"""The files of a run directory, by name."""

from collections.abc import Mapping
from typing import Literal

FORMAT = 1
"""Version of `run.json` and of the ledger's entries."""

Fate = Literal["kept", "dropped", "quarantined"]
FATES: tuple[Fate, ...] = ("kept", "dropped", "quarantined")
ROWS: Mapping[Fate, str] = {fate: f"{fate}.jsonl" for fate in FATES}
LEDGER = "ledger.jsonl"
REPLACED = "replaced.jsonl"
OUTPUTS = (*ROWS.values(), REPLACED, LEDGER)
RUN = "run.json"
STATE = "state.json"
PLAN = "plan.yaml"
MANIFEST = "manifest.json"
"""Lists the files of a run whose outputs are sharded or compressed; other runs have none."""
WRITTEN = (*OUTPUTS, PLAN)
"""What `run.json` has the hashes of."""
PART = ".part"
