"""From decoded rows to record batches."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from curate.exporting.deciding import is_json
from curate.extras import need

Prepare = Callable[[Any], Any]


def builder(schema: Any) -> Callable[[Sequence[dict[str, Any]]], Any]:
    """Return what makes a record batch of rows whose values fit `schema`.

    Values are put in as JSON has them and then get their types: texts become JSON, and instants,
    decimals and whatever else a text stands for.
    """
    pa = need("pyarrow", "datasets")
    plain = pa.schema([(field.name, _plain(field.type)) for field in schema])
    prepares = {field.name: made for field in schema if (made := _preparing(field.type))}

    def build(rows: Sequence[dict[str, Any]]) -> Any:
        if prepares:
            rows = [_prepared(row, prepares) for row in rows]
        batch = pa.RecordBatch.from_pylist(list(rows), schema=plain)
        columns = [
            _typed(array, field.type) for array, field in zip(batch.columns, schema, strict=True)
        ]
        return pa.RecordBatch.from_arrays(columns, schema=schema)

    return build


def _plain(kind: Any) -> Any:
    """Return the type in which JSON's values for a type are put in."""
    pa = need("pyarrow", "datasets")
    types = pa.types
    if types.is_struct(kind):
        return pa.struct([(field.name, _plain(field.type)) for field in kind])
    if types.is_list(kind):
        return pa.list_(_plain(kind.value_type))
    said = (types.is_null, types.is_boolean, types.is_integer, types.is_floating)
    return kind if any(holds(kind) for holds in said) else pa.string()


def _typed(array: Any, kind: Any) -> Any:
    """Return a new array in its type; Arrow's own cast breaks lists of nothing but nulls."""
    pa = need("pyarrow", "datasets")
    if array.type == kind:
        return array
    if is_json(kind):
        return pa.ExtensionArray.from_storage(kind, array)
    if pa.types.is_struct(kind):
        fields = [_typed(array.field(n), field.type) for n, field in enumerate(kind)]
        return pa.StructArray.from_arrays(fields, fields=list(kind), mask=array.is_null())
    if pa.types.is_list(kind):
        items = _typed(array.values, kind.value_type)
        return pa.ListArray.from_arrays(array.offsets, items, kind, mask=array.is_null())
    return array.cast(kind)


def _preparing(kind: Any) -> Prepare | None:
    """Return what makes texts of the values that are stored as JSON; None where there are none."""
    types = need("pyarrow", "datasets").types
    if is_json(kind):
        return _json_text
    if types.is_struct(kind):
        prepares = {field.name: made for field in kind if (made := _preparing(field.type))}
        return (lambda value: value and _prepared(value, prepares)) if prepares else None
    if types.is_list(kind) and (item := _preparing(kind.value_type)):
        return lambda value: value and [item(each) for each in value]
    return None


def _prepared(row: dict[str, Any], prepares: dict[str, Prepare]) -> dict[str, Any]:
    return {key: prepares[key](value) if key in prepares else value for key, value in row.items()}


def _json_text(value: Any) -> str | None:
    if value is None:
        return None
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:  # half of a surrogate pair, which only an escape can say
        return json.dumps(value, separators=(",", ":"))
    return text
