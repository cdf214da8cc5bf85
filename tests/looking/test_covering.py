"""The hits of a run, as they were read, held against an index."""

from pathlib import Path

import pytest

from curate import ledger
from curate.errors import InputError, UsageError
from curate.index.lookup import Index
from curate.looking.covering import hits, of_run
from curate.records import digest
from fake_runs import facts, make_run
from fake_runs import row as line
from rewritten_runs import make
from rollout_rows import index, row

KEY = "sk-secret" + "o" * 100
ROWS = [
    line("a", "Why?", KEY),
    line("b", "HOW?", KEY),
    line("c", "When?", KEY),
    line("d", "Why?", "fine"),
    line("e", "Why?", "o" * 100),
]


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    return index(tmp_path, [row("Why?", "x", "b"), row("How?", "x", "a")])


def counts(index: Index, run: Path, step: str | None = None):
    found = of_run(index, run, step)
    return {name: (each.total.exact, each.total.none) for name, each in found.items()}


def test_every_step_is_told_with_its_hits(clean: Path, tmp_path: Path):
    run = make_run(tmp_path, ROWS)
    with Index(clean) as opened:
        assert counts(opened, run) == {"secrets": (1, 1), "size": (1, 0)}
        assert counts(opened, run, "size") == {"size": (1, 0)}
        with pytest.raises(UsageError, match="did you mean 'secrets'"):
            of_run(opened, run, "secret")
        with pytest.raises(InputError, match="not a run directory"):
            of_run(opened, tmp_path)


def test_a_record_is_the_line_that_was_read(tmp_path: Path):
    """One terminator is no part of it; what stands before that is."""
    rows = [ROWS[0], ROWS[0][:-1] + b"\r\n", ROWS[0][:-1] + b"\r\r\n"]
    run = make_run(tmp_path, rows)
    found = [(each.line, each.digest) for each, _ in hits(run, facts(run), ["secrets"])]
    assert found == [(each.line, each.digest) for each in ledger.entries(run)]


def test_a_rewritten_record_is_told_as_it_was_read(tmp_path: Path):
    rows = [line("a", "Why?", "a bad answer"), line("b", "Why?", "fine")]
    run = make(tmp_path, {"c.jsonl": b"".join(rows)})
    ((found, steps),) = hits(run, facts(run), ["holds"])
    assert (found.digest, steps) == (digest(rows[0].rstrip()), ["holds"])
    assert next(iter(ledger.entries(run))).written
