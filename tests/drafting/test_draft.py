"""A first plan: valid, runnable, the same for the same corpus, true in what it says."""

import json
import random
import re
from pathlib import Path

import pytest

from curate import plan, registry
from curate.api import Context
from curate.drafting.draft import draft
from curate.drafting.further import further
from curate.drafting.quoting import pattern
from curate.engine.run import Options, run
from curate.io import sources
from curate.plan import Input
from curate.surveying.survey import survey
from docs.blocks import ROOT
from rollout_rows import Row, row, write

FIRST = ROOT / "examples" / "first" / "corpus.jsonl"
HOSTILE = ["no", "a\nsteps: []", '"', "'", "# x", "{{x}}", "[gpt-*]", "\x85\u2028", "\ud800", "%"]


def drafted(*files: Path | str) -> str:
    names = [str(file) for file in files]
    found, sample = survey(names, Input())
    return draft(names, found, sample, registry.load())


def dry_run(text: str, *files: Path) -> dict:
    resolved = registry.resolve(plan.loads(text), registry.load())
    found = sources.expand([str(file) for file in files])
    return run(resolved, found, None, Options(executor="threads", workers=1), Context())


def hits(text: str) -> dict[str, int]:
    """What the comments say that a step hits, by the filter and the pack."""
    found = re.findall(r"# Hits ([\d,]+) of .*\n(?:  #.*\n)*  - use: (\w+)\n(.*)", text)
    packs = [re.search(r"pack: ([\w-]+)", more) for _, _, more in found]
    return {
        pack[1] if pack else use: int(number.replace(",", ""))
        for (number, use, _), pack in zip(found, packs, strict=True)
    }


@pytest.fixture(scope="module")
def first() -> str:
    return drafted(FIRST)


def test_it_says_what_the_steps_hit(first: str):
    """Each step by itself: as a run that only flags counts them."""
    flags = first.replace("do: drop", "do: flag")
    told = {step["name"]: step["hits"] for step in dry_run(flags, FIRST)["steps"]}
    assert hits(first) == told
    assert len(told) == 11


def test_it_reads_the_corpus_as_it_is(first: str):
    read = plan.loads(first).plan.input
    assert (read.shape, read.teacher) == ("messages", "metadata.teacher")
    assert '\n  # aliases:\n  #   "teacher-b": ["teacher-b-2026-04"]\n' in first


def test_what_is_commented_out_is_valid_too(first: str):
    """Taking the `#` away is all it needs, and the plugin."""
    aliases = first.replace("  # aliases:\n  #   ", "  aliases:\n    ")
    assert plan.loads(aliases).plan.input.aliases == {"teacher-b": ["teacher-b-2026-04"]}
    head, _, more = first.partition("  # More, for when you need it:\n")
    lines = [re.sub(r"^  # (- |  )", r"  \1", line) for line in more.splitlines()]
    loaded = plan.loads(head + "\n".join(lines)).plan
    listed = loaded.steps[-len(list(further())) :]
    assert [step.use for step in listed] == [step.use for step in further()]
    installed = registry.load()
    for step in listed:
        if step.use in installed.filters:
            registry.Builder(installed).build(installed.filters[step.use].cls, step.with_)
        else:
            assert step.use == "language"  # a plugin that need not be installed


def test_the_same_corpus_gives_the_same_bytes_in_any_order(tmp_path: Path):
    path = tmp_path / "corpus.jsonl"
    rows = [row(f"Why {n}?", f"Because {n} is so." * (n % 3), f"t{n % 4}") for n in range(3000)]
    write(path, rows)
    text = drafted(path)
    assert drafted(path) == text
    random.Random(1).shuffle(rows)
    write(path, rows)
    assert drafted(path) == text
    assert "a sample of 2,000 records" in text


def test_hostile_names_stay_names(tmp_path: Path):
    path = tmp_path / "corpus # \n.jsonl"
    rows: list[Row] = [row(f"Why {name}?", "It is so because", name) for name in HOSTILE]
    write(path, [*rows, *(row("Why?", "It is so because", name.upper()) for name in HOSTILE)])
    text = drafted(path)
    assert text.isascii()
    assert all(line.isprintable() for line in text.splitlines())
    (step,) = [each for each in plan.loads(text).plan.steps if each.use == "provenance"]
    names = {each for name in HOSTILE for each in (name, name.upper())}
    assert set(step.with_["allow"]) == {pattern(name) for name in names - {"\ud800"}}
    (*_, provenance) = dry_run(text, path)["steps"]
    assert (provenance["hits"], provenance["abstained"]) == (2, 0)  # it cannot be written
    stranger = write(tmp_path / "other.jsonl", [row("Why?", "It is so because", "gpt-4")])
    assert dry_run(text, stranger)["steps"][-1]["hits"] == 1


def test_a_step_that_would_drop_much_only_flags(tmp_path: Path):
    rows = [row(f"Why {n}?", "so" if n < 11 else "it is so because", "t") for n in range(100)]
    steps = plan.loads(drafted(write(tmp_path / "a.jsonl", rows))).plan.steps
    assert next(step for step in steps if step.use == "length").do == "flag"
    steps = plan.loads(drafted(write(tmp_path / "b.jsonl", rows[1:]))).plan.steps
    assert next(step for step in steps if step.use == "length").do == "flag"  # 10 of 99
    steps = plan.loads(drafted(write(tmp_path / "c.jsonl", rows[2:]))).plan.steps
    assert next(step for step in steps if step.use == "length").do == "drop"


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"", "There are no rows yet."), (b"{\n[\n", "2 of 2."), (b'{"a": 1}\n', "Found: unknown.")],
    ids=["empty", "broken", "of an unknown shape"],
)
def test_a_corpus_without_records_has_a_plan_too(content: bytes, told: str, tmp_path: Path):
    path = tmp_path / "corpus.jsonl"
    path.write_bytes(content)
    text = drafted(path)
    assert told in text
    assert "provenance" not in text
    counts = dry_run(text, path)["counts"]
    assert counts["read"] == counts["quarantined"] == content.count(b"\n")


def test_files_of_several_shapes(tmp_path: Path):
    one = write(tmp_path / "one.jsonl", [row("Why?", "It is so because", "t")])
    two = tmp_path / "two.jsonl"
    two.write_text(json.dumps({"prompt": "a", "completion": "It is so", "model": "u"}))
    text = drafted(one, two)
    assert "Found: messages, prompt_completion." in text
    read = plan.loads(text).plan.input
    assert (read.shape, read.teacher) == ("auto", ["teacher", "model"])
    assert dry_run(text, one, two)["counts"]["kept"] == 2


@pytest.mark.parametrize(
    "corpus",
    ["corpora/just_eval.gpt-4-0314.jsonl", "llamafactory/dpo_en_demo.json", "gsm8k/test.jsonl"],
)
def test_it_runs_on_real_corpora_and_the_books_balance(corpus: str, data_dir: Path, tmp_path: Path):
    path = data_dir / corpus
    resolved = registry.resolve(plan.loads(drafted(path)), registry.load())
    options = Options(executor="threads", workers=1)
    facts = run(resolved, sources.expand([str(path)]), tmp_path / "run", options, Context())
    counts = facts["counts"]
    assert facts["status"] == "complete"
    assert counts["read"] == counts["kept"] + counts["dropped"] + counts["quarantined"] > 0
    assert counts["kept"] > 0.5 * counts["read"]
