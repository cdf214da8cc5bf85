"""Baselines: what is accepted stays accepted wherever it stands, and nothing else does."""

import json
import random
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.errors import UsageError
from curate.gate import baseline as baselines
from curate.gate.baseline import Accepted, Baseline
from fake_runs import PLAN, SECRET, row
from gate.gates import BROKEN_ROW, CLEAN, LEAK, corpus, gated, judged

OTHER = row("other", answer=f"another {SECRET}")
RULES = " - hits.secrets == 0\n - hits.size == 0\n"


def accepted(path: Path, rules: str = RULES) -> Baseline:
    return gated([path], PLAN, rules, accepting=True).accepted


def test_what_was_accepted_passes_wherever_it_stands(tmp_path: Path):
    rows = [CLEAN, LEAK, CLEAN, OTHER, row("long", answer="x" * 200), LEAK]
    baseline = accepted(corpus(tmp_path, *rows))
    counts = [(each.step, each.count) for each in baseline.entries()]
    assert sorted(counts) == [("secrets", 1), ("secrets", 2), ("size", 1)]
    random.Random(3).shuffle(rows)
    result = judged([corpus(tmp_path, b"\n\n", *rows)], PLAN, RULES, baseline=baseline)
    assert (result.status, result.findings, result.stale) == ("passed", (), ())
    assert [rule.known for rule in result.rules] == [0, 3, 1]


def test_a_row_more_often_than_accepted_is_new(tmp_path: Path):
    baseline = accepted(corpus(tmp_path, LEAK, CLEAN, LEAK))
    result = judged([corpus(tmp_path, *[LEAK] * 3)], PLAN, RULES, baseline=baseline)
    assert result.status == "failed"
    assert [(f.line, f.occurrence) for f in result.findings] == [(3, 3)]


def test_a_changed_row_is_new(tmp_path: Path):
    baseline = accepted(corpus(tmp_path, LEAK))
    changed = LEAK.replace(b"indeed", b"really")
    result = judged([corpus(tmp_path, changed)], PLAN, RULES, baseline=baseline)
    assert (result.status, len(result.findings)) == ("failed", 1)
    assert [each.missing for each in result.stale] == [1]


def test_what_is_not_found_any_more_is_stale_and_passes(tmp_path: Path):
    baseline = accepted(corpus(tmp_path, LEAK, LEAK, OTHER))
    result = judged([corpus(tmp_path, LEAK)], PLAN, RULES, baseline=baseline)
    assert result.status == "passed"
    assert sorted(each.missing for each in result.stale) == [1, 1]


def test_known_findings_do_not_count_toward_a_share(tmp_path: Path):
    rule = " - hits.secrets.fraction <= 0.25\n"
    path = corpus(tmp_path, LEAK, LEAK, OTHER, CLEAN)
    assert judged([path], PLAN, rule).status == "failed"
    few = Baseline.of(each for each in accepted(path, rule).entries() if each.count == 2)
    result = judged([path], PLAN, rule, baseline=few)
    assert result.rules[1].told == "0.25 (1 of 4 rows), 2 more in the baseline"
    assert result.status == "passed"


def test_a_baseline_does_not_excuse_rows_that_could_not_be_judged(tmp_path: Path):
    path = corpus(tmp_path, LEAK, BROKEN_ROW)
    baseline = accepted(path)
    assert judged([path], PLAN, RULES, baseline=baseline).status == "incomplete"


def test_the_file_is_stable_and_one_entry_a_line(tmp_path: Path):
    rows = [LEAK, OTHER, row("long", answer="x" * 200)]
    text = accepted(corpus(tmp_path, *rows)).dump()
    assert text == accepted(corpus(tmp_path, *reversed(rows), name="c.jsonl")).dump()
    assert sum('"fingerprint"' in line for line in text.splitlines()) == 3
    assert json.loads(text)["version"] == 1
    assert SECRET not in text


def entry(step: str, reason: str, digest: str, file: str, count: int) -> Accepted:
    told = f"{digest}\0{step}\0{reason}".encode()
    return Accepted(
        step=step,
        reason=reason,
        digest=digest,
        fingerprint=sha256(told).hexdigest()[:32],
        file=file,
        count=count,
    )


TEXTS = st.text(st.characters(exclude_categories=["C"]), max_size=5)
ENTRIES = st.lists(
    st.builds(
        entry,
        step=st.sampled_from("st"),
        reason=st.sampled_from(["a", "ä", ""]),
        digest=st.just("d"),
        file=TEXTS,
        count=st.integers(1, 3),
    ),
    unique_by=lambda each: each.fingerprint,
)


@given(ENTRIES, ENTRIES)
def test_a_file_is_read_back_and_differences_add_up(tmp_path_factory, one, other):
    path = tmp_path_factory.mktemp("b") / "b.json"
    old, new = Baseline.of(one), Baseline.of(other)
    path.write_text(old.dump(), "utf-8")
    assert baselines.load(path) == old
    for name in {*old.accepted, *new.accepted}:
        more = {each.fingerprint: each.count for each in new.added(old)}.get(name, 0)
        less = {each.fingerprint: each.count for each in old.added(new)}.get(name, 0)
        assert old.allows(name) + more - less == new.allows(name)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (None, "cannot be read"),
        (b"\xff", "not a baseline"),
        (b"[]", "not a baseline of version"),
        (b'{"version": 2, "accepted": []}', "not a baseline of version"),
        (b'{"version": 1}', "not a baseline"),
        (b'{"version": 1, "accepted": [{"step": 1}]}', "not a baseline"),
        (b'{"version": 1, "accepted": 5}', "not a baseline"),
        (b"[" * 100_000, "not a baseline"),
        (b'{"version": true, "accepted": []}', "not a baseline of version"),
        (b'{"version": 1.0, "accepted": []}', "not a baseline of version"),
        (b'{"version": 1, "accepted": [], "accepted": []}', "a key stands twice"),
        (b'{"version": 1, "accepted": [], "more": 1}', "and a list `accepted`, no more"),
        (b'{"version": 1, "accepted": {}}', "and a list `accepted`, no more"),
    ],
)
def test_a_broken_baseline_is_a_usage_error(tmp_path: Path, data: bytes | None, told: str):
    if data is not None:
        (tmp_path / "b.json").write_bytes(data)
    with pytest.raises(UsageError, match=told):
        baselines.load(tmp_path / "b.json")


@pytest.mark.parametrize(
    "change",
    [
        {"step": "size"},
        {"reason": "harmless"},
        {"digest": "0" * 64},
        {"fingerprint": "0" * 32},
        {"count": 0},
        {"count": 10**12},
        {"count": True},
        {"count": 1.0},
        {"count": "1"},
    ],
)
def test_an_edited_entry_is_a_usage_error(tmp_path: Path, change: dict[str, object]):
    [known] = accepted(corpus(tmp_path, LEAK)).entries()
    told = {"version": 1, "accepted": [known.model_dump() | change]}
    (tmp_path / "b.json").write_text(json.dumps(told))
    with pytest.raises(UsageError):
        baselines.load(tmp_path / "b.json")


def test_what_was_masked_is_read_back(tmp_path: Path):
    leak = row("leak", answer=f"the key is {SECRET} indeed", model=f"a\n{SECRET}")
    path = corpus(tmp_path, leak)
    plan, rules = "steps: [{use: secrets, do: flag}]", " - teachers.allow: [x]\n"
    (tmp_path / "b.json").write_text(gated([path], plan, rules, accepting=True).accepted.dump())
    assert SECRET not in (tmp_path / "b.json").read_text()
    known = baselines.load(tmp_path / "b.json")
    assert judged([path], plan, rules, baseline=known).status == "passed"


def test_a_repeated_entry_is_a_usage_error(tmp_path: Path):
    entry = accepted(corpus(tmp_path, LEAK)).entries()[0].model_dump_json()
    (tmp_path / "b.json").write_text(f'{{"version": 1, "accepted": [{entry}, {entry}]}}')
    with pytest.raises(UsageError, match="twice"):
        baselines.load(tmp_path / "b.json")
