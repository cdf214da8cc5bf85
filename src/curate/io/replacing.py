"""A record with new texts in some of its turns, and nothing else changed."""

from collections.abc import Callable, Mapping, Sequence

from curate.errors import NotARecord
from curate.io import splice
from curate.io.shapes import Lens
from curate.records import Path, Record, Unreadable, dig

Edit = tuple[Path, bytes]
Spot = Callable[[Record, Path], tuple[int, int]]


def replace(record: Record, texts: Mapping[int, str], teacher: str | None = None) -> Record:
    """Return the record with new texts, spliced into its line.

    Args:
        record: As it was.
        texts: Position of a turn -> its new text.
        teacher: Who wrote them; takes the place of the teacher's name where the row has one. None:
            the teacher stays.

    Raises:
        NotARecord: the row has no place for such a text, or would be read back as another.
    """
    shape = record.view.shape
    if not isinstance(shape, Lens):
        raise NotARecord(f"rows of shape {shape.name!r} cannot be rewritten")
    turns = record.turns
    edits = shape.edits(record.raw, record.row, turns, texts)
    place = record.teacher_place if teacher else None
    if place and teacher:
        edits.append((place, splice.encode(teacher)))
    wanted = [(turn.role, texts.get(n, turn.text)) for n, turn in enumerate(turns)]
    for spot in (_soon, _surely):
        new = _spliced(record, edits, spot, teacher)
        if new is not None and _reads(new, wanted, place, teacher):
            return new
    raise shape.changed()


def _spliced(
    record: Record, edits: Sequence[Edit], spot: Spot, teacher: str | None
) -> Record | None:
    try:
        raw = splice.splice(record.raw, ((*spot(record, path), new) for path, new in edits))
    except ValueError:  # one value lies inside another, or was taken for it
        return None
    return Record(raw, record.line, record.file, record.view, teacher or record.teacher)


def _soon(record: Record, path: Path) -> tuple[int, int]:
    """Return where the value at `path` stands, by what it says: right unless it says it oddly."""
    value = dig(record.row, path)
    found = splice.find(record.raw, value) if isinstance(value, str) else None
    return found or _surely(record, path)


def _surely(record: Record, path: Path) -> tuple[int, int]:
    return splice.locate(record.raw, path)


def _reads(
    new: Record, wanted: list[tuple[str, str]], place: Path | None, teacher: str | None
) -> bool:
    """Say whether the new row reads back as it should."""
    try:
        turns = [(turn.role, turn.text) for turn in new.turns]
    except (NotARecord, Unreadable):
        return False
    return turns == wanted and (place is None or dig(new.row, place) == teacher)
