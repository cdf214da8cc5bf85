"""A record with new texts in some of its turns, and nothing else changed."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from curate.errors import NotARecord
from curate.io import splice
from curate.io.shapes import Lens
from curate.io.splice import Edit
from curate.records import Path, Record, Unreadable, dig

Places = dict[Path, tuple[int, int]]
_FEW = 8
"""So many values are sought by what they say; more, by walking the line once."""


def replace(record: Record, texts: Mapping[int, str], teacher: str | None = None) -> Record:
    """Return the record with new texts, spliced into its line.

    A shape and this function are a lens. With `get(row)` for the text of a turn and `put(row, x)`
    for its replacement by a teacher's text, wherever it does not raise: `get(put(row, x)) == x`,
    `put(put(row, x), y) == put(row, y)`, `put(row, get(row))` has the turns of `row`, and no byte
    outside the text changes. Without a teacher, no byte changes if the text is the same.

    Args:
        record: As it was.
        texts: Position of a turn -> its new text.
        teacher: Who wrote them; takes the place of the teacher's name where the row has one. None:
            they are the old texts, changed in places. The teacher stays, and of a text in several
            pieces (content parts, reasoning beside the answer) each keeps its part.

    Raises:
        NotARecord: the row has no place for such a text, or would be read back as another.
    """
    shape = record.view.shape
    if not isinstance(shape, Lens):
        raise NotARecord(f"rows of shape {shape.name!r} cannot be rewritten")
    turns = record.turns
    if not teacher:
        texts = {n: text for n, text in texts.items() if text != turns[n].text}
    edits = shape.edits(record.raw, record.row, turns, texts, fresh=bool(teacher))
    place = record.teacher_place if teacher else None
    if place and teacher:
        edits.append((place, splice.encode(teacher)))
    wanted = [(turn.role, texts.get(n, turn.text)) for n, turn in enumerate(turns)]
    for find in (_soon, _surely) if len(edits) <= _FEW else (_surely,):
        new = _spliced(record, edits, find, teacher)
        if new is not None and _reads(new, wanted, place, teacher):
            return new
    raise shape.changed()


def _spliced(
    record: Record,
    edits: Sequence[Edit],
    find: Callable[[Record, Sequence[Path]], Places],
    teacher: str | None,
) -> Record | None:
    places = find(record, [path for path, _ in edits])
    try:
        raw = splice.splice(record.raw, ((*places[path], new) for path, new in edits))
    except ValueError:  # one value lies inside another, or was taken for it
        return None
    name = teacher or record.teacher
    return Record(raw, record.line, record.file, record.view, name, record.origin)


def _soon(record: Record, paths: Iterable[Path]) -> Places:
    """Return where the values at `paths` stand, by what they say: right unless it is said oddly."""
    found: Places = {}
    missing = []
    for path in paths:
        value = dig(record.row, path)
        place = splice.find(record.raw, value) if isinstance(value, str) else None
        if place:
            found[path] = place
        else:
            missing.append(path)
    return found | _surely(record, missing) if missing else found


def _surely(record: Record, paths: Iterable[Path]) -> Places:
    return splice.places(record.raw, paths)


def _reads(
    new: Record, wanted: list[tuple[str, str]], place: Path | None, teacher: str | None
) -> bool:
    """Say whether the new row reads back as it should."""
    try:
        turns = [(turn.role, turn.text) for turn in new.turns]
    except (NotARecord, Unreadable):
        return False
    return turns == wanted and (place is None or dig(new.row, place) == teacher)
