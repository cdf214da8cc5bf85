"""The audits as one list, and the self-check on digits as a command."""

import json
from pathlib import Path

import click
import pytest

from curate.cli import audit, main

FOLDER = Path(audit.__file__).parent
SHARED = {"__init__", "design", "training"}
"""Modules that are no audits: options that several share."""


def test_every_audit_is_listed():
    assert sorted({file.stem for file in FOLDER.glob("*.py")} - SHARED) == sorted(audit.AUDITS)


@pytest.mark.parametrize("name", audit.AUDITS)
def test_the_list_says_what_the_audit_says(name: str):
    command = audit.command.get_command(click.Context(audit.command), name)
    assert command.help.split("\n\n")[0].replace("\n", " ") == audit.AUDITS[name]
    assert command.epilog.startswith(f"Example: curate audit {name}")


def test_an_unknown_audit(capsys):
    assert main(["audit", "transfers"]) == 2
    assert "No such command 'transfers'" in capsys.readouterr().err


class TestSubliminal:
    def test_too_few_seeds_are_refused_before_training(self, capsys):
        assert main(["audit", "subliminal", "--seeds", "3"]) == 2
        assert "6" in capsys.readouterr().err

    @pytest.mark.slow
    def test_json(self, capsys):
        assert main(["audit", "subliminal", "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert told["verdict"].startswith("visible, and vanishes")
