"""Lines nobody wants, in a real run: nothing lost, nothing altered, each in its place."""

from pathlib import Path

import pytest

from checks import check_conservation, go, rows, write
from curate import ledger

NOT_JSON_BUT_READ = {"n_number_NaN", "n_number_infinity", "n_number_minus_infinity"}
"""Python's own JSON has NaN and infinities, and corpora written by it do too."""


def single_lines(folder: Path, prefix: str) -> dict[str, bytes]:
    """Return the suite's files that are one line without a terminator, by name."""
    files = sorted(folder.glob(f"{prefix}_*.json"))
    lines = {file.stem: file.read_bytes().removesuffix(b"\n") for file in files}
    return {name: line for name, line in lines.items() if b"\n" not in line and line.strip()}


@pytest.fixture
def suite(data_dir: Path) -> Path:
    return data_dir / "json_test_suite" / "test_parsing"


@pytest.mark.parametrize(("prefix", "fate"), [("y", "kept"), ("n", "quarantined")])
def test_lines_of_the_json_suite_meet_their_fate(
    tmp_path: Path, suite: Path, prefix: str, fate: str
) -> None:
    lines = single_lines(suite, prefix)
    assert len(lines) > 80
    content = b"".join(
        row + line + b"\n" for row, line in zip(rows(len(lines)), lines.values(), strict=True)
    )
    corpus = write(tmp_path / "c.jsonl", content)
    facts = go("steps: []", [corpus], tmp_path / "out", lines=17)
    check_conservation(content, tmp_path / "out", facts)
    fates = {e.line: e for e in ledger.entries(tmp_path / "out")}
    for number, name in enumerate(lines):
        entry = fates[2 * number + 2]
        assert entry.fate == ("kept" if name in NOT_JSON_BUT_READ else fate), name
        if entry.fate == "quarantined":
            assert entry.reason in ("not_json", "not_utf8", "too_deep")
            assert "column" in entry.detail
        assert fates[2 * number + 1].fate == "kept"


def test_undefined_lines_of_the_json_suite_are_not_lost(tmp_path: Path, suite: Path) -> None:
    content = b"".join(line + b"\n" for line in single_lines(suite, "i").values())
    corpus = write(tmp_path / "c.jsonl", rows(1)[0] + content)
    facts = go("steps: [{use: turns}]", [corpus], tmp_path / "out", lines=5)
    check_conservation(rows(1)[0] + content, tmp_path / "out", facts)


@pytest.mark.parametrize(
    ("line", "fate"),
    [
        (b'{"text": "\\ud800 lone"}', "kept"),
        (b'{"text": "nul \\u0000"}', "kept"),
        (b'{"text": "x", "n": 123456789012345678901234567890}', "kept"),
        (b'{"text": "x", "n": 1' + b"0" * 5000 + b"}", "quarantined"),
        (b'{"text": "first", "text": "second"}', "kept"),
        (b'{"text": NaN, "x": -Infinity}', "kept"),
        (b'{"text": "\xc3("}', "quarantined"),
        (b'\x00{"text": "x"}', "quarantined"),
        (b"[" * 100_000 + b"]" * 100_000, "quarantined"),
        (b'{"a":' * 100_000, "quarantined"),
        (b'{"text": "' + b"long " * 200_000 + b'"}', "kept"),
        (b'{"id": 12345678901234567890123, "text": "x"}', "kept"),
        (b'{"id": "\\ud83d", "text": "x"}', "kept"),
        (b'{"text": "a line separator \xe2\x80\xa8 is no line end"}', "kept"),
        (b'\xef\xbb\xbf{"text": "a byte order mark inside a file"}', "quarantined"),
    ],
    ids=lambda value: value if isinstance(value, str) else repr(value[:24]),
)
def test_an_awkward_line_is_kept_as_it_is(tmp_path: Path, line: bytes, fate: str) -> None:
    content = b'{"text": "before"}\n' + line + b'\n{"text": "after"}\n'
    corpus = write(tmp_path / "c.jsonl", content)
    facts = go("steps: [{use: word}, {use: first}]", [corpus], tmp_path / "out")
    check_conservation(content, tmp_path / "out", facts)
    assert [e.fate for e in ledger.entries(tmp_path / "out")] == ["kept", fate, "kept"]


def test_ids_survive_what_the_parser_cannot_hold(tmp_path: Path) -> None:
    lines = [b'{"id": 12345678901234567890123}\n', b'{"id": "\\ud83d"}\n', b'{"id": null}\n']
    corpus = write(tmp_path / "c.jsonl", *lines)
    go("steps: []", [corpus], tmp_path / "out")
    big, lone, none = ledger.entries(tmp_path / "out")
    assert (big.id, lone.id, none.id) == ("12345678901234567890123", "\ud83d", none.digest)


@pytest.mark.slow
def test_a_line_of_50_mb_passes(tmp_path: Path) -> None:
    content = b'{"text": "' + b"word " * 10_000_000 + b'"}\n{"text": "after"}\n'
    corpus = write(tmp_path / "c.jsonl", content)
    facts = go("steps: [{use: word}]", [corpus], tmp_path / "out", executor="processes")
    assert facts["counts"]["kept"] == 2
    assert (tmp_path / "out" / "kept.jsonl").read_bytes() == content
