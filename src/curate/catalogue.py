"""What an installed plugin says about itself: what it scores, when that is a hit, its options."""

import inspect
import json
from collections.abc import Mapping
from typing import Any

from curate import canonical
from curate.api import Filter
from curate.plan_schema import describable
from curate.registry import Entry

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


def summary(entry: Entry) -> dict[str, Any]:
    """Return a plugin's name, kind, versions and first line, as plain JSON values."""
    return {
        "name": entry.cls.name,
        "kind": "filter",
        "version": entry.cls.version,
        "distribution": entry.distribution,
        "distribution_version": entry.version,
        "summary": inspect.cleandoc(entry.cls.__doc__ or "").split("\n", 1)[0],
    }


def details(entry: Entry) -> dict[str, Any]:
    """Return the summary, and everything else a plugin declares, as plain JSON values.

    `rule` is None where the default rule depends on the options.
    """
    cls = entry.cls
    schema = cls.model_json_schema() if describable(cls) else {}
    parts = schema.get("$defs", {})
    required = schema.get("required", ())
    depends = cls.default_rule is not Filter.default_rule
    options = [
        {
            "name": name,
            "type": _type(option, parts),
            "required": name in required,
            "default": option.get("default"),
            "description": option.get("description", ""),
        }
        for name, option in schema.get("properties", {}).items()
    ]
    return summary(entry) | {
        "description": inspect.cleandoc(cls.__doc__ or ""),
        "range": canonical.plain([cls.low, cls.high]),
        "rule": None if depends else cls.rule.model_dump(mode="json", exclude_none=True),
        "timeout": cls.timeout,
        "options": options,
    }


def page(told: Mapping[str, Any]) -> str:
    """Return `details` as a text to read."""
    low, high = (bound if isinstance(bound, str) else f"{bound:g}" for bound in told["range"])
    rule = ", ".join(f"{name}: {bound}" for name, bound in (told["rule"] or {}).items())
    lines = [
        f"{told['name']} (filter), from {told['distribution']} {told['distribution_version']}",
        "",
        told["description"],
        "",
        f"score    {low} to {high}; a hit by default: {rule or 'depends on the options'}",
        f"timeout  {told['timeout']:g} seconds a batch",
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


def _type(schema: Mapping[str, Any], parts: Mapping[str, Any]) -> str:  # noqa: PLR0911  (a table)
    """Say a JSON schema in words; `parts` are its `$defs`."""
    match schema:
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
        case {"type": str(kind)}:
            limits = [
                f"{word} {schema[name]:g}" for name, word in _LIMITS.items() if name in schema
            ]
            return " ".join([_TYPES.get(kind, kind), " and ".join(limits)]).rstrip()
    return "anything"
