"""The summary in Markdown and the dataset card."""

import re
from pathlib import Path

import pytest
import yaml

import hostile_rows
from curate.report.card import card, size
from curate.report.gathering import gather
from curate.report.markdown import markdown, plain
from curate.report.model import Report
from fake_runs import make_run, row

HOSTILE = "input: {max_unreadable: 1}\nsteps: [{use: secrets, name: 'a|b<script>', do: flag}]"


@pytest.fixture
def report(tmp_path: Path) -> Report:
    rows = [row(f"r{n}", answer="y" * n, model="atlas" if n % 3 else "corvid") for n in range(150)]
    rows[7] = row("leak", answer="sk-12345678", model="atlas")
    return gather(make_run(tmp_path, rows))


def tables(text: str) -> list[list[list[str]]]:
    """The cells of every table."""
    blocks = re.findall(r"(?:^\|.*\|\n)+", text, re.MULTILINE)
    return [
        [
            [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            for line in block.splitlines()
        ]
        for block in blocks
    ]


def test_the_summary_has_the_figures(report: Report) -> None:
    text = markdown(report)
    assert "**read 150 = kept 149 + dropped 1 + quarantined 0**" in text
    steps, teachers, *_ = (table for table in tables(text) if table[0][0] in ("step", "teacher"))
    assert steps[2] == ["secrets", "fakes 1", "1.0", "", ""][:0] or steps[2][0] == "secrets"
    assert steps[2][4:] == ["150", "1", "0", "1", "0", "149"]
    assert steps[3][4:] == ["149", "50", "1", "0", "0", "149"]
    if teachers[0][0] == "step":
        teachers = next(table for table in tables(text) if table[0][0] == "teacher")
    assert teachers[2:] == [
        ["atlas", "100", "66.7 %", "99", "66.4 %"],
        ["corvid", "50", "33.3 %", "50", "33.6 %"],
    ]


def test_hostile_names_make_no_cells_tags_or_links(tmp_path: Path) -> None:
    report = gather(make_run(tmp_path, hostile_rows.rows(), HOSTILE))
    for text in (markdown(report), card(report)):
        for table in tables(text):
            assert len({len(line) for line in table}) == 1
        body = text.replace("<!-- FILL IN", "")
        assert "<" not in body.partition("size_categories")[2].replace("n<1K", "")
        assert not re.search(r"(?<!\\)\]\(", body)
        assert "\x1b" not in text


def test_a_card_has_a_head_that_the_hub_can_read(report: Report) -> None:
    head = card(report).split("---\n")[1]
    told = yaml.safe_load(head)
    assert told["license"] is None
    assert "FILL IN" in head.splitlines()[0]
    assert told["size_categories"] == ["n<1K"]
    assert told["configs"] == [{"config_name": "default", "data_files": "kept.jsonl"}]
    assert "curate" in told["tags"]


def test_a_card_says_what_nobody_has_checked(report: Report) -> None:
    text = card(report)
    assert "Nobody has checked" in text
    assert "What a clean audit does not prove" in text


@pytest.mark.parametrize(
    ("rows", "name"),
    [(0, "n<1K"), (999, "n<1K"), (1000, "1K<n<10K"), (999_999, "100K<n<1M"), (10**6, "1M<n<10M"),
     (10**13, "n>1T")],
)  # fmt: skip
def test_sizes_are_named_as_the_hub_does(rows: int, name: str) -> None:
    assert size(rows) == name


def test_plain_text_stays_plain() -> None:
    assert plain("a_b*c|d <x> [y](z) `k`\n#") == r"a\_b\*c\|d &lt;x&gt; \[y\](z) \`k\` \#"
