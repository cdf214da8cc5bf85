"""`curate audit subliminal`: a self-check that transfer without any sign of the trait is seen."""

import click

from curate.cli.progress import stage
from curate.visible import visible


@click.command(epilog="Example: curate audit subliminal --seeds 8")
@click.option(
    "--seeds", type=click.IntRange(1), default=8, show_default=True, help="Paired networks an arm."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Of every draw.")
@click.option("--json", "in_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def command(click_ctx: click.Context, seeds: int, seed: int, in_json: bool) -> None:
    """Check that transfer without a sign is visible here, and vanishes with another output head.

    Networks that never saw a digit learn a teacher's other outputs on noise. Those with its
    initialisation read digits afterwards, others do not. Takes seconds; needs the extra `audit`.
    Exits 4 where that is not what came out: then nothing such an audit says may be believed.
    """
    from curate.audits.subliminal import check, wording

    report = check.run(seeds, seed, stage)
    stage("")
    if in_json:
        click.echo(report.model_dump_json())
    else:
        click.echo(visible("\n".join(wording.lines(report))))
    click_ctx.exit(report.exit_code)
