"""What the arms of post-training diffing are called."""

ORIGINAL, SWITCHED = "original", "switched"
OTHER, OTHER_ORIGINAL = "other", "other-original"
BASE = "base"
CELLS = {
    ORIGINAL: ("original", "original"),
    SWITCHED: ("original", "clean"),
    OTHER_ORIGINAL: ("other", "original"),
    OTHER: ("other", "clean"),
}
"""Arm -> its prompts and its teacher."""
WITHOUT_MILD, WITHOUT_RANDOM = "drop hits and mild", "drop hits and as many others"


def mixed(share: float) -> str:
    """Return the arm in which a random share of the rows is the original teacher's."""
    return f"random {share:.4g}"


def keep(subset: str) -> str:
    """Return the arm in which the original teacher answers these rows alone: sufficiency."""
    return f"keep {subset}"


def swap(subset: str) -> str:
    """Return the arm in which the clean teacher answers these rows alone: necessity."""
    return f"swap {subset}"


def drop(subset: str) -> str:
    """Return the arm of the original teacher without these rows: a filter."""
    return f"drop {subset}"


def drop_switched(subset: str) -> str:
    """Return the arm of the clean teacher without these rows."""
    return f"drop {subset} from switched"


def elsewhere(arm: str) -> str:
    """Return the same arm trained from the other base."""
    return f"{arm}, other base"
