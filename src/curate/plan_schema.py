"""The JSON schema of a plan, with the options of every installed filter; for editors."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.errors import PydanticInvalidForJsonSchema
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from curate.plan import Plan, Step
from curate.registry import Entry, Registry

_MODE: JsonSchemaMode = "validation"


def schema(registry: Registry) -> dict[str, Any]:
    """Return the schema (draft 2020-12): what `with:` may hold depends on what `use:` names."""
    described = {name: entry for name, entry in registry.filters.items() if describable(entry.cls)}
    models: list[type[BaseModel]] = [Plan, Step, *(entry.cls for entry in described.values())]
    refs, whole = models_json_schema([(model, _MODE) for model in models], by_alias=True)
    step = whole["$defs"][refs[Step, _MODE]["$ref"].rpartition("/")[2]]
    step["properties"]["use"]["enum"] = sorted(registry.filters)
    step["allOf"] = [
        _options(name, entry, refs[entry.cls, _MODE]) for name, entry in sorted(described.items())
    ]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A curate plan",
        **refs[Plan, _MODE],
        **whole,
    }


def describable(model: type[BaseModel]) -> bool:
    """Say whether the options of a plugin can be put into a schema; callables cannot."""
    try:
        model.model_json_schema()
    except PydanticInvalidForJsonSchema:
        return False
    return True


def _options(name: str, entry: Entry, options: Mapping[str, Any]) -> dict[str, Any]:
    then: dict[str, Any] = {"properties": {"with": options}}
    if any(field.is_required() for field in entry.cls.model_fields.values()):
        then["required"] = ["with"]
    return {"if": {"properties": {"use": {"const": name}}, "required": ["use"]}, "then": then}
