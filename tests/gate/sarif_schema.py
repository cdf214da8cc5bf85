"""What SARIF 2.1.0 says of the objects that a gate writes: names, required parts, kinds of values.

The official schema is not part of the project. This is its part for these objects, written from the
standard (OASIS, section 3), with no other properties allowed.
"""

from typing import Any

LEVELS = ["none", "note", "warning", "error"]
TEXT = {"type": "string"}
COUNT = {"type": "integer", "minimum": 1}
BAG = {"type": "object"}


def part(required: list[str], **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": required,
        "properties": properties,
        "additionalProperties": False,
    }


MESSAGE = part(["text"], text={"type": "string", "minLength": 1})
NOTE = part(["message"], level={"enum": LEVELS}, message=MESSAGE)
RULE = part(
    ["id"],
    id=TEXT,
    shortDescription=MESSAGE,
    help=MESSAGE,
    defaultConfiguration=part([], level={"enum": LEVELS}),
    properties=BAG,
)
DRIVER = part(
    ["name"],
    name=TEXT,
    version=TEXT,
    semanticVersion={"type": "string", "pattern": r"^\d+\.\d+\.\d+$"},
    rules={"type": "array", "uniqueItems": True, "items": RULE},
)
REGION = part([], startLine=COUNT, startColumn=COUNT, endColumn=COUNT)
PHYSICAL = part(
    ["artifactLocation"],
    artifactLocation=part(["uri"], uri={"type": "string", "format": "uri-reference"}),
    region=REGION,
)
RESULT = part(
    ["message"],
    ruleId=TEXT,
    ruleIndex={"type": "integer", "minimum": 0},
    level={"enum": LEVELS},
    message=MESSAGE,
    locations={"type": "array", "items": part([], physicalLocation=PHYSICAL)},
    partialFingerprints={"type": "object", "additionalProperties": TEXT},
    properties=BAG,
)
INVOCATION = part(
    ["executionSuccessful"],
    executionSuccessful={"type": "boolean"},
    exitCode={"type": "integer"},
    exitCodeDescription=TEXT,
    toolExecutionNotifications={"type": "array", "items": NOTE},
)
RUN = part(
    ["tool"],
    tool=part(["driver"], driver=DRIVER),
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    invocations={"type": "array", "items": INVOCATION},
    results={"type": "array", "items": RESULT},
)
SCHEMA: dict[str, Any] = part(
    ["version", "runs"],
    **{"$schema": {"type": "string", "format": "uri"}},
    version={"const": "2.1.0"},
    runs={"type": "array", "items": RUN},
)
