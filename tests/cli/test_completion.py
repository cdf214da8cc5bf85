"""`curate completion`: the script, and what a real bash completes with it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from curate.cli import VERBS, main

BASH = shutil.which("bash")
COMPLETE = """
eval "$(curate completion bash)"
COMP_WORDS=({words}); COMP_CWORD={place}
_curate_completion curate 2>/dev/null
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_there_is_a_script_for_each_shell(shell: str, capsys):
    assert main(["completion", shell]) == 0
    told = capsys.readouterr().out
    assert f"_CURATE_COMPLETE={shell}_complete" in told
    assert "curate" in told


def test_another_shell_is_refused(capsys):
    assert main(["completion", "tcsh"]) == 2
    assert "'bash', 'zsh', 'fish'" in capsys.readouterr().err


@pytest.mark.skipif(BASH is None, reason="no bash")
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["curate", "ver"], ["verify"]),
        (["curate", ""], list(VERBS)),
        (["curate", "audit", "tr"], ["transfer"]),
        (["curate", "verify", "--i"], ["--inputs"]),
        (["curate", "completion", "z"], ["zsh"]),
    ],
    ids=" ".join,
)
def test_bash_completes(words: list[str], expected: list[str]):
    typed = " ".join(f"'{word}'" for word in words)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [BASH, "-c", COMPLETE.format(words=typed, place=len(words) - 1)],
        env=os.environ | {"PATH": path}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert set(done.stdout.split()) == set(expected)
