"""The formats of a result: each file has a function of the result alone, that returns a text."""

from collections.abc import Callable, Mapping

from curate.gate.formats import github, json, junit, markdown, sarif, text
from curate.gate.result import Result

FORMATS: Mapping[str, Callable[[Result], str]] = {
    "text": text.text,
    "json": json.text,
    "sarif": sarif.text,
    "junit": junit.text,
    "github": github.text,
    "markdown": markdown.text,
}
