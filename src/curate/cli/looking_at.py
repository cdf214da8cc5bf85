"""The look at corpora that `stats` and `init` begin with, its progress on the terminal."""

from collections.abc import Sequence

from curate.api import Filter
from curate.cli.progress import rows_read, stage
from curate.plan import Input
from curate.records import Record
from curate.surveying.survey import Survey, survey


def looked_at(
    corpora: Sequence[str], settings: Input, language: Filter | None = None
) -> tuple[Survey, Sequence[Record]]:
    """Return what is in the corpora, and a sample of their records; see `surveying.survey`."""
    try:
        return survey(corpora, settings, language, rows_read)
    finally:
        stage("")
