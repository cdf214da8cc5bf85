"""`curate audit plan`: what an audit of transfer would train, cost and find."""

import json
from pathlib import Path
from typing import Any

import click

from curate.audits.transfer.design import check_reach
from curate.audits.transfer.rehearsing import rehearse
from curate.audits.transfer.rehearsing import sections as parts
from curate.cli import sections
from curate.cli.audit.design import designed, designing
from curate.cli.audit.training import trained, training
from curate.cli.progress import stage


@click.command(
    epilog="Example: curate audit plan runs/first --card refusal --index clean.index --base base/"
)
@designing
@training
def command(run: Path, **options: Any) -> None:
    """Print what `curate audit transfer` would train, how long it takes, and what it could find.

    Takes the same options. Exits 2 where no comparison could be significant.
    """
    told = trained(options)
    plan = designed(run, told, options)
    check_reach(plan, exploratory=options["exploratory"])
    stage("rehearsing")
    cost = rehearse(plan, told.student, told.questions, told.ctx)
    stage("")
    if options["in_json"]:
        facts = {
            "arms": {name: each.told for name, each in plan.arms.items()},
            "not_trained": dict(plan.left_out),
            "family": plan.family,
            "seeds": plan.seeds,
            "zero": plan.scale.zero,
            "students": cost.students,
            "seconds": round(cost.seconds, 1),
        }
        click.echo(json.dumps(facts))
        return
    click.echo("\n".join(sections.lines(parts(plan, cost, told.questions))))
