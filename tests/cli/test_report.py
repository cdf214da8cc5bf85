"""`curate report` as a user calls it."""

import json
from pathlib import Path

import pytest

from curate.cli import main
from fake_runs import SECRET, make_run, row
from parsed_pages import check


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = [row(f"r{n}", answer="y" * n) for n in range(120)]
    return make_run(tmp_path_factory.mktemp("report"), [*rows, row("leak", answer=SECRET)])


def test_a_page_is_written_and_nothing_but_its_name_is_said(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.html"
    assert main(["report", str(run), "--html", "--output", str(page)]) == 0
    assert "120" in check(page.read_text("utf-8")).text
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.endswith(f"written to {page}\n")
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]


def test_equal_runs_give_equal_bytes(run: Path, tmp_path: Path) -> None:
    for kind in ("html", "markdown", "json", "dataset-card"):
        one, other = tmp_path / f"{kind}1", tmp_path / f"{kind}2"
        for path in (one, other):
            assert main(["report", str(run), f"--{kind}", "--output", str(path)]) == 0
        assert one.read_bytes() == other.read_bytes()


def test_every_kind_can_go_to_a_pipe(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    begins = {"html": "<!doctype html>", "markdown": "# What became", "dataset-card": "---\n"}
    for kind, begin in begins.items():
        assert main(["report", str(run), f"--{kind}"]) == 0
        assert capsys.readouterr().out.startswith(begin)
    assert main(["report", str(run), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["format"], told["counts"]["read"], told["masked"]) == (1, 121, True)


def test_secrets_are_shown_on_demand_only(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(run), "--html"]) == 0
    assert SECRET not in capsys.readouterr().out
    assert main(["report", str(run), "--html", "--unmask"]) == 0
    assert SECRET in capsys.readouterr().out


def test_a_file_is_replaced_on_demand_only(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.html"
    page.write_text("mine")
    assert main(["report", str(run), "--html", "--output", str(page)]) == 2
    assert "--force replaces it" in capsys.readouterr().err
    assert page.read_text() == "mine"
    assert main(["report", str(run), "--html", "--output", str(page), "--force"]) == 0
    assert page.read_text("utf-8").startswith("<!doctype html>")


def test_a_report_is_never_written_over_what_it_is_made_from(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.read_bytes() for path in run.iterdir()}
    (tmp_path / "link").symlink_to(run)
    other = tmp_path / "other"
    other.mkdir()
    for name in ("run.json", "ledger.jsonl"):
        (other / name).touch()
    for place in (run / "kept.jsonl", run / "new", tmp_path / "link" / "run.json", other / "new"):
        assert main(["report", str(run), "--json", "--force", "--output", str(place)]) == 2
        assert "is inside a run directory" in capsys.readouterr().err
    audit = tmp_path / "audit.json"
    audit.write_text("{}")
    arguments = ["--audit", str(audit), "--output", str(audit)]
    assert main(["report", str(run), "--json", "--force", *arguments]) == 2
    assert "is an audit's file" in capsys.readouterr().err
    assert audit.read_text() == "{}"
    assert {path: path.read_bytes() for path in run.iterdir()} == before
    assert not (other / "new").exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "say what to write: --html"),
        (["--html", "--audit", "none.json"], "none.json: No such file"),
    ],
)
def test_what_does_not_fit_is_an_error(
    run: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert main(["report", str(run), *arguments]) == 2
    assert told in capsys.readouterr().err


def test_a_folder_that_is_no_run_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", str(tmp_path), "--html"]) == 2
    assert "not a run directory" in capsys.readouterr().err


def test_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "--help"]) == 0
    assert "Example: curate report runs/first --html" in " ".join(capsys.readouterr().out.split())


def test_a_sensitive_step_that_hit_nothing_is_known_to_be_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    key = "AKIA" + "QZ7H2MWB4KX6TNRD"
    row = {"prompt": "which key?", "response": f"the key is {key}"}
    Path("c.jsonl").write_text(json.dumps(row) + "\n")
    Path("plan.yaml").write_text(
        "steps:\n"
        "  - {use: length, with: {unit: words, min: 9}, do: drop}\n"
        "  - {use: regex, with: {pack: secrets}, do: drop}\n"
    )
    assert main(["run", "plan.yaml", "c.jsonl", "--out", "run"]) == 0
    capsys.readouterr()
    for wanted in ("--html", "--json"):
        assert main(["report", "run", wanted]) == 0
        assert key not in capsys.readouterr().out
    assert main(["report", "run", "--html", "--unmask"]) == 0
    assert key in capsys.readouterr().out
