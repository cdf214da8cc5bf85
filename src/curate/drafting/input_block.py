"""The `input:` of a first plan: the shape, where the teacher is, names that may mean one."""

from collections.abc import Iterator

from curate.drafting.quoting import can_stand, quoted
from curate.io import fields, shapes
from curate.plan import Input
from curate.surveying.survey import Survey
from curate.surveying.tables import some

_DOTTED = [".".join(map(str, place)) for place in fields.TEACHER]


def lines(found: Survey) -> Iterator[str]:
    """Yield the block line by line."""
    yield "input:"
    yield from _shape(found)
    yield from _teacher(found)
    yield from _aliases(found)
    yield from _broken(found)


def _shape(found: Survey) -> Iterator[str]:
    met = sorted({file.shape for file in found.files if file.shape is not None})
    if len(met) == 1 and met[0] in shapes.SHAPES:
        yield "  # Found by looking at the rows; `auto` looks at every file anew."
        yield f"  shape: {met[0]}"
        return
    told = f"Found: {', '.join(met)}." if met else "There are no rows yet."
    yield f"  # {told} Every file's shape is found by looking at its first rows."
    yield "  shape: auto"
    if "unknown" in met:
        yield "  # Rows of an unknown shape are set aside; say where their texts are, for example:"
        yield "  # files:"
        for file in found.files:
            if file.shape == "unknown":
                yield f"  #   - match: {quoted(file.name)}"
                yield "  #     shape: {prompt: question, response: answer}"


def _teacher(found: Survey) -> Iterator[str]:
    teachers = found.teachers
    places = sorted((each.name for each in teachers.places), key=_DOTTED.index)
    if places:
        named = sum(each.rows for each in teachers.named) + teachers.other_rows
        yield f"  # Who wrote the answers; {some(named, 'row')} of {found.records:,} say it there."
        yield f"  teacher: {_one_or_list(places)}"
    if teachers.unnamed_rows:
        yield f"  # {some(teachers.unnamed_rows, 'row')} without a teacher. Where you know it:"
        yield "  # teacher_is: NAME"


def _one_or_list(places: list[str]) -> str:
    return places[0] if len(places) == 1 else f"[{', '.join(places)}]"


def _aliases(found: Survey) -> Iterator[str]:
    groups = [
        each for each in found.teachers.alike if all(map(can_stand, (each.name, *each.others)))
    ]
    if groups:
        yield "  # Names that may mean one teacher:"
        yield "  # aliases:"
    for group in groups:
        yield f"  #   {quoted(group.name)}: [{', '.join(map(quoted, group.others))}]"


def _broken(found: Survey) -> Iterator[str]:
    broken = found.unreadable + found.not_records
    if not broken:
        return
    yield f"  # Rows that cannot be read or are no records: {broken:,} of {found.rows:,}."
    budget = Input().max_unreadable
    if broken > budget * found.rows:
        yield "  # That is more than this share, so a run exits 3: mend them, or raise it."
    else:
        yield "  # A run with more than this share of them exits 3."
    yield f"  max_unreadable: {budget}"
