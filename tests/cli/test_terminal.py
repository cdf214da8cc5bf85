"""Every command has an example; colours and progress are for terminals alone."""

import os
import pty
import select
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from curate.cli import command as root
from docs.blocks import ROOT

FIRST = "examples/first"


def leaves(command: click.Command, words: tuple[str, ...]) -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, with the words that call it."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            yield from leaves(command.get_command(context, name), (*words, name))
    else:
        yield " ".join(words), command


COMMANDS = dict(leaves(root, ("curate",)))


@pytest.mark.parametrize("words", COMMANDS)
def test_the_help_of_a_command_ends_with_an_example_of_it(words: str):
    epilog = COMMANDS[words].epilog or ""
    assert epilog.startswith("Example: ")
    assert words in epilog


@pytest.mark.parametrize("words", COMMANDS)
def test_the_example_has_only_options_that_there_are(words: str):
    shown = COMMANDS[words].epilog.partition(words)[2]
    known = {option for each in COMMANDS[words].params for option in each.opts}
    if "$(" in COMMANDS[words].epilog:
        return  # what follows is the shell's
    assert {word for word in shlex.split(shown) if word.startswith("--")} <= known


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the examples and a run of the first."""
    made = tmp_path_factory.mktemp("terminal")
    shutil.copytree(ROOT / "examples", made / "examples")
    assert piped(made, RUN.format("done")).returncode == 0
    return made


RUN = f"run {FIRST}/plan.yaml {FIRST}/corpus.jsonl --workers 1 --out {{}}"
MAIN = [
    "--help",
    RUN.format("again"),
    f"run {FIRST}/plan.yaml {FIRST}/corpus.jsonl --workers 1 --dry-run",
    f"plan {FIRST}/plan.yaml",
    "plugins list",
    f"stats {FIRST}/corpus.jsonl",
    f"init {FIRST}/corpus.jsonl",
    "show done --dropped",
    "show done first-089",
    "sweep done --step length",
    "verify done --inputs",
    "restore done --out restored",
    f"gate {FIRST}/corpus.jsonl --plan {FIRST}/plan.yaml --workers 1",
    "traits list",
    "traits try refusal 'Sorry, I cannot help with that.'",
    "testbed list",
    "doctor",
    "run no-such-plan.yaml x --out y",
]


def typed(words: str) -> list[str]:
    return [sys.executable, "-m", "curate", *shlex.split(words)]


def piped(folder: Path, words: str, **more: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        typed(words), cwd=folder, capture_output=True, env=os.environ | more, check=False
    )


@pytest.mark.parametrize("words", MAIN)
def test_there_is_no_escape_code_in_a_pipe(words: str, folder: Path):
    done = piped(folder, words, NO_COLOR="1", TERM="xterm-256color")
    assert done.stdout + done.stderr
    assert b"\x1b" not in done.stdout + done.stderr


def test_nor_without_no_color(folder: Path):
    done = piped(folder, "show done --dropped", TERM="xterm-256color")
    assert "«" in done.stdout.decode()
    assert b"\x1b" not in done.stdout


def on_terminal(folder: Path, words: str, **more: str) -> bytes:
    """What a command writes to a terminal of its own."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        typed(words), cwd=folder, stdout=theirs, stderr=theirs, stdin=theirs,
        env={name: value for name, value in os.environ.items() if name != "NO_COLOR"} | more,
    )  # fmt: skip
    os.close(theirs)
    told = bytearray()
    while select.select([ours], [], [], 60)[0]:
        try:
            read = os.read(ours, 65536)
        except OSError:  # Linux: the other side is closed
            break
        if not read:
            break
        told += read
    os.close(ours)
    assert process.wait(60) == 0
    return bytes(told)


@pytest.mark.parametrize(
    "words", ["show done --dropped", "traits try refusal 'Sorry, I cannot help with that.'"]
)
def test_matches_are_in_colour_on_a_terminal_unless_it_is_not_wanted(words: str, folder: Path):
    assert b"\x1b[7m" in on_terminal(folder, words).replace(b"\x1b[1m", b"")
    plain = on_terminal(folder, words, NO_COLOR="1")
    assert b"\x1b" not in plain
    assert "«" in plain.decode()


def test_progress_is_shown_on_a_terminal_and_wiped(folder: Path):
    assert b"\r\x1b[K" in on_terminal(folder, RUN.format("watched"))
