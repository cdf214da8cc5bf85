"""The result as it is."""

from curate.gate.result import Result


def text(result: Result) -> str:
    """Return the result as JSON; `Result.model_json_schema()` is its schema."""
    return result.model_dump_json(indent=1) + "\n"
