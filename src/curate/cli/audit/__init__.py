"""`curate audit`: check whether what was done to a corpus did what it was meant to do."""

from importlib import import_module

import click

AUDITS = {
    "diff": "Find what gives students a trait: the prompts, the teacher, or some of the rows.",
    "fingerprint": "Measure how well responses tell who wrote them, by what, and what changed "
    "that.",
    "install": "Train students on suspected rows alone, and say if these install the trait.",
    "locate": "Find the rows of RUN that carry the trait: switched to a clean teacher, they remove "
    "it.",
    "plan": "Print what `curate audit transfer` would train, how long it takes, and what it could "
    "find.",
    "residue": "Look at what is left in the rows that RUN kept: mild versions, rows like the "
    "dropped ones.",
    "subliminal": "Check that transfer without a sign is visible here, and vanishes with another "
    "output head.",
    "transfer": "Train students on what RUN made of a corpus, and on controls, and say if the "
    "trait is left.",
}
"""Every audit, and the first sentence of its help; a test compares the two."""


class _Audits(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click's signature)
        return list(AUDITS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in AUDITS:
            return None
        command: click.Command = import_module(f"curate.cli.audit.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(AUDITS.items()))


@click.group("audit", cls=_Audits)
def command() -> None:
    """Check whether what was done to a corpus did what it was meant to do."""
