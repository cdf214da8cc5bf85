"""numpy is an extra; whoever cannot do without it says so."""

from typing import Any

from curate.errors import UsageError


def need_numpy(what: str) -> Any:
    """Return numpy; `what` says in a message what needs it.

    Raises:
        UsageError: it is not installed; names the extra that brings it.
    """
    try:
        import numpy as np
    except ImportError:
        raise UsageError(f"{what} needs numpy: pip install 'sft-curate[fast]'") from None
    return np
