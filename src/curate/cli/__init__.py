"""The `curate` command: one file per verb, loaded when the verb is used.

This file imports click and the standard library only, so that `curate --help` answers at once.
"""

import traceback
from collections.abc import Sequence
from importlib import import_module
from io import StringIO
from typing import TYPE_CHECKING

import click

from curate import __version__
from curate.errors import CurateError

if TYPE_CHECKING:
    from curate.registry import Registry

VERBS = {
    "run": "Run PLAN over INPUTS (files, globs, or - for stdin) and write a run directory.",
    "plan": "Check a plan and print it with every default filled in.",
    "plugins": "List, explain and start plugins.",
    "stats": "Say what is in corpora: rows, teachers, conversations, lengths, repeats, languages.",
    "init": "Draft a plan for corpora: their shape, sensible steps, and what each would hit.",
    "show": "Show records of RUN with what became of them: a random few, or the one called ID.",
    "sweep": "Count what STEP of RUN would hit at other thresholds, from the ledger alone.",
    "report": "Write a report of RUN: what became of every record, why, and what audits say of it.",
    "compare": "Say which records changed fate, text or score between RUN_A and RUN_B, and why.",
    "verify": "Check that the files of RUN are what it wrote and that its books balance.",
    "stale": "Say whether FILE is what the plan and the installed plugins keep of CORPUS, byte for "
    "byte.",
    "restore": "Give back the corpus that RUN read, byte for byte, from the run directory alone.",
    "export": "Write rows of RUN_OR_FILES as Parquet, Arrow, a folder of `datasets` or JSON lines.",
    "index": "Build and look at indexes of clean rollouts, for the rewriter `replay` to take from.",
    "traits": "List, show, try and measure trait cards.",
    "probe": "Ask models the prompts of a trait card and report how much of the trait each one "
    "shows.",
    "fit": "Train small models from labelled rows, for filters to use.",
    "audit": "Check whether what was done to a corpus did what it was meant to do.",
    "gate": "Hold rules against every row of TARGETs, and say by the exit code if they hold.",
    "baseline": "Accept what makes a gate over TARGETs fail, so that only new findings do.",
    "testbed": "Make worlds with planted traits and known truth, to try audits on.",
    "doctor": "Check the installation: versions, extras, plugins, folders, variables that matter.",
    "completion": "Print the script that completes verbs and options in bash (4.4 or later), zsh "
    "or fish.",
}
"""Every verb, and the first sentence of its help; a test compares the two."""


class _Verbs(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click's signature)
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in VERBS:
            return None
        command: click.Command = import_module(f"curate.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))


@click.group(cls=_Verbs)
@click.option(
    "--strict-plugins",
    is_flag=True,
    envvar="CURATE_STRICT_PLUGINS",
    show_envvar=True,
    help="Stop when an installed plugin is broken, instead of warning.",
)
@click.version_option(__version__, prog_name="curate")
def command(strict_plugins: bool) -> None:
    """Curate SFT data: filter it with a complete ledger, then check that the filter worked."""


def load_registry() -> "Registry":
    """Return the installed plugins; say on stderr which are broken.

    Raises:
        PluginError: see `curate.registry.load`; `--strict-plugins` makes broken ones an error.
    """
    from curate import registry
    from curate.visible import unobeyed

    loaded = registry.load(strict=click.get_current_context().find_root().params["strict_plugins"])
    for broken in loaded.broken:
        click.echo(unobeyed(f"curate: warning: {broken}"), err=True)  # it quotes what was raised
    return loaded


def main(arguments: Sequence[str] | None = None) -> int:  # noqa: PLR0911  (an error, a code)
    """Run the command line and return its exit code."""
    try:
        code = command.main(arguments, prog_name="curate", standalone_mode=False)
    except CurateError as error:
        _say(f"curate: error: {error}")
        return error.exit_code
    except click.ClickException as error:
        shown = StringIO()
        error.show(shown)
        _say(shown.getvalue().rstrip())
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("curate: interrupted", err=True)
        return 130
    except BrokenPipeError:  # the reader of our output had enough
        return 0
    except OSError as error:  # a full disk, a folder that cannot be written
        _say(f"curate: error: {error.filename or 'output'}: {error.strerror}")
        return 3
    except Exception:  # a bug; Python itself would exit 1, which means that a gate failed
        _say(traceback.format_exc().rstrip())
        click.echo("curate: error: this is a bug in curate or in a plugin; see above", err=True)
        return 3
    return code if isinstance(code, int) else 0


def _say(error: str) -> None:
    """Print what went wrong; it may quote a corpus, a file with any name, or a signed URL."""
    from curate.io.remote.urls import without_secrets
    from curate.visible import unobeyed

    click.echo(unobeyed(without_secrets(error)), err=True)
