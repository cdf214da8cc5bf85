"""`curate plan`: check a plan without opening a model."""

import json
from pathlib import Path

import click

from curate import plan, plan_file, registry
from curate.cli import load_registry
from curate.plan_schema import schema


@click.command("plan", epilog="Example: curate plan plan.yaml")
@click.argument("file", metavar="[PLAN]", required=False, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of YAML.")
@click.option(
    "--schema",
    "as_schema",
    is_flag=True,
    help="Print the JSON schema of a plan with the options of every installed plugin.",
)
def command(file: Path | None, as_json: bool, as_schema: bool) -> None:
    """Check a plan and print it with every default filled in.

    No model is opened and no input is read. What is printed is a plan again, and its digest is
    what a run is known by.
    """
    if (file is None) != as_schema:
        raise click.UsageError("give a PLAN, or --schema")
    installed = load_registry()
    if file is None:
        click.echo(json.dumps(schema(installed), indent=2))
        return
    resolved = registry.resolve(plan.load(file), installed)
    if as_json:
        told = {
            "digest": resolved.digest(),
            "plan": resolved.filled_in(),
            "identity": resolved.identity(),
        }
        click.echo(json.dumps(told, indent=2))
    else:
        click.echo(f"# digest: {resolved.digest()}")
        for step in resolved.steps:
            click.echo(f"# {step.name}: {step.filter.name} {step.filter.version}, ", nl=False)
            click.echo(f"from {step.distribution} {step.distribution_version}")
        click.echo(plan_file.write(resolved.filled_in()), nl=False)
