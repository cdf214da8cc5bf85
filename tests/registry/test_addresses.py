"""URLs among the options of a plan: none where a path is needed, none that holds a secret."""

from pathlib import Path

import pytest
from pydantic import BaseModel

from curate import plan, registry
from curate.cli import main
from curate.errors import PlanError
from curate.registry.addresses import refused

SECRET = "a URL in it holds a password or a signature"
PATH = "must be a path of this machine, no URL"


class Options(BaseModel):
    files: list[str] = []
    name: str = ""
    model: Path | None = None
    index: Path = Path()
    patterns: dict[str, str] = {}


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"name": "https://h/x?X-Amz-Signature=5ec4e7"}, SECRET),
        ({"files": ["a.jsonl", "s3://me:5ec4e7@b/x"]}, SECRET),
        ({"model": "https://h/x?sig=5ec4e7"}, SECRET),
        ({"unknown": "https://5ec4e7@h/x"}, SECRET),
        ({"model": "s3://b/x"}, PATH),
        ({"index": "https://h/x"}, PATH),
        ({"index": "C:\\x", "model": "a/b"}, None),
        ({"files": ["https://h/x?id=3", "s3://b/x", "hf://datasets/a/b?split=test"]}, None),
        ({"name": "see https://h/x?token=5ec4e7"}, None),
        ({"patterns": {"link": "https://h/x?token=5ec4e7"}}, None),
    ],
)
def test_what_is_refused(options: dict[str, object], told: str | None) -> None:
    wrong = refused(Options, options)
    if told is None:
        assert wrong is None
        return
    assert wrong is not None
    assert wrong.option in options
    assert wrong.told.startswith(told)
    assert "5ec4e7" not in wrong.told


@pytest.mark.parametrize(
    ("step", "where"),
    [
        ("use: contamination, with: {against: ['URL']}", r":1: steps\.0\.with\.against: a URL in"),
        ("use: linear, with: {model: 'URL'}", r":1: steps\.0\.with\.model: a URL in"),
        (
            "use: roles, do: {rewrite: {use: replay, with: {index: 'URL'}}}",
            r"with\.index: a URL in",
        ),
    ],
)
def test_a_plan_with_a_secret_is_refused_by_its_line(step: str, where: str) -> None:
    text = f"steps: [{{{step}}}]".replace("URL", "https://h/x?X-Amz-Signature=5ec4e7")
    with pytest.raises(PlanError, match=where) as caught:
        registry.resolve(plan.loads(text), registry.load())
    assert "5ec4e7" not in str(caught.value)


@pytest.mark.parametrize("verb", [["plan"], ["run", "--dry-run"]])
def test_no_command_tells_it(
    verb: list[str], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file, corpus = tmp_path / "plan.yaml", tmp_path / "c.jsonl"
    corpus.write_bytes(b'{"messages": []}\n')
    file.write_text(
        "version: 1\nsteps:\n- use: contamination\n  with: {against: 'https://h/x?sig=5ec4e7'}\n"
    )
    more = [str(corpus)] if verb[0] == "run" else []
    assert main([verb[0], str(file), *more, *verb[1:]]) == 2
    said = capfd.readouterr()
    assert "plan.yaml:4: steps.0.with.against" in said.err
    assert "5ec4e7" not in said.err + said.out


@pytest.mark.parametrize("url", ["https://127.0.0.1:1/x.jsonl", "s3://bucket/*.jsonl"])
def test_offline_a_filter_reads_nothing_elsewhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], url: str
) -> None:
    steps = tmp_path / "plan.yaml"
    steps.write_text(f"steps: [{{use: contamination, with: {{against: ['{url}']}}}}]\n")
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"text": "a"}\n')
    assert main(["run", str(steps), str(rows), "--offline", "--dry-run"]) == 2
    told = f"{url}: is read over the network, which --offline forbids"
    assert told in capsys.readouterr().err
