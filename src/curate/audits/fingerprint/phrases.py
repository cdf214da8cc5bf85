"""Numbers as they are printed."""

from curate.audits.fingerprint.estimates import Estimate


def percent(found: Estimate | None) -> str:
    """Return `58.1%`, or `-` where nothing was measured."""
    return "-" if found is None else f"{found.value:.1%}"


def bounds(found: Estimate | None) -> str:
    """Return `57.0 to 59.2`, in percent."""
    return "" if found is None else f"{100 * found.low:.1f} to {100 * found.high:.1f}"


def points(found: Estimate | None) -> str:
    """Return a difference as `-3.1 (-4.0 to -2.2)`, in percentage points."""
    if found is None:
        return "-"
    # adding 0.0 turns -0.0 into 0.0
    low, value, high = (round(100 * each, 1) + 0.0 for each in (found.low, found.value, found.high))
    return f"{value:+.1f} ({low:+.1f} to {high:+.1f})"
