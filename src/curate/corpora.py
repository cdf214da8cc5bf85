"""Corpora read outside a run: a record for every line that is not blank."""

from collections.abc import Iterator, Sequence

from curate import views
from curate.io import sources
from curate.io.reading import Reader
from curate.io.segments import Segment
from curate.io.sources import Source
from curate.plan import Input
from curate.records import BLANK, Record, View


def reader(
    arguments: Sequence[str], settings: Input | None = None, *, offline: bool = False
) -> Reader:
    """Return what reads the files that `arguments` name.

    Args:
        arguments: Whatever `io.sources.expand` takes, URLs too, but standard input.
        settings: How rows are laid out.
        offline: Refuse what is read over the network.

    Raises:
        InputError: a file is missing, cannot be read, is named twice or is of another kind.
        OutageError: the hub or a store does not answer.
    """
    format = (settings or Input()).format
    return Reader(sources.expand(arguments, format, offline=offline))


def identity(source: Source) -> str:
    """Return what tells whether a source that is no file here still says the same.

    That is the name of a data set of the hub, which holds its commit, or the SHA-256 (hex) of the
    lines of an object: no name of one tells that it stays as it is.

    Raises:
        InputError: it cannot be read, or its compressed data is broken.
        OutageError: its store does not answer.
    """
    if source.url is None:
        return source.name
    whole = Reader([source])
    for _ in whole.segments():
        pass
    return whole.files[0].sha256


def records(reader: Reader, settings: Input | None = None) -> Iterator[Record]:
    """Yield a record for every line that is not blank, its shape found by its file's first rows.

    Raises:
        InputError: a file cannot be read, or its compressed data is broken.
    """
    settings = settings or Input()
    seen: dict[int, View] = {}
    for segment in reader.segments():
        lines = _lines(segment)
        view = seen.get(segment.input) or seen.setdefault(
            segment.input, _view(settings, segment, lines)
        )
        for number, line in enumerate(lines, start=segment.line):
            if line.strip(BLANK):
                yield Record(line, number, segment.file, view)


def _lines(segment: Segment) -> list[bytes]:
    """Return the lines without their terminators, as a run sees them."""
    lines = segment.read().split(b"\n")
    last = lines.pop()
    return [*(line.removesuffix(b"\r") for line in lines), last]


def _view(settings: Input, segment: Segment, lines: Sequence[bytes]) -> View:
    shape = views.shape_of(views.reading(settings, segment.file).shape, lines)
    return views.view(settings, segment.file, shape)
