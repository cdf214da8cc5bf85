"""The JSON schema of a plan, with the options of every installed plugin; for editors."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.errors import PydanticInvalidForJsonSchema
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from curate.api import Rewriter
from curate.plan import Guard, Plan, Rewriting, Step
from curate.registry import KINDS, Entry, Registry

_MODE: JsonSchemaMode = "validation"
_PLANNED = {kind: base for kind, base in KINDS.items() if kind != "executor"}
"""The kinds a plan may name: where a run is done is no part of it."""


def schema(registry: Registry) -> dict[str, Any]:
    """Return the schema (draft 2020-12): what `with:` may hold depends on what `use:` names."""
    described = [
        entry for entry in registry.plugins if entry.kind in _PLANNED and describable(entry.cls)
    ]
    models: list[type[BaseModel]] = [
        Plan,
        Step,
        Guard,
        Rewriting,
        *_PLANNED.values(),
        *(entry.cls for entry in described),
    ]
    refs, whole = models_json_schema([(model, _MODE) for model in models], by_alias=True)
    parts = whole["$defs"]

    def options(kind: str) -> list[dict[str, Any]]:
        return [
            _options(entry, refs[entry.cls, _MODE])
            for entry in sorted(described, key=lambda entry: entry.cls.name)
            if entry.kind == kind
        ]

    step = parts[_key(refs[Step, _MODE])]
    step["properties"]["use"]["enum"] = sorted(registry.filters)
    step |= _all_of(options("filter"))
    guard = parts[_key(refs[Guard, _MODE])]
    guard["properties"]["use"]["enum"] = sorted(registry.filters)
    guard |= _all_of(options("filter"))
    parts[_key(refs[Rewriting, _MODE])]["properties"]["rewrite"] = refs[Rewriter, _MODE]
    for kind, base in _PLANNED.items():
        names = sorted(registry.of(kind))
        parts[_key(refs[base, _MODE])] = _inner(kind, names, options(kind))
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


def _key(ref: Mapping[str, Any]) -> str:
    return str(ref["$ref"]).rpartition("/")[2]


def _inner(kind: str, names: list[str], options: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what an option typed `curate.api.Inner` may hold."""
    return {
        "title": kind.capitalize(),
        "description": f"A {kind}, by name and options.",
        "type": "object",
        "properties": {
            "use": {"type": "string", "enum": names},
            "with": {"type": "object"},
        },
        "required": ["use"],
        "additionalProperties": False,
    } | _all_of(options)


def _all_of(conditions: list[dict[str, Any]]) -> dict[str, Any]:
    return {"allOf": conditions} if conditions else {}  # an empty list is no schema


def _options(entry: Entry, options: Mapping[str, Any]) -> dict[str, Any]:
    then: dict[str, Any] = {"properties": {"with": options}}
    if any(field.is_required() for field in entry.cls.model_fields.values()):
        then["required"] = ["with"]
    return {
        "if": {"properties": {"use": {"const": entry.cls.name}}, "required": ["use"]},
        "then": then,
    }
