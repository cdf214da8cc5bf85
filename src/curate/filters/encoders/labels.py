"""A label by its name."""

from curate.errors import UsageError, suggest
from curate.filters.encoders.encoder import Encoder


def column(encoder: Encoder, label: str) -> int:
    """Return the position of a label.

    Raises:
        UsageError: the model has no such label; names those it has.
    """
    if label not in encoder.labels:
        raise UsageError(
            f"label: {encoder.name} has no label {label!r}{suggest(label, encoder.labels)}"
            f" (its labels: {', '.join(encoder.labels)})"
        )
    return encoder.labels.index(label)
