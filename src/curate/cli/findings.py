"""The result of a probe, as plain JSON values and as a text to read."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from curate import canonical
from curate.api import Context, Generator
from curate.cli.table import table
from curate.probing import Answer, Scoring
from curate.traits.card import Card
from curate.traits.findings import TRUNCATED, Finding, Reading, difference
from curate.traits.intervals import LEVEL, Interval
from curate.visible import inline


class Asked(NamedTuple):
    """A model, what it was asked, and what came of it."""

    name: str
    model: Generator
    control: str | None
    readings: Sequence[Reading]
    finding: Finding


def as_json(
    card: Card, scoring: Scoring, asked: Sequence[Asked], ctx: Context, samples: int | None
) -> dict[str, Any]:
    """Return everything a probe found, and what it was measured under."""
    first = {each.control: each for each in reversed(asked)}
    context = card.context.model_dump(mode="json")
    return {
        "card": card.name,
        "version": card.version,
        "digest": canonical.digest(canonical.options(card)),
        "claim": card.claim,
        "value": "mean score" if scoring.mean else "rate",
        "scorer": canonical.plain(scoring.scorer) if scoring.scorer else "contrast",
        "rule": str(scoring.rule),
        "context": context | {"samples": samples or card.context.samples},
        "seed": ctx.seed,
        "level": LEVEL,
        "findings": [_finding(each, first[each.control], scoring, ctx) for each in asked],
    }


def as_text(facts: Mapping[str, Any]) -> Iterator[str]:
    """Yield what `as_json` says, in lines to read."""
    use = facts["scorer"] if isinstance(facts["scorer"], str) else facts["scorer"]["use"]
    context, findings = facts["context"], facts["findings"]
    yield f"{facts['card']} {facts['version']}: {facts['claim']}"
    yield (
        f"scored by {use}, a hit is {facts['rule']}; {findings[0]['prompts']} prompts of "
        f"{findings[0]['templates']} templates, samples {context['samples']}, seed {facts['seed']}"
    )
    yield (
        f"temperature {context['temperature']:g}, at most {context['max_tokens']} tokens, "
        f"{'its own' if context['system'] else 'no'} system prompt, {context['template']}"
    )
    yield ""
    head = ["model", facts["value"], "95 % interval", "counted", "not counted", "against the first"]
    yield from table([head, *(_row(each, facts["value"]) for each in findings)])
    for each in findings:
        yield from _remarks(each, context)


def rows(
    card: Card, name: str, told: Sequence[tuple[Answer | None, Reading]]
) -> list[dict[str, Any]]:
    """Return the answers of a model as rows of messages, with what was found in each."""
    return [
        {
            "id": "/".join(map(str, reading.key)),
            "messages": [
                {"role": role, "content": content}
                for role, content in (*answer.before, ("assistant", answer.completion.text))
            ],
            "metadata": {"teacher": name, "model": answer.completion.model},
            "probe": {
                "card": card.name,
                "template": reading.template,
                "fate": reading.fate,
                "score": reading.score,
                "hit": reading.hit,
                "also": dict(reading.also),
            },
        }
        for answer, reading in told
        if answer is not None
    ]


def _finding(asked: Asked, first: Asked, scoring: Scoring, ctx: Context) -> dict[str, Any]:
    found = asked.finding
    apart = None
    if asked is not first and found.comparable and first.finding.comparable:
        apart = difference(
            asked.readings, first.readings, ctx, mean=scoring.mean, bounds=scoring.bounds
        )
    return {
        "model": asked.name,
        "generator": canonical.plain(asked.model),
        "control": asked.control,
        **_interval(found.value),
        "rate": _interval(found.rate),
        "prompts": len({reading.key[0] for reading in asked.readings}),
        "templates": len({reading.template for reading in asked.readings}),
        "answers": found.answers,
        "counted": found.counted,
        "left_out": dict(found.left_out),
        "truncated": found.truncated,
        "comparable": found.comparable,
        "also": {name: _interval(rate) for name, rate in found.also.items()},
        "by_template": {
            name: {"value": value, "counted": counted}
            for name, (value, counted) in found.by_template.items()
        },
        "against_first": apart and _interval(apart),
    }


def _interval(interval: Interval) -> dict[str, float]:
    return {"value": interval.value, "low": interval.low, "high": interval.high}


def _row(finding: Mapping[str, Any], value: str) -> list[str]:
    left_out, apart = finding["left_out"], finding["against_first"]
    name = inline(finding["model"])
    return [
        f"{name} ({finding['control']})" if finding["control"] else name,
        _number(finding["value"], value) if finding["counted"] else "-",
        _range(finding, value),
        f"{finding['counted']}/{finding['answers']}",
        ", ".join(f"{count} {fate}" for fate, count in left_out.items()) or "-",
        f"{_number(apart['value'], value, '+')} {_range(apart, value, '+')}" if apart else "-",
    ]


def _remarks(finding: Mapping[str, Any], context: Mapping[str, Any]) -> Iterator[str]:
    name = (
        f"{inline(finding['model'])}{' (' + finding['control'] + ')' if finding['control'] else ''}"
    )
    for also, rate in finding["also"].items():
        told = f"{_number(rate['value'], 'rate')} {_range(rate, 'rate')}"
        yield f"{name}: {also}, scored apart: {told}"
    if finding["truncated"] > TRUNCATED:
        yield (
            f"{name}: do not compare: {finding['truncated']:.0%} of the answers were cut off at "
            f"{context['max_tokens']} tokens; raise context.max_tokens in a copy of the card"
        )
    elif not finding["counted"]:
        yield f"{name}: do not compare: no answer could be counted"


def _range(interval: Mapping[str, float], value: str, sign: str = "") -> str:
    low, high = (_number(interval[end], value, sign) for end in ("low", "high"))
    return f"[{low}, {high}]"


def _number(number: float, value: str, sign: str = "") -> str:
    return f"{number:{sign}.1%}" if value == "rate" else f"{number:{sign}.2f}"
