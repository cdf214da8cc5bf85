"""A new plugin package: a working filter, its test, its CI file, ready to install."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template

from curate import __version__, api
from curate.errors import UsageError
from curate.registry import Entry


@dataclass(frozen=True)
class Made:
    """What was written: the package's folder, the files in it, and the filter's name."""

    folder: Path
    files: list[str]
    filter: str


def scaffold(name: str, parent: Path, taken: Mapping[str, Entry]) -> Made:
    """Write the package `curate-NAME` into `parent`; `taken` are the filters that exist.

    Raises:
        UsageError: the name cannot be used, or the folder exists.
    """
    words = _words(name)
    filter_name = "_".join(words)
    if filter_name in taken:
        owner = taken[filter_name].distribution
        raise UsageError(f"a filter named {filter_name!r} is installed already, from {owner}")
    distribution = "-".join(["curate", *words])
    folder = parent / distribution
    if folder.exists():
        raise UsageError(f"{folder} exists and is left alone; choose another name or --dir")
    facts = {
        "distribution": distribution,
        "module": distribution.replace("-", "_"),
        "filter": filter_name,
        "cls": _class_name(words),
        "curate": ".".join(__version__.split(".")[:2]),
    }
    files = {
        Template(path).substitute(facts): Template(text).substitute(facts)
        for path, text in _FILES.items()
    }
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return Made(folder, list(files), filter_name)


def _words(name: str) -> list[str]:
    short = name.removeprefix("curate-").removeprefix("curate_")
    if not re.fullmatch(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*", short):
        raise UsageError(
            f"{name!r} is no name for a plugin: write lower-case letters and digits, with - or _ "
            "between words, such as long-answers"
        )
    return re.split("[-_]", short)


def _class_name(words: list[str]) -> str:
    name = "".join(word.capitalize() for word in words)
    if name in {*api.__all__, "ClassVar", "Field"}:
        raise UsageError(f"{name} is a name the plugin itself needs from curate.api; use another")
    return name


_PYPROJECT = """\
[build-system]
requires = ["hatchling>=1.24"]
build-backend = "hatchling.build"

[project]
name = "$distribution"
version = "0.1.0"
description = "A curate filter: $filter."
readme = "README.md"
requires-python = ">=3.11"
dependencies = ["sft-curate>=$curate"]

[project.optional-dependencies]
test = ["pytest>=8"]

[project.entry-points."curate.plugins"]
$filter = "$module"

[tool.hatch.build.targets.wheel]
only-include = ["$module.py"]

[tool.pytest.ini_options]
testpaths = ["tests"]
filterwarnings = ["error"]
"""

_MODULE = '''\
"""`$filter`: does the response hold a phrase it should not?"""

from typing import ClassVar

from curate.api import Filter, Record, RecordFilter, Rule, Verdict, hookimpl
from pydantic import Field


class $cls(RecordFilter):
    """Scores 1 a record whose last response holds one of the phrases, else 0.

    The fields below are the options of `with:` in a plan. Raise `version` when the same options
    would give other results.
    """

    name: ClassVar[str] = "$filter"
    version: ClassVar[str] = "1"
    rule: ClassVar[Rule] = Rule(at_least=1.0)

    phrases: tuple[str, ...] = Field(
        ("Certainly!", "Great question"), description="texts to look for; case matters"
    )

    def judge(self, record: Record) -> Verdict:
        """Judge one record; abstain where it has no response."""
        turn = record.response_turn
        if turn is None:
            return Verdict(None, "no_response")
        for phrase in self.phrases:
            start = record.response.find(phrase)
            if start >= 0:
                span = [turn, start, start + len(phrase), phrase]
                return Verdict(1.0, "phrase", {"spans": [span]})
        return Verdict(0.0)


@hookimpl
def curate_filters() -> list[type[Filter]]:
    """Return the filters of this package."""
    return [$cls]
'''

_TEST = '''\
"""The filter keeps the promises every filter makes, and finds what it is for."""

import pytest
from curate.api import Context
from curate.testing import check_filter, make_records
from $module import $cls


def test_keeps_every_promise_of_a_filter():
    check_filter($cls())


@pytest.mark.parametrize(
    ("response", "score"),
    [("Certainly! Here it is.", 1.0), ("Here it is.", 0.0)],
    ids=["with the phrase", "without"],
)
def test_score(response, score):
    with $cls().open(Context()) as judge:
        assert judge(make_records([response]))[0].score == score
'''

_README = """\
# $distribution

A plugin for [curate](https://pypi.org/project/sft-curate/): the filter `$filter`.

    pip install $distribution

A plan uses it by name:

    steps:
      - use: $filter
        with: {phrases: ["Certainly!"]}
        do: drop

`curate plugins info $filter` lists its options.

## Work on it

    pip install -e '.[test]'
    pytest
"""

_CI = """\
name: test
on: [push, pull_request]
jobs:
  test:
    runs-on: ubuntu-latest
    strategy:
      matrix:
        python: ["3.11", "3.14"]
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: $${{ matrix.python }}
      - run: pip install -e '.[test]'
      - run: pytest
      - run: curate --strict-plugins plugins info $filter
"""

_FILES = {
    "pyproject.toml": _PYPROJECT,
    "$module.py": _MODULE,
    "tests/test_$filter.py": _TEST,
    "README.md": _README,
    ".github/workflows/test.yml": _CI,
}
"""Path in the package -> text; both with `$name` where a fact belongs."""
