"""The parts of a report as lines for a terminal, nothing in them that a terminal would obey."""

from collections.abc import Iterator

from curate.audits.wording import Section
from curate.cli.table import table
from curate.visible import inline


def lines(sections: Iterator[Section]) -> Iterator[str]:
    """Yield the lines, a blank one between two parts."""
    for place, section in enumerate(sections):
        if place:
            yield ""
        if section.title:
            yield inline(section.title)
        indent = "  " if section.title else ""
        for line in section.before:
            yield indent + inline(line)
        if section.table:
            for row in table([[inline(cell) for cell in row] for row in section.table]):
                yield indent + row
        for line in section.after:
            yield indent + inline(line)
