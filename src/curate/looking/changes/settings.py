"""What differs between the plans of two runs, in words."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

_LONGEST = 60


def differences(
    one: Mapping[str, Any], other: Mapping[str, Any], names: tuple[str, str]
) -> Iterator[str]:
    """Yield every difference; `one` and `other` are what `run.json` says of the runs `names`."""
    if one["curate"] != other["curate"]:
        yield f"curate: {one['curate']} -> {other['curate']}"
    old, new = one["identity"]["plan"], other["identity"]["plan"]
    yield from _between({**old, "steps": None}, {**new, "steps": None}, "")
    before, after = ({step["name"]: step for step in plan["steps"]} for plan in (old, new))
    yield from (f"step {name}: only in {names[0]}" for name in before if name not in after)
    yield from (f"step {name}: only in {names[1]}" for name in after if name not in before)
    shared = [name for name in before if name in after]
    for name in shared:
        yield from _between(before[name], after[name], f"step {name}")
    if shared != [name for name in after if name in before]:
        yield "the steps that both have stand in another order"


def _between(old: Any, new: Any, at: str) -> Iterator[str]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys([*old, *new]):
            place = f"{at}.{key}" if at else key
            yield from _between(old.get(key), new.get(key), place)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for n, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from _between(before, after, f"{at}[{n}]")
    elif isinstance(old, list) and isinstance(new, list):
        yield f"{at}: a list of {len(old)} -> one of {len(new)}"
    elif old != new:
        yield f"{at}: {_short(old)} -> {_short(new)}"


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
