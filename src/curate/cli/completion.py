"""`curate completion`: verbs and options completed by the tabulator key."""

import click
from click.shell_completion import get_completion_class


@click.command("completion", epilog='Example: eval "$(curate completion bash)"')
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the script that completes verbs and options in bash (4.4 or later), zsh or fish.

    \b
    bash, in ~/.bashrc:               eval "$(curate completion bash)"
    zsh, in ~/.zshrc after compinit:  eval "$(curate completion zsh)"
    fish, once:  curate completion fish > ~/.config/fish/completions/curate.fish

    The script asks curate itself what may come next, so it need not be renewed with it.
    """  # noqa: D301  (click's mark for lines that stay as they are)
    made = get_completion_class(shell)
    assert made is not None  # noqa: S101  (click knows all three)
    root = click.get_current_context().find_root().command
    click.echo(made(root, {}, "curate", "_CURATE_COMPLETE").source())
