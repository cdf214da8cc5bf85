"""Arrow arrays taken apart: what is below encodings, nulls, lists and maps."""

from typing import Any

from curate.extras import need


def storage(array: Any) -> Any:
    """Return an array without extension type and encoding: what its values are."""
    types, kind = need("pyarrow", "datasets").types, array.type
    if hasattr(kind, "storage_type"):
        return storage(array.storage)
    if types.is_dictionary(kind):
        return storage(array.dictionary_decode())
    if types.is_run_end_encoded(kind):
        return storage(need("pyarrow.compute", "datasets").run_end_decode(array))
    return array


def present(array: Any) -> Any:
    """Return a struct array without its nulls, below which a field says nothing."""
    return array.filter(array.is_valid()) if array.null_count else array


def lengths(array: Any) -> list[int | None]:
    """Return how many items each list of an array has; None: it is null."""
    found: list[int | None]
    found = need("pyarrow.compute", "datasets").list_value_length(array).to_pylist()
    return found


def pairs(array: Any) -> Any:
    """Return an array of maps as lists of structs of a `key` and a `value`."""
    pa, kind = need("pyarrow", "datasets"), array.type
    entry = pa.struct([pa.field("key", kind.key_type), pa.field("value", kind.item_type)])
    return array.cast(pa.list_(entry))
