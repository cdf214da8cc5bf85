"""The actor: a work, opened in a process of its own on some node."""

import pickle
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from importlib import metadata
from typing import Any

from curate.api import Work
from curate.errors import CurateError, PluginError, UsageError
from curate.hookspecs import GROUP


def versions() -> dict[str, str]:
    """Return the version of curate and of every plugin distribution that is installed."""
    found = {"sft-curate": metadata.version("sft-curate")}
    for point in metadata.entry_points(group=GROUP):
        if point.dist is not None:
            found[point.dist.name] = point.dist.version
    return found


class Worker:
    """Opens a work and does its items, one by one and in the order they were sent."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._do: Callable[[Any], Any] | None = None

    def check(self, expected: Mapping[str, str]) -> CurateError | None:
        """Compare what is installed here with what the run has; None: nothing differs.

        What is missing here shows when the work is opened, if it is needed at all.
        """
        here = versions()
        for name, version in expected.items():
            if here.get(name, version) != version:
                return UsageError(
                    f"executor 'ray': a node has {name} {here[name]} and the run has {version}; "
                    "install the same version on every node"
                )
        return None

    def open(self, work: bytes) -> CurateError | None:
        """Open a pickled work; None: it is open."""
        try:
            ready: Work = pickle.loads(work)  # noqa: S301  (sent by the run, through Ray)
            self._do = self._open.enter_context(ready.open())
        except ImportError as error:
            return UsageError(
                f"executor 'ray': a node cannot import what the plan needs ({error}); install the "
                "same packages on every node"
            )
        except CurateError as error:
            return error
        except Exception as error:  # of a plugin: it ends the run, not an actor
            return PluginError(f"executor 'ray': a worker: {type(error).__name__}: {error}")
        return None

    def do(self, item: Any) -> Any:
        """Return what the work makes of an item."""
        assert self._do is not None  # noqa: S101  (Ray keeps the order of calls: open came first)
        return self._do(item)

    def close(self) -> None:
        """Close the work."""
        self._open.close()
