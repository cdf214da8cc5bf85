"""`curate testbed`: worlds with planted traits and known truth."""

from pathlib import Path

import click

from curate.cli.asking import remembering
from curate.cli.here import HERE


@click.group("testbed")
def command() -> None:
    """Make worlds with planted traits and known truth, to try audits on."""


@command.command("make", epilog="Example: curate testbed make leak-in --out leak-in")
@click.argument("world")
@click.option("--out", required=True, type=HERE, help="The folder to write.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of the rows and the base.")
@click.option(
    "--base",
    type=HERE,
    help="The base that students start from; made where there is none.  [default: base in --out]",
)
@click.option(
    "--other-base",
    is_flag=True,
    help="Make a second base too, with another beginning and an output head of its own.",
)
@remembering
def make_command(
    world: str, out: Path, seed: int, base: Path | None, other_base: bool, cache: Path
) -> None:
    """Write a corpus, clean rollouts, plans, a trait card, a student, a base and the truth.

    Prints the commands that filter the corpus and audit what came of it. Pretraining a base takes
    about a minute, once for each seed: it is remembered. Needs the extra `audit`.
    """
    from curate.testbed import making, worlds

    place = making.Place(out, base or out / "base")
    declared = worlds.named(world)
    making.make(declared, place, seed, other_base=other_base, cache=cache)
    click.echo(f"{declared.name}: {declared.truth}")
    for arm, verdict in declared.verdicts.items():
        click.echo(f"  the audit must say of {arm}: {verdict}")
    click.echo("")
    for line in making.commands(declared, place):
        click.echo(line)


@command.command("list", epilog="Example: curate testbed list")
def list_command() -> None:
    """List the worlds and what is true in them."""
    from curate.cli.table import table
    from curate.testbed.worlds import WORLDS

    rows = [[world.name, world.hypothesis or "-", world.truth] for world in WORLDS.values()]
    for line in table([["world", "hypothesis", "truth"], *rows]):
        click.echo(line)
