"""The hooks a plugin distribution may implement.

A distribution names a module under the entry-point group `curate.plugins`:

    [project.entry-points."curate.plugins"]
    shouting = "curate_shouting"

The module implements one hook or several with `curate.api.hookimpl`. The built-in plugins register
through the same hooks.
"""

from collections.abc import Sequence

import pluggy

from curate.api import Executor, Filter, Generator, Rewriter, Student

hookspec = pluggy.HookspecMarker("curate")
GROUP = "curate.plugins"


@hookspec
def curate_filters() -> Sequence[type[Filter]]:
    """Return the filter classes this module provides."""
    return ()


@hookspec
def curate_generators() -> Sequence[type[Generator]]:
    """Return the generator classes this module provides."""
    return ()


@hookspec
def curate_rewriters() -> Sequence[type[Rewriter]]:
    """Return the rewriter classes this module provides."""
    return ()


@hookspec
def curate_students() -> Sequence[type[Student]]:
    """Return the student classes this module provides."""
    return ()


@hookspec
def curate_executors() -> Sequence[type[Executor]]:
    """Return the executor classes this module provides."""
    return ()
