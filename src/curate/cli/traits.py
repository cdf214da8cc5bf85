"""`curate traits`: the trait cards, what they say, and what their scorers find."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import click

from curate.api import Context, Rule, Verdict
from curate.cli import load_registry
from curate.cli.built import build
from curate.cli.here import HERE
from curate.cli.table import table
from curate.filters.trait import Trait
from curate.looking.excerpts import pieces
from curate.looking.marks import marks, ranges
from curate.looking.paint import Paint
from curate.records import Record
from curate.registry import Builder
from curate.traits import cases, loading
from curate.traits.card import Card, Measured
from curate.traits.openings import openings
from curate.visible import inline, visible


@click.group("traits")
def command() -> None:
    """List, show, try and measure trait cards."""


@command.command("list", epilog="Example: curate traits list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(as_json: bool) -> None:
    """List the built-in cards, with what their offline scorers reached on held-out cases."""
    cards = [loading.load(name) for name in loading.names()]
    if as_json:
        told = [
            {"name": card.name, "version": card.version, "claim": card.claim}
            | {"measured": [each.model_dump(exclude_none=True) for each in card.measured]}
            for card in cards
        ]
        click.echo(json.dumps(told, indent=2))
        return
    rows = [["card", "prompts", "precision", "recall", "claim"]]
    rows += [[card.name, str(card.elicit.count), *_shares(card), card.claim] for card in cards]
    click.echo("\n".join(table(rows)))


@command.command("show", epilog="Example: curate traits show refusal > cards/mine.yaml")
@click.argument("card")
@click.option("--prompts", type=click.IntRange(1), help="Print the first N prompts instead.")
@click.option("--control", help="With --prompts: those of this control.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of the prompts.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(card: str, prompts: int | None, control: str | None, seed: int, as_json: bool) -> None:
    """Print CARD, a name or a path, as the YAML it is: the start of a card of your own."""
    read = loading.load(card)
    if prompts is not None:
        _show_prompts(read, prompts, control, seed, as_json=as_json)
    elif as_json:
        click.echo(json.dumps(read.model_dump(mode="json", by_alias=True), indent=2))
    else:
        click.echo(loading.text(card), nl=False)


@command.command("try", epilog='Example: curate traits try refusal "Sorry, I cannot do that."')
@click.argument("card")
@click.argument("text")
@click.option("--prompt", default="", help="What TEXT is an answer to.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def try_(card: str, text: str, prompt: str, as_json: bool) -> None:
    """Score TEXT (or - for stdin) with the offline scorer of CARD, and show what it found."""
    answer = sys.stdin.read() if text == "-" else text
    record = cases.Case(answer, label=False, prompt=prompt, place="the text").record()
    rule, (verdict,) = _judge(card, [record])
    hit = verdict.score is not None and rule.hit(verdict.score)
    if as_json:
        told = {"score": verdict.score, "hit": hit, "rule": str(rule), "reason": verdict.reason}
        click.echo(json.dumps(told | {"evidence": dict(verdict.evidence)}, indent=2))
        return
    score = "abstains" if verdict.score is None else f"score {verdict.score:g}"
    says = "shows the trait" if hit else "does not show the trait"
    click.echo(f"{score} ({rule}): {says}")
    for line in _found(record, verdict):
        click.echo(line)


@command.command("measure", epilog="Example: curate traits measure cards/mine.yaml cases.jsonl")
@click.argument("card")
@click.argument("labelled", metavar="CASES", type=HERE)
@click.option("--held-out", is_flag=True, help="Only the held-out half: for the final figures.")
@click.option("--tuning", is_flag=True, help="Only the other half: to improve the patterns on.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def measure(card: str, labelled: Path, held_out: bool, tuning: bool, as_json: bool) -> None:
    """Compare the offline scorer of CARD with labels: precision and recall with intervals.

    CASES is JSONL: {"text": ..., "label": 0 or 1}, with "prompt" and "kind" if you like. Half of
    them, by a hash of the text, are held out: improve the patterns on the others.
    """
    if held_out and tuning:
        raise click.UsageError("--held-out and --tuning are the two halves; give one, or neither")
    known = cases.read(labelled)
    if held_out or tuning:
        known = [case for case in known if case.held_out == held_out]
    rule, verdicts = _judge(card, [case.record() for case in known])
    scores = [verdict.score for verdict in verdicts]
    hits = [score is not None and rule.hit(score) for score in scores]
    found = cases.compare(known, scores, hits)
    if as_json:
        click.echo(json.dumps(_as_json(found), indent=2))
        return
    click.echo(f"{len(known)} cases, {sum(case.label for case in known)} of them show the trait")
    click.echo(f"precision     {found.precision}")
    click.echo(f"recall        {found.recall}")
    click.echo(f"false alarms  {found.false_alarm_rate}")
    if held_out:
        return  # who sees what was wrong has looked
    for case, score in found.wrong:
        told = "missed" if case.label else "false alarm"
        click.echo(f"{case.place}: {told}, score {score}: {inline(case.text)[:100]}")


def _judge(card: str, records: list[Record]) -> tuple[Rule, list[Verdict]]:
    """Return the card's offline verdicts on records, and when they are hits."""
    trait = build(Builder(load_registry()), Trait, {"card": card}, f"card {card}")
    with trait.open(Context()) as judge:
        return trait.default_rule(), list(judge(records))


def _shares(card: Card) -> list[str]:
    best = card.measured[0] if card.measured else None
    return [_share(best, "precision"), _share(best, "recall")]


def _share(measured: Measured | None, name: str) -> str:
    share = getattr(measured, name, None)
    return (
        "not measured"
        if share is None
        else f"{share.value:.2f} [{share.low:.2f}, {share.high:.2f}]"
    )


def _show_prompts(card: Card, count: int, control: str | None, seed: int, *, as_json: bool) -> None:
    made = openings(card, Context(seed=seed), count, control)
    if as_json:
        told = [
            {"id": each.id, "messages": [message._asdict() for message in each.messages]}
            | {"then": list(each.replies)}
            for each in made
        ]
        click.echo(json.dumps(told, indent=2))
        return
    for each in made:
        click.echo(f"# {each.id}")
        for role, content in each.messages:
            click.echo(f"[{role}]\n{content}\n")
        for reply in each.replies:
            click.echo(f"[user, after an answer]\n{reply}\n")


def _found(record: Record, verdict: Verdict) -> list[str]:
    """Return the text with what was found in it marked, and what was set aside."""
    paint = Paint(sys.stdout.isatty() and not os.environ.get("NO_COLOR"))
    spans = marks(verdict.evidence)
    lines = []
    for number, turn in enumerate(record.turns):
        found = ranges(spans, number, len(turn.text))
        if found:
            cut = pieces(turn.text, found, None)
            said = [(visible(piece.text), piece.match) for piece in cut]
            lines.append("".join(paint.match(text) if match else text for text, match in said))
    labels = dict.fromkeys(span.label for span in spans)
    if labels:
        lines.append(f"found: {', '.join(labels)}")
    aside: Any = verdict.evidence.get("set_aside")
    if aside:
        lines.append(f"set aside (quoted, told of, negated or asked for): {', '.join(aside)}")
    return lines


def _as_json(found: cases.Confusion) -> dict[str, Any]:
    return {
        "hits": found.hits,
        "misses": found.misses,
        "false_alarms": found.false_alarms,
        "silent": found.silent,
        "unsure": found.unsure,
        "precision": found.precision.model_dump(),
        "recall": found.recall.model_dump(),
        "false_alarm_rate": found.false_alarm_rate.model_dump(),
    }
