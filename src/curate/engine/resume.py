"""Is this the same run? What may be resumed, what is finished, what is refused and why."""

import hashlib
import json
import pickle  # only to hash; nothing is ever unpickled
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from curate.engine.rundir import clear, read_state, tidy
from curate.errors import InputError, ResumeError, UsageError
from curate.io.reading import Reader
from curate.io.segments import Segment
from curate.io.sources import STDIN, Source
from curate.ledger import MANIFEST, PART, PLAIN, PLAN, RUN, Layout, names_left, summary
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
        layout: Layout = PLAIN,
    ) -> None:
        facts = {
            "plan": resolved.identity(),
            "plan_digest": resolved.digest(),  # knows the order of patterns, too
            "inputs": [source.name for source in sources],
            "limit": limit,
            "segment": {"lines": lines, "bytes": size},
        }
        files = {step.name: found for step in resolved.steps if (found := step.fingerprint())}
        if files:
            facts["files"] = files
        if not layout.plain:
            facts["layout"] = layout.facts()
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


def refuse_own_files(path: Path, sources: Sequence[Source]) -> None:
    """Refuse inputs that lie in the run directory, where the run writes and deletes.

    Raises:
        UsageError: one does.
    """
    for source in sources:
        if source.path is None or source.name == STDIN:
            continue
        if source.path.resolve().parent == path.resolve():
            raise UsageError(
                f"{source.name} lies in the run directory {path}: choose another --out"
            )


def begin(path: Path, identity: Identity, *, fresh: bool) -> dict[str, Any]:
    """Return the state to go on from; empty where the run begins.

    Raises:
        ResumeError: the folder belongs to another run, or holds such files that no run wrote.
    """
    state = read_state(path)
    if fresh and (state is not None or (path / RUN).exists()):
        clear(path)
        state = None
    if state is None:
        outputs = sorted(name for name in names_left(path) if not name.endswith(PART))
        manifest = [MANIFEST] if "layout" in identity.facts else []
        for name in (*outputs, PLAN, *manifest):
            if (path / name).exists():
                raise ResumeError(
                    f"{path / name} exists, and no run wrote it: choose another --out"
                )
        tidy(path, spool=False)
        return {}
    identity.require(path, state["identity"])
    return state


def learned(judging: Resolved) -> dict[str, str]:
    """Return what the studies of the corpus came to: step -> hash of the filter it learned."""
    return {
        step.name: hashlib.sha256(pickle.dumps(step.filter)).hexdigest()
        for step in judging.steps
        if step.learned
    }


def check_learned(path: Path, state: Mapping[str, Any], judging: Resolved) -> None:
    """Check that a run that goes on would go on with what its filters learned before.

    Raises:
        ResumeError: another corpus, or other libraries, gave a filter something else to go by.
    """
    before, now = state.get("learned", {}), learned(judging)
    changed = [name for name in now if state and before.get(name) != now[name]]
    if changed:
        raise ResumeError(
            f"{path}: step {changed[0]!r} studies the whole corpus, and this time it learned "
            "something else: an input or a library changed since the run was begun; choose another "
            "--out, or start over with --fresh"
        )


def check_read(state: Mapping[str, Any], reader: Reader, last: Segment | None) -> None:
    """Check that all that was committed of the inputs is still the same.

    Args:
        state: The state to go on from.
        reader: Has read as far as the state says.
        last: The last committed segment as it is read now; None where there is none any more.

    Raises:
        ResumeError: an input has changed; named.
    """
    for before, now in zip(state["read"], reader.files, strict=False):
        if before != now.sha256:
            raise _changed(now.name)
    if last is None or last.prefix != state["prefix"]:
        raise _changed(state["file"])


def _changed(name: str) -> ResumeError:
    return ResumeError(
        f"{name} changed since the run was begun; choose another --out, or start over with --fresh"
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
    _check_inputs(facts, reader, identity)
    tidy(path)  # a crash right after `run.json` was written
    return facts


def _check_inputs(facts: Mapping[str, Any], reader: Reader, identity: Identity) -> None:
    whole = identity.facts["limit"] is None
    last = None
    for segment in reader.segments(skip=max(facts["segments"] - 1, 0)):
        last = segment if segment.number == facts["segments"] - 1 else last
        if not whole:
            break  # the rest of the input was never read
    if facts["segments"]:
        check_read(facts, reader, last)
    for before, now in zip(facts["inputs"], reader.files, strict=False):
        if before["sha256"] not in (None, now.sha256):
            raise _changed(now.name)
