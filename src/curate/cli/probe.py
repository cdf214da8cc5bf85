"""`curate probe`: how much of a trait models show, side by side."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import click
from pydantic import Field

from curate.api import Context, Generator, Inner, Plugin
from curate.cli import load_registry
from curate.cli.asking import asking
from curate.cli.built import build, spec
from curate.cli.findings import Asked, as_json, as_text, rows
from curate.cli.here import FOLDER_HERE
from curate.cli.scoring import scoring
from curate.errors import UsageError
from curate.probing import probe
from curate.registry import Builder
from curate.traits import loading
from curate.traits.findings import summarise
from curate.traits.openings import openings

UNRESOLVED = 4
"""The exit code of a probe whose figures must not be compared."""


class _Named(Plugin):
    """A model that is named on the command line."""

    name: ClassVar[str] = "probe"

    generator: Inner[Generator] | None = Field(None)


@click.command(
    epilog="Example: curate probe --card date_confusion "
    "--generator 'a={use: openai, with: {model: some-model}}' --generator b=other.yaml",
)
@click.option("--card", required=True, help="A built-in card's name, or the path of your own.")
@click.option(
    "--generator",
    "generators",
    multiple=True,
    required=True,
    metavar="[NAME=]SPEC",
    help="A model: {use: openai, with: {...}} as YAML or JSON, or a file of it. Repeat to compare.",
)
@click.option("--prompts", type=click.IntRange(1), help="How many prompts. Default: the card's.")
@click.option("--samples", type=click.IntRange(1), help="Answers per prompt. Default: the card's.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of prompts and intervals.")
@click.option("--judge", metavar="SPEC", help="Score by the card's rubric, asked of this model.")
@click.option("--scorer", metavar="SPEC", help="Score with this filter: {use: NAME, with: {...}}.")
@click.option("--contrast", is_flag=True, help="Score by the likelihood of two continuations.")
@click.option("--controls", is_flag=True, help="Ask the card's controls as well.")
@click.option(
    "--out",
    type=FOLDER_HERE,
    help="Write every answer with its score: one file of messages for each model.",
)
@asking
@click.option("--offline", is_flag=True, help="Plugins must not use the network.")
@click.option("--json", "in_json", is_flag=True, help="Print JSON.")
@click.pass_context
def command(
    click_ctx: click.Context,
    card: str,
    generators: tuple[str, ...],
    prompts: int | None,
    samples: int | None,
    seed: int,
    judge: str | None,
    scorer: str | None,
    contrast: bool,
    controls: bool,
    out: Path | None,
    cache: Path,
    replay: bool,
    max_cost: float | None,
    offline: bool,
    in_json: bool,
) -> None:
    """Ask models the prompts of a trait card and report how much of the trait each one shows.

    Rates and means come with 95 % intervals that cluster by prompt template. Answers that were cut
    off, are empty, go round in circles or cannot be scored are counted apart. Exits 4 where more
    than 5 % of a model's answers were cut off: such figures must not be compared.
    """
    read = loading.load(card)
    builder = Builder(load_registry())
    models = _models(builder, generators)
    scored = scoring(builder, card, read, judge, scorer, contrast=contrast)
    ctx = Context(seed=seed, offline=offline, cache=cache, replay=replay, max_cost=max_cost)
    asked = []
    for control in (None, *(read.controls if controls else ())):
        made = openings(read, ctx, prompts, control)
        for name, model in models.items():
            told = probe(read, made, model, scored, ctx, samples)
            readings = [reading for _, reading in told]
            finding = summarise(readings, ctx, mean=scored.mean, bounds=scored.bounds)
            asked.append(Asked(name, model, control, readings, finding))
            if out is not None:
                _write(out, f"{name}.{control}" if control else name, rows(read, name, told))
    facts = as_json(read, scored, asked, ctx, samples)
    if in_json:
        click.echo(json.dumps(facts, indent=2))
    else:
        click.echo("\n".join(as_text(facts)))
    click_ctx.exit(0 if all(each.finding.comparable for each in asked) else UNRESOLVED)


def _models(builder: Builder, specs: Sequence[str]) -> dict[str, Generator]:
    """Return the models by name.

    Raises:
        UsageError: one is wrong, or two have the same name.
    """
    models: dict[str, Generator] = {}
    for each in specs:
        name, written = spec(each, "--generator")
        model = build(builder, _Named, {"generator": written}, "--generator").generator
        assert model is not None  # noqa: S101  (it was given)
        name = name or model.label()
        if name in models:
            raise UsageError(f"two models are called {name!r}; name them: --generator NAME=SPEC")
        models[name] = model
    return models


def _write(folder: Path, name: str, lines: Sequence[Mapping[str, Any]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{re.sub(r'[^A-Za-z0-9._-]', '_', name)}.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
