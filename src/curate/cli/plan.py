"""`curate plan`: check a plan without opening a model."""

import json
from pathlib import Path

import click

from curate import plan, plan_file, registry
from curate.cli import load_registry
from curate.cli.here import HERE
from curate.errors import PlanError, UsageError
from curate.plan_schema import schema
from curate.registry import Registry


@click.command("plan", epilog="Example: curate plan plan.yaml")
@click.argument("files", metavar="[PLAN]", nargs=-1, type=HERE)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of YAML.")
@click.option(
    "--schema",
    "as_schema",
    is_flag=True,
    help="Print the JSON schema of a plan with the options of every installed plugin.",
)
@click.option("--check", is_flag=True, help="Only check; there may be many plans.")
def command(files: tuple[Path, ...], as_json: bool, as_schema: bool, check: bool) -> None:
    """Check a plan and print it with every default filled in.

    No model is opened and no input is read. What is printed is a plan again, and its digest is
    what a run is known by.
    """
    if as_schema == bool(files) or (len(files) > 1 and not check):
        raise click.UsageError("give a PLAN, or --schema, or many plans with --check")
    installed = load_registry()
    if as_schema:
        click.echo(json.dumps(schema(installed), indent=2))
    elif check:
        _check(files, installed)
    else:
        _print(files[0], installed, as_json=as_json)


def _check(files: tuple[Path, ...], installed: Registry) -> None:
    """Say the digest of every plan.

    Raises:
        PlanError: some are wrong; the mistakes of all of them.
    """
    wrong = []
    for file in files:
        try:
            click.echo(f"{file}: {registry.resolve(plan.load(file), installed).digest()}")
        except UsageError as error:
            wrong.append(str(error))
    if wrong:
        raise PlanError("\n".join(wrong))


def _print(file: Path, installed: Registry, *, as_json: bool) -> None:
    resolved = registry.resolve(plan.load(file), installed)
    if as_json:
        told = {
            "digest": resolved.digest(),
            "plan": resolved.filled_in(),
            "identity": resolved.identity(),
        }
        click.echo(json.dumps(told, indent=2))
        return
    click.echo(f"# digest: {resolved.digest()}")
    for step in resolved.steps:
        click.echo(f"# {step.name}: {step.filter.name} {step.filter.version}, ", nl=False)
        click.echo(f"from {step.distribution} {step.distribution_version}")
    click.echo(plan_file.write(resolved.filled_in()), nl=False)
