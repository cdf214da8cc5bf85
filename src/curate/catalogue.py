"""What an installed plugin says about itself: what it does, what it scores, its options."""

import inspect
import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from curate import canonical
from curate.api import Filter
from curate.plan_schema import describable
from curate.registry import KINDS, Entry

_TYPES = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "null": "nothing",
}
_LIMITS = {
    "minimum": "at least",
    "exclusiveMinimum": "above",
    "maximum": "at most",
    "exclusiveMaximum": "below",
}
"""Words of JSON schema in the words of a reader."""

_BASES = frozenset(base.__name__ for base in KINDS.values())
"""What the schema of an option calls a plugin inside it."""


def summary(entry: Entry) -> dict[str, Any]:
    """Return a plugin's name, kind, versions and first line, as plain JSON values."""
    return {
        "name": entry.cls.name,
        "kind": entry.kind,
        "version": entry.cls.version,
        "distribution": entry.distribution,
        "distribution_version": entry.version,
        "summary": inspect.cleandoc(entry.cls.__doc__ or "").split("\n", 1)[0],
    }


def details(entry: Entry) -> dict[str, Any]:
    """Return the summary, and everything else a plugin declares, as plain JSON values.

    A filter tells its range, rule and timeout too; `rule` is None where the default rule depends
    on the options.
    """
    cls = entry.cls
    schema = cls.model_json_schema() if describable(cls) else {}
    parts = schema.get("$defs", {})
    required = schema.get("required", ())
    made = _made(cls)
    options = [
        {
            "name": name,
            "type": _type(option, parts),
            "required": name in required,
            "default": option.get("default", made.get(name)),
            "description": option.get("description", ""),
        }
        for name, option in schema.get("properties", {}).items()
    ]
    told = summary(entry) | {"description": inspect.cleandoc(cls.__doc__ or "")}
    if issubclass(cls, Filter):
        told |= _scoring(cls)
    return told | {"options": options}


def page(told: Mapping[str, Any]) -> str:
    """Return `details` as a text to read."""
    lines = [
        f"{told['name']} ({told['kind']}), from {told['distribution']} "
        f"{told['distribution_version']}",
        "",
        told["description"],
        "",
        *(_scores(told) if told["kind"] == "filter" else ()),
        f"version  {told['version']}",
        "",
        "options" if told["options"] else "no options",
    ]
    for option in told["options"]:
        default = json.dumps(option["default"], ensure_ascii=False)
        default = "required" if option["required"] else f"default {default}"
        lines.append(f"  {option['name']}: {option['type']}; {default}")
        if option["description"]:
            lines.append(f"      {option['description']}")
    return "\n".join(lines)


def _made(cls: type[BaseModel]) -> dict[str, Any]:
    """Return the defaults that a factory makes: a JSON schema does not tell them."""
    return {
        field.alias or name: canonical.plain(
            field.get_default(call_default_factory=True, validated_data={})
        )
        for name, field in cls.model_fields.items()
        if field.default_factory is not None
    }


def _scoring(cls: type[Filter]) -> dict[str, Any]:
    depends = cls.default_rule is not Filter.default_rule
    return {
        "range": canonical.plain([cls.low, cls.high]),
        "rule": None if depends else cls.rule.model_dump(mode="json", exclude_none=True),
        "timeout": cls.timeout,
    }


def _scores(told: Mapping[str, Any]) -> list[str]:
    low, high = (bound if isinstance(bound, str) else f"{bound:g}" for bound in told["range"])
    rule = ", ".join(f"{name}: {bound}" for name, bound in (told["rule"] or {}).items())
    return [
        f"score    {low} to {high}; a hit by default: {rule or 'depends on the options'}",
        f"timeout  {told['timeout']:g} seconds a batch",
    ]


def _type(schema: Mapping[str, Any], parts: Mapping[str, Any]) -> str:  # noqa: PLR0911  (a table)
    """Say a JSON schema in words; `parts` are its `$defs`."""
    match schema:
        case {"$ref": str(ref)} if ref.rpartition("/")[2] in _BASES:
            return f"{ref.rpartition('/')[2].lower()}, as {{use: NAME, with: {{...}}}}"
        case {"$ref": str(ref)}:
            return _type(parts[ref.rpartition("/")[2]], parts)
        case {"enum": values}:
            return " | ".join(map(str, values))
        case {"const": value}:
            return str(value)
        case {"anyOf": choices} | {"oneOf": choices} | {"allOf": choices}:
            return " or ".join(dict.fromkeys(_type(choice, parts) for choice in choices))
        case {"type": "array", "prefixItems": items}:
            return f"[{', '.join(_type(item, parts) for item in items)}]"
        case {"type": "array", "items": item}:
            return f"list of {_type(item, parts)}"
        case {"type": "object", "additionalProperties": Mapping() as value}:
            return f"mapping to {_type(value, parts)}"
        case {"type": "object", "properties": Mapping() as keys}:
            return f"mapping with {', '.join(keys)}"
        case {"type": "string", "format": "path"}:
            return "path"
        case {"type": str(kind)}:
            limits = [
                f"{word} {schema[name]:g}" for name, word in _LIMITS.items() if name in schema
            ]
            return " ".join([_TYPES.get(kind, kind), " and ".join(limits)]).rstrip()
    return "anything"
