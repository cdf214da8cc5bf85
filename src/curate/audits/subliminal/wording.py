"""The self-check in plain words."""

from collections.abc import Iterator

from curate.audits.subliminal.report import Found, Report


def lines(report: Report) -> Iterator[str]:
    """Yield the report line by line."""
    yield f"Transfer through outputs that do not show the trait: {report.verdict}."
    yield f"Because {report.because}."
    yield ""
    yield (
        f"{report.seeds} teachers learned to name digits. Students saw noise and learned only the "
        "outputs of a teacher that stand for no digit."
    )
    width = max(len(student.name) for student in report.students)
    for student in report.students:
        yield f"  {student.name:<{width}}  {_share(student.accuracy)}  {student.told}"
    yield ""
    for each in (report.transfer, *report.beyond):
        yield f"  {each.one} - {each.other}: {_share(each.difference)}, p = {each.p:.2g}"
    for each in report.left:
        if each.position is not None:
            yield f"  left of the transfer with {each.one}: {_share(each.position)}"
    yield ""
    yield (
        "Shares of digits named rightly, with 95 % intervals over seeds and images; p of the "
        f"sign-flip test. Transfer is seen at p <= {report.alpha:g} and an interval above 0; it "
        f"has vanished where surely less than {report.most_left:.0%} of it is left."
    )
    yield (
        "This is a check of networks of this size on this machine. It does not say that a corpus "
        "carries a trait in this way, nor that it does not."
    )


def _share(found: Found) -> str:
    return f"{found.value:.3f} ({found.low:.3f} to {found.high:.3f})"
