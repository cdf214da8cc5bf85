"""Every built-in filter keeps the promises a plugin's own tests check."""

import inspect
from typing import Any

import pytest
import yaml

from curate.api import Filter
from curate.filters import curate_filters
from curate.plan import Plan
from curate.testing import check_filter

OPTIONS: dict[str, list[dict[str, Any]]] = {
    "cues": [{"pack": "refusals"}],
    "duplicates": [
        *({"by": by} for by in ("conversation", "prompt", "response", "raw")),
        {"normalise": True},
        {"method": "minhash"},
        {"method": "minhash", "by": "response", "normalise": True, "threshold": 0.3, "shingle": 2},
    ],
    "entities": [{"patterns": ["water", [{"IS_DIGIT": True}]]}],
    "length": [{"min": 1}, {"unit": "words", "max": 9}],
    "provenance": [
        {"teachers": ["gpt-4*"]},
        {"allow": ["llama*"], "unknown": True},
        {"sources": ["*"]},
    ],
    "regex": [{"pack": "provider-identity"}, {"patterns": {"digits": r"\d+"}}],
    "select": [{}, {"ids": ["m-1", 7]}, {"share": 0.5, "draw": 3}],
}
"""Options worth checking; a filter that is not here is checked with its defaults."""

NEED_A_MODEL = {
    "classifier", "contamination", "fingerprint", "judge", "linear", "toxicity", "trait",
}  # fmt: skip
"""Held to the same promises in their own tests, with a model made there."""

FILTERS = [
    pytest.param(filter_, options, id=f"{filter_.name}-{options or 'defaults'}")
    for filter_ in curate_filters()
    if filter_.name not in NEED_A_MODEL
    for options in OPTIONS.get(filter_.name, [{}])
]


@pytest.mark.parametrize(("filter_", "options"), FILTERS)
def test_keeps_every_promise(filter_: type[Filter], options: dict[str, Any]) -> None:
    check_filter(filter_(**options))


@pytest.mark.parametrize("filter_", curate_filters(), ids=lambda filter_: filter_.name)
def test_every_option_is_described(filter_: type[Filter]) -> None:
    fields = filter_.model_fields.items()
    assert [name for name, field in fields if not field.description] == []


SHOWN = [filter_ for filter_ in curate_filters() if "\n    steps:\n" in inspect.getdoc(filter_)]


@pytest.mark.parametrize("filter_", SHOWN, ids=lambda filter_: filter_.name)
def test_the_plan_in_its_docstring_works(filter_: type[Filter]) -> None:
    _, block = inspect.getdoc(filter_).split("\n    steps:\n")
    steps = "steps:\n" + block.split("\n\n")[0]
    plan = Plan.model_validate(yaml.safe_load(steps))
    (step,) = plan.steps
    assert step.use == filter_.name
    filter_(**step.with_)


def test_options_are_for_filters_that_exist() -> None:
    assert set(OPTIONS) <= {filter_.name for filter_ in curate_filters()}
