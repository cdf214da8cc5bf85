"""What an error quotes is printed; neither a terminal nor the runner of a CI job obeys it."""

from pathlib import Path

import pytest

import curate.cli
from curate.cli import main
from curate.errors import InputError

HOSTILE = "d\n::error::PWNED ##[error]\x1b[2J.jsonl"


def check(told: str) -> None:
    assert "PWNED" in told
    assert not any(line.lstrip().startswith("::") for line in told.splitlines())
    assert "##[" not in told
    assert "\x1b" not in told


@pytest.mark.parametrize(
    "error", [InputError(HOSTILE), OSError(28, "full", HOSTILE), ZeroDivisionError(HOSTILE)]
)
def test_what_an_error_quotes_is_not_obeyed(
    error: Exception, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object, **_options: object) -> None:
        raise error

    monkeypatch.setattr(curate.cli.command, "main", broken)
    assert main([]) == (2 if isinstance(error, InputError) else 3)
    check(capsys.readouterr().err)


@pytest.mark.parametrize("arguments", [[HOSTILE], ["verify", "run", HOSTILE], [f"--{HOSTILE}"]])
def test_what_click_quotes_is_not_obeyed(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    check(capsys.readouterr().err)


@pytest.mark.parametrize("verb", ["stats", "gate"])
def test_a_file_may_have_any_name(
    verb: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / HOSTILE).symlink_to("gone")
    rules = tmp_path / "plan.yaml"
    rules.write_text("steps: []\n")
    plan = ["--plan", str(rules)] if verb == "gate" else []
    assert main([verb, str(tmp_path / HOSTILE), *plan]) in (2, 3)
    told = capsys.readouterr()
    check(told.err + told.out)
    assert len(told.err.splitlines()) == 1
