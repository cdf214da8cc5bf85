"""A first plan as text: every step with a reason, and with what it would hit.

The same corpus, and the same plugins, give the same bytes.
"""

import textwrap
from collections.abc import Iterator, Sequence

from curate import plan
from curate.drafting import input_block
from curate.drafting.further import Further, further
from curate.drafting.quoting import argument, options, quoted
from curate.drafting.suggestions import suggestions
from curate.drafting.trying import Tried, tried
from curate.records import Record
from curate.registry import Registry, resolve
from curate.surveying.survey import Survey
from curate.surveying.tables import some

_WIDTH = 96
_STEPS = "# Steps run from top to bottom. A dropped record is not shown to the steps below."
_FILES = 5
"""More files are a number in the first line and `CORPUS...` in the last."""


def draft(
    arguments: Sequence[str],
    found: Survey,
    sample: Sequence[Record],
    registry: Registry,
    name: str = "plan.yaml",
) -> str:
    """Return a plan for a corpus; it can be run with what is installed.

    Args:
        arguments: How the user named the files.
        found: What is in them.
        sample: Records to try the steps on.
        registry: What is installed.
        name: The file that the plan is written to.

    Raises:
        CurateError: a filter cannot be opened.
    """
    steps = tried(list(suggestions(found)), found, sample, registry)
    parts = [
        _head(arguments, found, sample),
        ["version: 1"],
        input_block.lines(found),
        [_STEPS, "steps:"],
        *(_step(step) for step in steps),
        ["  # More, for when you need it:"],
        *(_further(step) for step in further()),
        _commands(arguments, name),
    ]
    blocks = ("\n".join(part) for part in parts)
    text = "\n\n".join(blocks).replace("steps:\n\n", "steps:\n") + "\n"
    resolve(plan.loads(text, name), registry)
    return text


def _head(arguments: Sequence[str], found: Survey, sample: Sequence[Record]) -> Iterator[str]:
    names = ", ".join(map(quoted, arguments[:_FILES]))
    more = f" and {len(arguments) - _FILES:,} more" if len(arguments) > _FILES else ""
    yield f"# A first plan for {names}{more}, drafted by `curate init`."
    yield (
        f"# {some(found.rows, 'row')} = {some(found.records, 'record')} + {found.unreadable:,} "
        f"unreadable + {found.not_records:,} not records."
    )
    whose = (
        "all records" if len(sample) == found.records else f"a sample of {len(sample):,} records"
    )
    yield f"# What a step would hit was tried on {whose}, each step by itself."


def _step(step: Tried) -> Iterator[str]:
    yield from _comment(step.suggestion.why)
    yield from _comment(_hits(step))
    yield f"  - use: {step.suggestion.use}"
    if step.suggestion.options:
        yield from options(step.suggestion.options, "    ")
    yield f"    do: {step.do}"


def _hits(step: Tried) -> str:
    told = f"Hits {step.hits:,} of {some(step.rows, 'record')}."
    if step.is_many:
        told += " So many are only flagged until you have looked at them; then write drop here."
    return told


def _further(step: Further) -> Iterator[str]:
    yield from _comment(f"{step.why} Needs {step.needs}.")
    yield f"  # - use: {step.use}"
    if step.name:
        yield f"  #   name: {step.name}"
    for line in options(step.options, "    "):
        yield f"  # {line[2:]}"
    yield "  #   do: flag"


def _comment(text: str) -> list[str]:
    return [f"  # {line}" for line in textwrap.wrap(text, _WIDTH)]


def _commands(arguments: Sequence[str], name: str) -> Iterator[str]:
    corpus = " ".join(map(argument, arguments)) if len(arguments) <= _FILES else "CORPUS..."
    yield "# Next: check the plan, try it on the first rows, run it."
    yield f"#   curate plan {argument(name)}"
    yield f"#   curate run {argument(name)} {corpus} --dry-run"
    yield f"#   curate run {argument(name)} {corpus} --out runs/first"
