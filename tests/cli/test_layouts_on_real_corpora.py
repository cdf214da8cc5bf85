"""Real corpora, filtered into shards and compressed files, are the rows of a plain run."""

import hashlib
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from checks import unpacked
from curate.cli import main
from curate.engine.run import Options
from curate.ledger import OUTPUTS

PLAN = """
steps:
  - {use: regex, name: pii, with: {pack: pii}, do: {rewrite: {use: redact}}}
  - {use: regex, with: {patterns: {model: "(?i)as an ai|language model"}}, do: drop}
  - {use: duplicates, do: drop}
"""
PATTERNS = [
    "corpora/just_eval.*.jsonl",
    "gpteacher/*.json",
    "hh_rlhf/test.jsonl.gz",
    "fastchat/dummy_conversation.json",
]
RECORDS = 8 * 1_000 + 4_535 + 1_923 + 2_312 + 500
MB = 10**6


@pytest.fixture(scope="module")
def inputs(data_dir: Path) -> list[str]:
    found = [str(path) for pattern in PATTERNS for path in sorted(data_dir.glob(pattern))]
    assert len(found) == 12
    return found


@pytest.fixture(scope="module")
def folder(inputs: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Runs of one plan over the same inputs: `plain` and a folder for each other layout."""
    folder = tmp_path_factory.mktemp("runs")
    (folder / "plan.yaml").write_text(PLAN)
    for name, options in (("plain", []), *LAYOUTS.items()):
        arguments = ["run", str(folder / "plan.yaml"), *inputs, "--out", str(folder / name)]
        assert main([*arguments, "--executor", "threads", "--workers", "1", *options]) == 0
    return folder


LAYOUTS = {
    "shards": ["--shard-size", "1MB"],
    "zst": ["--shard-size", "1MB", "--compress", "zst"],
    "gz": ["--compress", "gz"],
}


def listed(run: Path) -> list[dict[str, Any]]:
    return json.loads((run / "manifest.json").read_text())["files"]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_files_one_after_another_are_those_of_a_plain_run(folder: Path, layout: str) -> None:
    rows: defaultdict[str, bytes] = defaultdict(bytes)
    for file in listed(folder / layout):
        if file["holds"] != "plan":
            content = unpacked(folder / layout / file["name"])
            assert content.count(b"\n") == file["rows"]
            rows[file["holds"]] += content
    for output in OUTPUTS:
        assert rows[output.removesuffix(".jsonl")] == (folder / "plain" / output).read_bytes()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_manifest_is_true_of_every_file(folder: Path, layout: str) -> None:
    run = folder / layout
    for file in listed(run):
        data = (run / file["name"]).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (file["bytes"], file["sha256"])
    written = {path.name for path in run.iterdir()}
    assert {file["name"] for file in listed(run)} == written - {"run.json", "manifest.json"}


@pytest.mark.parametrize("layout", ["shards", "zst"])
def test_a_shard_has_its_size_and_what_is_left_of_a_segment(folder: Path, layout: str) -> None:
    kept = [
        unpacked(folder / layout / file["name"])
        for file in listed(folder / layout)
        if file["holds"] == "kept"
    ]
    assert len(kept) > 8
    most = max(len(line) for rows in kept for line in rows.splitlines())
    for rows in kept[:-1]:
        assert MB <= len(rows) < MB + Options().lines * most
        assert rows.endswith(b"\n")


@pytest.mark.parametrize("layout", ["plain", *LAYOUTS])
def test_verify_finds_nothing(
    folder: Path, layout: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", str(folder / layout), "--inputs", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["verified"], told["counts"]["read"]) == (True, RECORDS)


@pytest.mark.parametrize("layout", ["zst", "gz"])
def test_the_corpora_come_back(
    folder: Path, layout: str, inputs: list[str], tmp_path: Path
) -> None:
    assert main(["restore", str(folder / layout), "--out", str(tmp_path / "back")]) == 0
    assert main(["restore", str(folder / "plain"), "--out", str(tmp_path / "same")]) == 0
    for path in map(Path, inputs):
        name = path.name.removesuffix(".gz")
        back = (tmp_path / "back" / name).read_bytes()
        assert back == (tmp_path / "same" / name).read_bytes()
        if name.endswith(".jsonl"):  # the elements of an array come back as lines
            assert back == unpacked(path)
