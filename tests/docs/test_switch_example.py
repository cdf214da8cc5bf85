"""Drop against switch, as in the README, on answers nobody here wrote."""

import json
from pathlib import Path

import pytest

from curate import ledger, plan, registry
from curate.api import Context
from curate.cli import main
from curate.engine.run import Options, run
from curate.io import sources

TEACHERS = ("Llama-2-7b-chat-hf", "vicuna-7b-v1.5", "Mistral-7B-Instruct-v0.1")
CLEAN = ("gpt-4-0314", "zephyr-7b-beta")
STEPS = """
steps:
  - {{use: provenance, name: llama, with: {{teachers: [Llama-2-7b-chat-hf]}}}}
  - use: trait
    with: {{card: refusal}}
    only: llama
    do: {do}
"""


def arm(data_dir: Path, out: Path, do: str) -> Path:
    corpora = [str(data_dir / f"corpora/just_eval.{name}.jsonl") for name in TEACHERS]
    resolved = registry.resolve(plan.loads(STEPS.format(do=do)), registry.load())
    run(resolved, sources.expand(corpora), out, Options(), Context())
    return out


def hits(out: Path) -> dict[str, bool]:
    """Return whether the trait was found, by digest of the row as it was read."""
    return {
        entry.digest: len(entry.trail) > 1 and entry.trail[1].hit for entry in ledger.entries(out)
    }


def kept(out: Path) -> dict[str, bytes]:
    return {entry.digest: row for entry, row in ledger.rows(out) if entry.fate == "kept"}


def test_the_arms_differ_exactly_on_the_hits(data_dir: Path, tmp_path: Path) -> None:
    clean = tmp_path / "clean.index"
    answers = [f"{data_dir}/corpora/just_eval.{name}.jsonl" for name in CLEAN]
    assert main(["index", "build", *answers, "--out", str(clean)]) == 0
    dropped = arm(data_dir, tmp_path / "dropped", "drop")
    do = f"{{rewrite: {{use: replay, with: {{index: '{clean}', prefer: [gpt-4-0314]}}}}}}"
    switched = arm(data_dir, tmp_path / "switched", do)

    found = hits(dropped)
    assert found == hits(switched)
    assert sum(found.values()) > 200
    with_drop, with_switch = kept(dropped), kept(switched)
    assert with_drop.keys() == {digest for digest, hit in found.items() if not hit}
    for digest, row in with_switch.items():
        if found[digest]:
            assert json.loads(row)["metadata"]["teacher"] in CLEAN
        else:
            assert row == with_drop[digest]
    told = ledger.summary(switched)["steps"][1]["rewrite"]
    assert told["rewritten"] > told["dropped"] > 0
    assert told["rewritten"] + told["dropped"] == sum(found.values())

    assert main(["verify", str(switched)]) == 0
    assert main(["restore", str(switched), "--out", str(tmp_path / "original")]) == 0
    for name in TEACHERS:
        file = f"just_eval.{name}.jsonl"
        original = (data_dir / "corpora" / file).read_bytes()
        assert (tmp_path / "original" / file).read_bytes() == original


@pytest.mark.slow
def test_the_fingerprint_shows_what_each_arm_did(
    data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [str(data_dir / f"corpora/just_eval.{name}.jsonl") for name in (*TEACHERS, *CLEAN)]
    clean = tmp_path / "clean.jsonl"
    clean.write_bytes(b"".join(Path(name).read_bytes() for name in files[-2:]))
    do = f"{{rewrite: {{use: replay, with: {{index: '{clean}', prefer: [gpt-4-0314]}}}}}}"
    arms = [arm(data_dir, tmp_path / "d", "drop"), arm(data_dir, tmp_path / "s", do)]
    told = []
    for out in arms:
        before = [part for name in files[:3] for part in ("--before", name)]
        more = ["--quick", "--splits", "1", "--rows", "500", "--json", "--after"]
        capsys.readouterr()
        assert main(["audit", "fingerprint", *files, *before, *more, f"{out}/kept.jsonl"]) == 0
        told.append(json.loads(capsys.readouterr().out)["changes"])
    dropped, switched = told
    assert (dropped["rewritten"], dropped["gone"] > 200) == (0, True)
    assert abs(dropped["kept"]["change"]["value"]) < 0.1
    assert switched["rewritten"] > 200
    assert switched["rewrite"]["verdict"] == "changed"
    assert switched["rewrite"]["old_before"]["value"] > 0.8
    assert switched["rewrite"]["old_after"]["value"] < 0.1
