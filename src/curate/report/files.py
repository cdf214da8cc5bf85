"""The files of a run, as its report lists them."""

import heapq
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from curate.errors import LedgerError
from curate.ledger import FATES, PLAN
from curate.report.model import Conversion, Fates, InputFile, Output
from curate.report.passages import named
from curate.visible import visible

INPUTS = 200
"""Inputs that are listed."""
COLUMNS = 50
"""Conversions, columns with nulls and notes that are listed of one table."""
PLAN_LENGTH = 60_000
"""Characters of the plan that are shown."""


def inputs(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the inputs that are listed, in their order, and how many more there are."""
    told = facts["inputs"]
    return {
        "inputs": tuple(_input(told[number]) for number in _most_records(told)),
        "inputs_left_out": max(len(told) - INPUTS, 0),
    }


def outputs(facts: Mapping[str, Any]) -> tuple[Output, ...]:
    """Return the files that the run wrote."""
    return tuple(
        Output(
            name=named(file.get("name", name)),
            lines=file["lines"],
            bytes=file["bytes"],
            sha256=file["sha256"],
        )
        for name, told in facts["outputs"].items()
        for file in told.get("files", (told,))
    )


def plan_text(run: Path) -> tuple[str, int]:
    """Return the plan as YAML, and how many characters of it were left out.

    Raises:
        LedgerError: it cannot be read.
    """
    try:
        text = (run / PLAN).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LedgerError(f"{run / PLAN}: {error}; see `curate verify`") from None
    return visible(text[:PLAN_LENGTH]), max(len(text) - PLAN_LENGTH, 0)


def _most_records(inputs: Sequence[Mapping[str, Any]]) -> list[int]:
    """Return which inputs are listed: of many, those with most records."""
    numbers = range(len(inputs))
    return sorted(heapq.nlargest(INPUTS, numbers, key=lambda n: inputs[n].get("read", 0)))


def _input(told: Mapping[str, Any]) -> InputFile:
    table = told.get("table", {})
    converted, nulls, notes = (table.get(key, ()) for key in ("converted", "nulls", "notes"))
    lists = (converted, nulls, notes)
    return InputFile(
        name=named(told["name"]),
        format=told.get("format", "jsonl"),
        shape=told["shape"],
        lines=told.get("lines"),
        bytes=told.get("size"),
        sha256=told["sha256"],
        fates=_fates(told),
        converted=tuple(
            Conversion(path=named(each["path"]), type=named(each["type"]), said=named(each["said"]))
            for each in converted[:COLUMNS]
        ),
        nulls=tuple((named(each["path"]), each["nulls"], each["of"]) for each in nulls[:COLUMNS]),
        notes=tuple(named(note) for note in notes[:COLUMNS]),
        more=sum(max(len(each) - COLUMNS, 0) for each in lists),
    )


def _fates(told: Mapping[str, Any]) -> Fates | None:
    if "read" not in told:
        return None
    return Fates(**{name: told[name] for name in ("read", *FATES)})
