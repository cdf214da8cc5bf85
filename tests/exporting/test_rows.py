import pytest

from checks import crash, go, write
from checks import rows as lines
from curate.errors import InputError, LedgerError
from curate.exporting.rows import rows

PLAN = "steps: [{use: word, do: drop}]"


@pytest.fixture
def run(tmp_path):
    go(PLAN, [write(tmp_path / "c.jsonl", *lines(9, r3="bad", r5="bad"))], tmp_path / "run")
    return tmp_path / "run"


@pytest.mark.parametrize(("fate", "count"), [("kept", 7), ("dropped", 2), ("quarantined", 0)])
def test_the_rows_of_a_run(run, fate, count):
    found = rows([str(run)], fate)
    for _ in range(2):  # as often as one likes
        assert (
            b"".join(row.line + b"\n" for row in found.each())
            == (run / f"{fate}.jsonl").read_bytes()
        )
    assert [row.place for row in found.each()] == [
        f"{run}/{fate}.jsonl:{n}" for n in range(1, count + 1)
    ]


def test_files_and_runs_together(run, tmp_path):
    found = rows([str(run), str(tmp_path / "c.jsonl")], "kept")
    assert [row.value()["id"] for row in found.each()][5:9] == ["r7", "r8", "r0", "r1"]
    assert sum(1 for _ in found.each()) == 16
    with pytest.raises(InputError, match="is no run directory, so none of its rows are dropped"):
        rows([str(run), str(tmp_path / "c.jsonl")], "dropped")


def test_lines_keep_their_bytes_and_blank_ones_are_none(tmp_path):
    path = write(tmp_path / "a.jsonl", b'{"a": 1}\r\n', b" \n", b'{"n": 123456789012345678901}')
    found = list(rows([str(path)], "kept").each())
    assert [(row.place, row.line) for row in found] == [
        (f"{path}:1", b'{"a": 1}\r'),
        (f"{path}:3", b'{"n": 123456789012345678901}'),
    ]
    assert [row.value() for row in found] == [{"a": 1}, {"n": 123456789012345678901}]


@pytest.mark.parametrize(
    "damage", [lambda data: data[:-1], lambda data: data.replace(b"r1", b"r9")]
)
def test_rows_that_the_run_did_not_write(run, damage):
    kept = run / "kept.jsonl"
    kept.write_bytes(damage(kept.read_bytes()))
    with pytest.raises(LedgerError, match="is not what the run wrote; see `curate verify"):
        list(rows([str(run)], "kept").each())
    kept.unlink()
    with pytest.raises(LedgerError, match="see `curate verify"):
        list(rows([str(run)], "kept").each())


def test_a_run_that_is_not_finished(tmp_path):
    crash(write(tmp_path / "c.jsonl", *lines(40)), tmp_path / "run", 10, 2, 0.0, PLAN)
    with pytest.raises(InputError, match="the run is not finished"):
        rows([str(tmp_path / "run")], "kept")


def test_what_is_not_there(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        rows([str(tmp_path / "c.jsonl")], "kept")
    with pytest.raises(InputError, match="is a folder"):
        rows([str(tmp_path)], "kept")
    with pytest.raises(InputError, match="nothing to export"):
        rows([], "kept")
