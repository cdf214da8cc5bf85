"""What the plan of a run says each step must do, as its `run.json` tells."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from curate.api import Rule
from curate.ledger import OTHERWISE


class RewriteRules(NamedTuple):
    """What happens to the hits of a step that rewrites."""

    use: str
    version: str
    instead: str
    """What comes of a hit that is not rewritten: `dropped`, `kept` or `flagged`."""
    tries: int
    clean: frozenset[str]
    """Steps that must not hit the new text, where they judge it."""


class StepRules(NamedTuple):
    """What one step must do."""

    position: int
    rule: Rule
    drops: bool
    """A hit is dropped, always."""
    unsure_drops: bool
    """An abstention is dropped."""
    rewrites: RewriteRules | None


def step_rules(facts: Mapping[str, Any]) -> dict[str, StepRules]:
    """Return the rules of each step by its name, in order; `facts` is the run's `run.json`."""
    steps = facts["identity"]["plan"]["steps"]
    return {
        step["name"]: StepRules(
            position,
            Rule.model_validate(step["when"]),
            step["do"] == "drop",
            step["unsure"] == "drop",
            _rewrites(steps, position),
        )
        for position, step in enumerate(steps)
    }


def _rewrites(steps: list[dict[str, Any]], position: int) -> RewriteRules | None:
    do = steps[position]["do"]
    if isinstance(do, str):
        return None
    by = do["rewrite"]
    instead = OTHERWISE[do["otherwise"]]
    return RewriteRules(by["use"], by["version"], instead, do["tries"], _clean(steps, position))


def _clean(steps: list[dict[str, Any]], position: int) -> frozenset[str]:
    """Return the step, those it goes by (`only`), and every earlier one that does not just flag."""
    clean = {step["name"] for step in steps[:position] if step["do"] != "flag"}
    only = {step["name"]: step.get("only") for step in steps}
    name = steps[position]["name"]
    while name is not None:
        clean.add(name)
        name = only[name]
    return frozenset(clean)
