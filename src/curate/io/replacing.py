"""A record with new texts in some of its turns, and nothing else changed."""

from collections.abc import Mapping

from curate.errors import NotARecord
from curate.io import splice
from curate.io.shapes import Lens
from curate.records import Record


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
    edits = shape.edits(record.raw, record.row, record.turns, texts)
    place = record.teacher_place if teacher else None
    if place and teacher:
        edits.append((place, splice.encode(teacher)))
    try:
        raw = splice.replace(record.raw, edits)
    except ValueError as error:
        raise NotARecord(f"the new text cannot stand in the row: {error}") from None
    new = Record(raw, record.line, record.file, record.view, teacher or record.teacher)
    wanted = [(turn.role, texts.get(n, turn.text)) for n, turn in enumerate(record.turns)]
    if [(turn.role, turn.text) for turn in new.turns] != wanted:
        raise shape.changed()
    return new
