"""What is said of a plugin that broke: its step, the place and the kind of error.

An error's own words may quote the row that it is about, and nobody has marked in them what must
not be seen.
"""

import re

_STEP = re.compile(r"step ['\"]|a worker process ")
"""How the engine begins what it says of a plugin."""
_UP_TO_TYPE = re.compile(r".*?: \w+(?=: )", re.DOTALL)
_HINT = "`curate gate --unmask` shows what was said"


def unquoted(told: str) -> str:
    """Return what the engine says of a broken plugin, without what the plugin said.

    Args:
        told: The message of a `PluginError`, such as `step 'x' failed on c.jsonl:1: KeyError: …`.
    """
    if not _STEP.match(told):
        return f"a plugin broke; {_HINT}"
    found = _UP_TO_TYPE.match(told)
    return f"{found[0] if found else told.partition(': ')[0]}; {_HINT}"
