"""The built-in rewriters, registered through the hook every plugin uses."""

from collections.abc import Sequence

from curate.api import Rewriter, hookimpl
from curate.rewriters.redact import Redact
from curate.rewriters.replay import Replay
from curate.rewriters.reroll import Reroll


@hookimpl
def curate_rewriters() -> Sequence[type[Rewriter]]:
    """Return the built-in rewriters."""
    return [Redact, Replay, Reroll]
