"""`--executor` names what judges: a word, an installed plugin, or a plugin with options."""

from pathlib import Path
from typing import Any

import pytest

from curate.cli.workers import executor_named, options_for
from curate.errors import UsageError
from curate.registry import Entry, Registry
from fake_executors import Here
from fakes import resolve

INSTALLED = Registry({}, executors={"here": Entry(Here, "fakes", "1")})


def named(choice: str, address: str | None = None) -> Any:
    return executor_named(choice, address, INSTALLED)


def test_what_can_be_named(tmp_path: Path) -> None:
    file = tmp_path / "executor.yaml"
    file.write_text("use: here\nwith: {pools: Twice}\n")
    assert named("threads") == "threads"
    assert named("here") == Here()
    assert named("{use: here, with: {pools: Twice}}") == named(str(file)) == Here(pools="Twice")
    assert named("here", "far:1") == Here(address="far:1")


@pytest.mark.parametrize(
    ("choice", "address", "told"),
    [
        ("heer", None, "no executor named 'heer'.*'here'"),
        ("thread", None, "no executor named 'thread'.*'threads'"),
        ("threads", "far:1", "--address is of no use to --executor threads"),
        ("{use: here, wiht: {}}", None, "must be {use: NAME, with"),
        ("{use: here, with: {pool: Twice}}", None, "unknown key 'pool'"),
    ],
)
def test_what_cannot_be_named(choice: str, address: str | None, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        named(choice, address)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", r"e\.yaml:1: the spec is empty; it says \{use: NAME"),
        ("use: here\nwith: {pools: 1, own: x}\n", "2 mistakes in --executor\n"),
        ("- use", r"e\.yaml: must be a mapping"),
        ("use: a\nuse: b", r"e\.yaml:2: use: stands here for the second time"),
    ],
)
def test_what_a_file_may_not_say(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "e.yaml"
    file.write_text(text)
    with pytest.raises(UsageError, match=told):
        named(str(file))


def test_a_cost_is_kept_on_one_machine_only() -> None:
    resolved = resolve("steps: [{use: word}]")
    with pytest.raises(UsageError, match="--max-cost needs --executor threads"):
        options_for(Here(), resolved, None, 1.0)
    assert options_for(Here(), resolved, None, None).workers is None
    assert options_for(Here(), resolved, 3, None).workers == 3
