"""A committed file is held against its plan: by running it, or by what a run recorded."""

import json
from pathlib import Path

import pytest

from curate import plan, registry, staleness
from curate.api import Context
from curate.engine.run import Options, run
from curate.errors import InputError
from curate.io import sources
from curate.registry import Resolved
from curate.staleness import Comparison, compare

PLAN = "steps: [{use: duplicates, do: drop}]\n"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    file = tmp_path / "corpus.jsonl"
    rows = [{"prompt": f"p{n % 4}", "response": f"r{n % 4}"} for n in range(6)]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file


@pytest.fixture
def made(tmp_path: Path, corpus: Path) -> Path:
    """The run directory, from which the filtered file was taken."""
    run(resolved(), sources.expand([str(corpus)]), tmp_path / "run", Options(), Context())
    return tmp_path / "run"


@pytest.fixture
def file(tmp_path: Path, made: Path) -> Path:
    filtered = tmp_path / "filtered.jsonl"
    filtered.write_bytes((made / "kept.jsonl").read_bytes())
    return filtered


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[Resolved]:
    """The plans that were run."""
    seen: list[Resolved] = []

    def spy(resolved: Resolved, *arguments: object):
        seen.append(resolved)
        return run(resolved, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(staleness, "run", spy)
    return seen


def resolved(text: str = PLAN) -> Resolved:
    return registry.resolve(plan.loads(text), registry.load())


def look(file: Path, corpus: Path, recorded: Path | None = None, text: str = PLAN) -> Comparison:
    found = sources.expand([str(corpus)])
    return compare(resolved(text), found, file, recorded, Options(), Context())


def test_what_the_plan_keeps_is_not_stale(file: Path, corpus: Path):
    assert look(file, corpus) == Comparison(str(file), ran=True, rows=4, line=None)


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda lines: [*lines[:2], lines[2].replace(b"r2", b"R2"), *lines[3:]], 3),
        (lambda lines: lines[:-1], 4),
        (lambda lines: [*lines, lines[0]], 5),
        (lambda lines: [], 1),
        (lambda lines: [*lines[:-1], lines[-1].rstrip(b"\n")], 4),
        (lambda lines: [lines[1], lines[0], *lines[2:]], 1),
    ],
    ids=["a row", "one less", "one more", "none", "no newline", "order"],
)
@pytest.mark.parametrize("with_record", [False, True], ids=["run again", "by record"])
def test_another_file_is_stale(file: Path, corpus: Path, made: Path, change, line, with_record):
    file.write_bytes(b"".join(change(file.read_bytes().splitlines(keepends=True))))
    found = look(file, corpus, made if with_record else None)
    assert (found.stale, found.line) == (True, 0 if with_record else line)


def test_a_record_of_this_run_saves_the_work(file: Path, corpus: Path, made: Path, runs):
    for other in ("ledger.jsonl", "dropped.jsonl", "kept.jsonl", "replaced.jsonl"):
        (made / other).unlink()  # what is committed may be run.json alone
    assert look(file, corpus, made) == Comparison(str(file), ran=False, rows=4, line=None)
    assert runs == []


@pytest.mark.parametrize("record", ["another plan", "another corpus", "not there", "cut short"])
def test_another_record_saves_nothing_and_spoils_nothing(
    file: Path, corpus: Path, made: Path, runs, record: str, tmp_path: Path
):
    text, rows = PLAN, 4
    if record == "another plan":
        text, rows = "steps: []", 6
    elif record == "another corpus":
        corpus.write_text(corpus.read_text() + '{"prompt": "p9", "response": "r9"}\n')
        rows = 5
    elif record == "not there":
        made = tmp_path / "nowhere"
    else:
        facts = json.loads((made / "run.json").read_text())
        facts["identity"]["limit"] = 4
        (made / "run.json").write_text(json.dumps(facts))
    found = look(file, corpus, made, text)
    assert (found.ran, found.rows, found.stale) == (True, rows, rows != 4)
    assert len(runs) == 1


def test_a_comment_or_a_timeout_makes_nothing_stale(file: Path, corpus: Path, made: Path):
    text = "# why\n" + PLAN.replace("do: drop", "do: drop, timeout: 5")
    assert not look(file, corpus, made, text).ran


def test_a_file_that_is_not_there(corpus: Path, tmp_path: Path):
    with pytest.raises(InputError, match="no such file"):
        look(tmp_path / "gone.jsonl", corpus)
