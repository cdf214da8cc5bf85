"""A run on a cluster of its own making whose head is killed: in a process that may end with it.

python headless.py ADDITIONAL_VARIABLES PLAN CORPUS OUT
"""

import json
import sys
import threading
import time
from pathlib import Path

from curate_ray import head
from ray_machines import Machines

from curate.cli import main

head.WAIT, head.GONE = 0.5, 2.0


def kill(machines: Machines, state: Path) -> None:
    """Kill the head when something is committed."""
    while not state.exists():
        time.sleep(0.02)
    machines.kill_the_head()


if __name__ == "__main__":
    surroundings, plan, corpus, out = sys.argv[1:]
    machines = Machines(json.loads(surroundings))
    threading.Thread(target=kill, args=(machines, Path(out, "state.json")), daemon=True).start()
    executor = ["--executor", "ray", "--address", machines.address, "--workers", "1"]
    sys.exit(main(["run", plan, corpus, "--out", out, *executor]))
