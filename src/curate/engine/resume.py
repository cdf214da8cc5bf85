"""Is this the same run? What may be resumed, what is finished, what is refused and why."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from curate.engine.rundir import clear, read_state, tidy
from curate.errors import InputError, ResumeError
from curate.io.reading import Reader
from curate.io.segments import Segment
from curate.io.sources import Source
from curate.ledger import OUTPUTS, RUN, summary
from curate.registry import Resolved


class Identity:
    """Everything a run's result depends on, except the bytes of its inputs."""

    def __init__(
        self,
        resolved: Resolved,
        sources: Sequence[Source],
        limit: int | None,
        lines: int,
        size: int,
    ) -> None:
        facts = {
            "plan": resolved.identity(),
            "plan_digest": resolved.digest(),  # knows the order of patterns, too
            "inputs": [source.name for source in sources],
            "limit": limit,
            "segment": {"lines": lines, "bytes": size},
        }
        self.facts: dict[str, Any] = json.loads(json.dumps(facts))  # as it will be read back

    def require(self, path: Path, saved: Mapping[str, Any]) -> None:
        """Compare with the identity a run directory was begun with.

        Raises:
            ResumeError: they differ; the message names what does.
        """
        changes = list(_differences(saved, self.facts, ""))
        if changes:
            shown = "".join(f"\n  {change}" for change in changes[:5])
            more = f"\n  … and {len(changes) - 5} more" if len(changes) > 5 else ""
            raise ResumeError(
                f"{path} belongs to another run:{shown}{more}\nChoose another --out, or start over "
                "here with --fresh (what the earlier run wrote is deleted)"
            )


def _differences(old: Any, new: Any, at: str) -> Iterator[str]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            yield from _differences(old.get(key), new.get(key), f"{at}.{key}" if at else key)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for n, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from _differences(before, after, f"{at}[{_named(after, n)}]")
    elif old != new:
        yield f"{at}: was {json.dumps(old)}, now {json.dumps(new)}"


def _named(item: Any, position: int) -> str:
    name = item.get("name") if isinstance(item, dict) else None
    return str(position) if name is None else str(name)


def begin(path: Path, identity: Identity, *, fresh: bool) -> dict[str, Any]:
    """Return the state to go on from; empty where the run begins.

    Raises:
        ResumeError: the folder belongs to another run, or holds such files that no run wrote.
    """
    if fresh:
        clear(path)
    state = read_state(path)
    if state is None:
        for name in OUTPUTS:
            if (path / name).exists():
                raise ResumeError(
                    f"{path / name} exists, and no run wrote it: choose another --out"
                )
        tidy(path, spool=False)
        return {}
    identity.require(path, state["identity"])
    return state


def check_prefix(state: Mapping[str, Any], segment: Segment) -> None:
    """Check that what was already read of an input is still the same.

    Raises:
        ResumeError: it is not.
    """
    if segment.prefix != state["prefix"]:
        raise ResumeError(
            f"{segment.file} changed since the run was begun (up to line "
            f"{segment.line + segment.lines - 1}); choose another --out, or start over with --fresh"
        )


def finished(
    path: Path, identity: Identity, reader: Reader, *, fresh: bool
) -> dict[str, Any] | None:
    """Return what `run.json` says if this very run is finished here, None if it is not.

    Raises:
        ResumeError: another run is finished here, or an input has changed.
    """
    if fresh or not (path / RUN).exists():
        return None
    try:
        facts = summary(path)
    except InputError as error:
        raise ResumeError(f"{error}; choose another --out, or start over with --fresh") from None
    identity.require(path, facts["identity"])
    tidy(path)  # a crash right after `run.json` was written
    _check_inputs(facts, reader, identity)
    return facts


def _check_inputs(facts: Mapping[str, Any], reader: Reader, identity: Identity) -> None:
    whole = identity.facts["limit"] is None
    for segment in reader.segments(skip=max(facts["segments"] - 1, 0)):
        if segment.number == facts["segments"] - 1:
            check_prefix(facts, segment)
        if not whole:
            return  # the rest of the input was never read
    for before, now in zip(facts["inputs"], reader.files, strict=True):
        if before["sha256"] != now.sha256:
            raise ResumeError(
                f"{now.name} changed since this run finished; choose another --out, or start over "
                "with --fresh"
            )
