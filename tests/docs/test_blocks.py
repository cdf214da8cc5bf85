"""Every block of the documents does what it says; a test's id is the block's `file:line`."""

import os
import re
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from curate import plan, registry
from curate.testing import check_executor, check_filter
from docs.blocks import DOCUMENTS, ROOT, Block, Command, blocks, commands
from made_once import made_once

SHELL = shutil.which("bash")
CONSOLE = blocks("console")
KINDS = {"bash", "console", "python", "yaml", "text"}
"""Blocks of kind `bash` set up: see test_setup.py. Those of kind `text` are pictures."""

CHECKS = {"curate_filters": check_filter, "curate_executors": check_executor}
"""What holds the plugins of a hook to their promises."""


def ids(found: list[Block]) -> list[str]:
    return [block.place for block in found]


@pytest.fixture
def outputs(block: Block, cache_with_base: Path) -> list[str]:
    """What the commands of a block say; all of its document are run once, in their order."""
    name = block.file.replace("/", "_")
    folder = cache_with_base.parent / name
    told = made_once(
        cache_with_base, name, partial(outputs_of, block.file, folder, cache_with_base)
    )
    return told[block.place]


def outputs_of(document: str, folder: Path, cache: Path) -> dict[str, list[str]]:
    shutil.copytree(ROOT / "examples", folder / "examples")
    return {
        block.place: [said(each.typed, folder, cache) for each in commands(block)]
        for block in CONSOLE
        if block.file == document
    }


def said(typed: str, folder: Path, cache: Path) -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [SHELL, "-c", typed], cwd=folder,
        env=os.environ | {"PATH": path, "COLUMNS": "80", "CURATE_CACHE": str(cache)},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    return done.stdout if not done.returncode else f"{done.stdout}(exit {done.returncode})\n"


def test_every_block_is_of_a_kind_that_is_tested():
    every = [kind for file in DOCUMENTS for kind in fences((ROOT / file).read_text("utf-8"))]
    assert set(every) <= KINDS
    assert len(every) == len(blocks(*KINDS))


def fences(text: str) -> list[str]:
    return re.findall(r"^\s*(?:```|~~~)(.*)$", text, re.MULTILINE)[::2]


@pytest.mark.timeout(600)  # the first one waits for all commands, and one of them pretrains a base
@pytest.mark.parametrize("block", CONSOLE, ids=ids(CONSOLE))
def test_a_command_says_what_is_shown(block: Block, outputs):
    for command, output in zip(commands(block), outputs, strict=True):
        if not command.agrees(output):
            assert output.splitlines() == command.shown.splitlines(), command.typed


@pytest.mark.parametrize("block", blocks("yaml"), ids=ids(blocks("yaml")))
def test_a_plan_is_a_plan(block: Block):
    assert "steps" in yaml.safe_load(block.text)
    registry.resolve(plan.loads(block.text, block.place), registry.load())


@pytest.mark.parametrize("block", blocks("python"), ids=ids(blocks("python")))
def test_a_plugin_keeps_every_promise(block: Block, monkeypatch):
    module = ModuleType("from_the_document")
    monkeypatch.setitem(sys.modules, module.__name__, module)  # so that its classes can be pickled
    exec(compile(block.text, block.place, "exec"), vars(module))
    hooks = [name for name in vars(module) if name.startswith("curate_")]
    assert hooks
    for hook in hooks:
        for cls in vars(module)[hook]():
            CHECKS[hook](cls())


@pytest.mark.parametrize(
    ("shown", "output", "agrees"),
    [
        ("one\ntwo\n", "one\ntwo\n", True),
        ("one\n", "one  \n\n", True),
        ("one\n", "two\n", False),
        ("one\n", "one\ntwo\n", False),
        ("one\n...\nfour\n", "one\ntwo\nthree\nfour\n", True),
        ("one\n...\n", "one\n", True),
        ("...\nfour\n", "one\nfive\n", False),
        ("a+b\n", "aab\n", False),
    ],
)
def test_agreement(shown: str, output: str, agrees: bool):
    assert Command("", shown).agrees(output) is agrees
