"""From the batches of a table to JSON lines, one a row."""

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from curate.errors import InputError
from curate.io.tables.columns import columns
from curate.io.tables.leaves import Convert, Unsayable
from curate.io.tables.nulls import nulls
from curate.io.tables.report import Report
from curate.io.tables.values import converter, distinct

ROWS = 1000
"""Rows that are made Python objects at once; changes no result."""


def lines(batches: Iterable[Any], name: str, report: Report) -> Iterator[bytes]:
    r"""Yield each row as a JSON object on a line of its own, `\n` included.

    Keys stand in the order of the columns. What the rows say is all that decides the bytes: not
    how the table is packed, encoded or cut into batches.

    Args:
        batches: Record batches.
        name: What messages call the table.
        report: Is told what becomes of the columns.

    Raises:
        InputError: a value has no JSON.
    """
    schema, names, converts = None, [""], list[Convert]()
    for batch in _small(batches):
        if batch.schema != schema:
            schema = batch.schema
            report.columns(columns(schema))
            names, converts = _compiled(schema, name)
        report.nulls(nulls(names, batch.columns))
        yield from _encoded(batch, names, converts, name)


def _small(batches: Iterable[Any]) -> Iterator[Any]:
    for batch in batches:
        for start in range(0, len(batch), ROWS):
            yield batch.slice(start, ROWS)


def _compiled(schema: Any, name: str) -> tuple[list[str], list[Convert]]:
    if not schema.names:
        raise InputError(f"{name}: has no columns, so its rows say nothing")
    converts = []
    for field in schema:
        try:
            converts.append(converter(field.type))
        except Unsayable as error:
            raise InputError(f"{name}: column {field.name!r}: {error}") from None
    try:
        return list(distinct(schema.names)), converts
    except Unsayable as error:
        raise InputError(f"{name}: {error}, and a JSON object can hold one of them") from None


def _encoded(batch: Any, names: list[str], converts: list[Convert], name: str) -> Iterator[bytes]:
    values = []
    for key, convert, column in zip(names, converts, batch.columns, strict=True):
        try:
            values.append(convert(column))
        except (Unsayable, UnicodeDecodeError) as error:
            raise InputError(f"{name}: column {key!r}: {error}") from None
    for row in zip(*values, strict=True):
        try:
            yield orjson.dumps(dict(zip(names, row, strict=True)), option=orjson.OPT_APPEND_NEWLINE)
        except orjson.JSONEncodeError as error:  # nested beyond what a parser can follow
            raise InputError(f"{name}: a row cannot be written as JSON: {error}") from None
