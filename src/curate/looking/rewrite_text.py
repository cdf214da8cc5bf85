"""What came of rewriting a record, in words."""

from collections.abc import Iterator, Mapping
from typing import Any

from curate.ledger import Look
from curate.looking.rewrites import is_new
from curate.looking.wording import evidence, verdict
from curate.visible import inline


def brief(look: Look) -> str:
    """Return who wrote in whose place, or why nobody did, in a few words."""
    told = look.rewrite
    if is_new(look):
        return f"rewritten: {_teachers(told['teacher'])}"
    return f"not rewritten: {inline(told['reason'])}"


def lines(look: Look) -> Iterator[str]:
    """Yield the whole story of one rewriting, line by line."""
    told = look.rewrite
    by = f"{inline(told['use'])} {inline(told['version'])}"
    if is_new(look):
        turns = ", ".join(str(turn + 1) for turn in told["turns"])
        yield f"rewritten by {by}: turn {turns}; {_teachers(told['teacher'])}"
        yield f"digest: {inline(told['digest']['from'])} -> {inline(told['digest']['to'])}"
        yield f"prompt key: {inline(told['prompt_key'])}"
    else:
        yield f"not rewritten by {by}: {inline(told['reason'])}"
    yield f"tries: {_tries(told)}"
    for again in (Look(**each) for each in told.get("again", ())):
        yield f"new text, judged by {inline(again.step)}: {verdict(again)}"
        yield from (f"  {line}" for line in evidence(again.evidence))
    yield from evidence(told.get("evidence", {}))


def _teachers(told: Mapping[str, str | None]) -> str:
    old, new = (inline(told[end] or "unknown") for end in ("from", "to"))
    return f"{old} -> {new}" if old != new else f"still {new}"


def _tries(told: Mapping[str, Any]) -> str:
    refused = (f"{inline(why)} ({count})" for why, count in told.get("refused", {}).items())
    why = ", ".join(refused)
    return f"{told['tries']}, refused: {why}" if why else str(told["tries"])
