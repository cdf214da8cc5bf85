"""A survey in words and tables, no text of a row in them.

Names of the corpus are in it as they are: `curate.cli.sections` makes them safe to print.
"""

from collections.abc import Iterator, Sequence

from curate.surveying import wording_of_texts
from curate.surveying.faults import Fault
from curate.surveying.files import File
from curate.surveying.keys import Key
from curate.surveying.survey import Survey
from curate.surveying.tables import MOST, Part, Table, counted, numbers, share, some
from curate.surveying.teachers import Teachers

_FILES = 20
_FAULTS = 5


def parts(found: Survey) -> Iterator[Part]:
    """Yield what was found, the sums first."""
    yield "", [_balance(found)], _files(found.files), list(_faults(found))
    for file in found.files[:_FILES]:
        if file.uneven_keys:
            yield _keys(file)
    if not found.records:
        return
    yield _teachers(found)
    if found.sources.names:
        unnamed = found.rows_without_source
        after = [f"{some(unnamed, 'row')} without a source"] if unnamed else []
        yield "sources", [], counted(found.sources, "source", found.records), after
    yield wording_of_texts.conversations(found.conversations, found.records)
    yield from wording_of_texts.lengths(found.lengths)
    yield wording_of_texts.repeats(found.repeats)
    yield wording_of_texts.written(found.written)


def _balance(found: Survey) -> str:
    return (
        f"{some(found.rows, 'row')} = {some(found.records, 'record')} + {found.unreadable:,} "
        f"unreadable + {found.not_records:,} not records"
    )


def _files(files: Sequence[File]) -> Table:
    rows: list[tuple[str, ...]] = [
        ("file", "shape", "rows", "bytes", "blank lines", "unreadable", "not records")
    ]
    for file in files[:_FILES]:
        counts = (file.rows, file.bytes, file.blank, file.unreadable, file.not_records)
        cells = [f"{number:,}" for number in counts]
        rows.append((file.name, file.shape or "empty", *cells))
    if len(files) > _FILES:
        rows.append((f"… {len(files) - _FILES:,} more", *[""] * 6))
    return numbers(rows)


def _faults(found: Survey) -> Iterator[str]:
    for what, faults in (
        ("unreadable", found.unreadable_because),
        ("not a record", found.not_records_because),
    ):
        yield from (_fault(what, fault) for fault in faults[:_FAULTS])
        if len(faults) > _FAULTS:
            rest = sum(fault.rows for fault in faults[_FAULTS:])
            yield f"{what}: {some(rest, 'row')} for {len(faults) - _FAULTS:,} more reasons"


def _fault(what: str, fault: Fault) -> str:
    return f"{what}: {some(fault.rows, 'row')}, {fault.reason}, first at {fault.first}"


def _keys(file: File) -> Part:
    rows = [("key", "missing in", "holds")]
    rows += [(key.name, f"{key.missing:,}", _types(key)) for key in file.uneven_keys[:MOST]]
    more = len(file.uneven_keys) - MOST
    after = [f"… {some(more, 'more key')}"] if more > 0 else []
    return f"keys that are not the same in all rows of {file.name}", [], rows, after


def _types(key: Key) -> str:
    if len(key.types) == 1:
        return next(iter(key.types))
    return ", ".join(f"{name} {rows:,}" for name, rows in key.types.items())


def _teachers(found: Survey) -> Part:
    teachers, shared = found.teachers, found.shared_prompts
    if not teachers.named:
        told = "no row names its teacher (`teacher:` and `teacher_is:` in a plan's input say who)"
        return "teachers", [told], [], []
    whole = sum(each.characters for each in teachers.named) + teachers.unnamed_characters
    also = {each.name: each.rows for each in shared.teachers}
    rows: list[tuple[str, ...]] = [
        ("teacher", "rows", "share of characters", "prompts shared with another")
    ]
    for each in teachers.named[:MOST]:
        counts = (f"{each.rows:,}", share(each.characters, whole), f"{also.get(each.name, 0):,}")
        rows.append((each.name, *counts))
    if teachers.unnamed_rows:
        part = share(teachers.unnamed_characters, whole)
        rows.append(("(not named)", f"{teachers.unnamed_rows:,}", part, ""))
    return "teachers", [], numbers(rows), list(_about_teachers(teachers, found))


def _about_teachers(teachers: Teachers, found: Survey) -> Iterator[str]:
    if len(teachers.named) > MOST:
        yield f"… {some(len(teachers.named) - MOST, 'more teacher')}"
    if teachers.other_rows:
        yield f"{some(teachers.other_rows, 'row')} of still other teachers"
    if teachers.places:
        places = ", ".join(f"{each.name} ({some(each.rows, 'row')})" for each in teachers.places)
        yield f"named at {places}"
    for group in teachers.alike[:MOST]:
        yield f"perhaps one teacher: {', '.join([group.name, *group.others])} (see `aliases:`)"
    if len(teachers.named) > 1:
        shared = found.shared_prompts
        several = (
            f"{shared.shared:,} of {some(shared.prompts, 'prompt')} have answers of two teachers"
        )
        if shared.shared:
            yield f"{several} or more: there a switch can take the other's"
        else:
            yield f"{several}: a switch needs answers from elsewhere"
