"""All real data, whatever it is: never an error, and the sums are those of the lines."""

import json
from pathlib import Path

import pytest

from curate.audits.wording import Section
from curate.cli import sections
from curate.errors import InputError
from curate.io import sources
from curate.io.blocks import blocks
from curate.plan import Input
from curate.surveying import wording
from curate.surveying.survey import survey

ROWS = {
    "corpora": 8000,
    "davidson_hate": None,
    "fastchat": None,
    "goemotions": None,
    "gpteacher": 4535 + 1923,
    "gsm8k": 2 * 1319,
    "hh_rlhf": 2312,
    "json_test_suite": None,
    "llamafactory": None,
    "presidio_research": None,
}
"""Folder -> its rows, where its README tells them."""
SMALL = [
    "anthropic_evals", "axolotl_fixtures", "bbh", "blns", "dolma_tests", "ftfy_cases",
    "lingua_lang", "llms_from_scratch", "peer_cases", "stanford_alpaca", "strangerbench", "tinker",
]  # fmt: skip


def readable(folder: Path) -> list[str]:
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith(("SOURCE", "SRC_LICENSE", "LICENSE")):
            try:
                sources.identify(str(path), path)
            except InputError:
                continue
            found.append(str(path))
    return found


def lines(name: str) -> int | None:
    """The lines of a file that are not blank; None of an array."""
    source = sources.identify(name, Path(name))
    if source.format == "json":
        return None
    with Path(name).open("rb", buffering=0) as file:
        content = b"".join(blocks(file, source.compression, name))
    content = content.removeprefix(sources.BOM)
    return sum(bool(line.strip(b" \t\r\n")) for line in content.split(b"\n"))


@pytest.mark.parametrize("folder", [*ROWS, *SMALL])
def test_a_folder(folder: str, data_dir: Path):
    files = readable(data_dir / folder)
    found, sample = survey(files, Input())
    assert found.rows == found.records + found.unreadable + found.not_records
    assert len(found.files) == len(files)
    for file in found.files:
        assert lines(file.name) in (None, file.rows)
    assert ROWS.get(folder) in (None, found.rows)
    assert len(sample) == min(found.records, 2000)
    json.dumps(found.dump())
    told = list(sections.lines(Section(*part) for part in wording.parts(found)))
    assert all(line.isprintable() for line in told)
    assert len(told) < 400
