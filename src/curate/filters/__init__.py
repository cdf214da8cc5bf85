"""The built-in filters, registered through the hook every plugin uses."""

from collections.abc import Sequence

from curate.api import Filter, hookimpl


@hookimpl
def curate_filters() -> Sequence[type[Filter]]:
    """Return the built-in filters."""
    return []
