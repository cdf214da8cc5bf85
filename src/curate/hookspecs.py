"""The hook a plugin distribution may implement.

A distribution names a module under the entry-point group `curate.plugins`:

    [project.entry-points."curate.plugins"]
    shouting = "curate_shouting"

The module implements this hook with `curate.api.hookimpl`. The built-in filters register through
the same hook.
"""

from collections.abc import Sequence

import pluggy

from curate.api import Filter

hookspec = pluggy.HookspecMarker("curate")
GROUP = "curate.plugins"


@hookspec
def curate_filters() -> Sequence[type[Filter]]:
    """Return the filter classes this module provides."""
    return ()
