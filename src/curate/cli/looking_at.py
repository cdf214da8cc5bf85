"""The look at corpora that `stats` and `init` begin with, its progress on the terminal."""

from collections.abc import Sequence

from curate.cli.progress import stage
from curate.plan import Input
from curate.records import Record
from curate.registry import Registry
from curate.surveying.languages import installed
from curate.surveying.survey import Survey, survey


def looked_at(
    corpora: Sequence[str], settings: Input, registry: Registry
) -> tuple[Survey, Sequence[Record]]:
    """Return what is in the corpora, and a sample of their records."""
    try:
        return survey(corpora, settings, installed(registry), _progress)
    finally:
        stage("")


def _progress(rows: int, share: float | None) -> None:
    stage(f"{rows:,} rows read" if share is None else f"{rows:,} rows read, {share:.0%}")
