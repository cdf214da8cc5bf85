"""The formats of a result: each file has a function `text` of the result alone."""

from importlib import import_module

from curate.gate.result import Result

FORMATS = ("text", "json", "sarif", "junit", "github", "markdown")


def formatted(name: str, result: Result) -> str:
    """Return a result in the format of that name; its file is loaded when it is used."""
    text: str = import_module(f"curate.gate.formats.{name}").text(result)
    return text
