"""The arms of an audit as a picture."""

from curate.audits.chart import Bar, Place, places
from curate.audits.transfer.report import Report


def svg(report: Report) -> str:
    """Return every arm on the scale with its interval, those that have a verdict marked."""
    arms = [
        Place(arm.name, None if arm.place is None else Bar(*arm.place), arm.name in report.family)
        for arm in report.arms
    ]
    title = f"{report.card} after {' and '.join(report.steps)}: {report.verdict.word}"
    return places(title, arms, report.margin)
