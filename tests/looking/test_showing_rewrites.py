"""A rewritten record on paper: what was read above what it says now, and who wrote it."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.errors import LedgerError, UsageError
from curate.ledger import Look
from curate.looking.choosing import Wanted, find, sample
from curate.looking.exhibits import Exhibit, exhibit
from curate.looking.masking import DOT, Mask
from curate.looking.paint import Paint
from curate.looking.showing import Show
from curate.looking.versions import seen
from curate.looking.views import Views
from curate.records import Turn
from fake_runs import facts, row
from rewritten_runs import make

OLD, NEW = "sk-oldSecret1111", "sk-newSecret2222"
PLAN = """
steps:
  - use: holds
    do: {rewrite: {use: cleaner}, guards: [], length: [0, 100], otherwise: drop, tries: 2}
  - {use: size, when: {at_least: 10}}
"""


def exhibits(run: Path, name: str, *, unmask: bool = False) -> list[Exhibit]:
    views = Views(facts(run))
    found = find(run, Wanted(), name, 5).lines
    return [exhibit(line, views.of(line), unmask=unmask) for line in found]


def shown(run: Path, name: str, step: str = "") -> list[str]:
    show = Show(facts(run), Paint(), step)
    return [line for each in exhibits(run, name) for line in show.explained(each)]


def test_both_texts_are_shown_with_who_wrote_them_and_what_was_refused(tmp_path: Path) -> None:
    run = make(tmp_path, {"c.jsonl": b"\n" + row("r0", answer="bad twice", model="m-1")}, PLAN)
    entry = json.loads((run / "ledger.jsonl").read_text())
    assert shown(run, "r0") == [
        f"#1  {tmp_path}/c.jsonl:2  r0",
        "kept; hit by holds: has_bad (score 1), rewritten: m-1 -> clean-1; hit by size: score 13",
        "teacher clean-1",
        f"digest {entry['digest']}",
        f"rewritten as {entry['written']}",
        "what each step saw",
        "1. holds: score 1 is a hit (at_least: 0.5): has_bad -> rewritten",
        "     turn 2, characters 0 to 3: bad",
        "     rewritten by cleaner 1: turn 2; m-1 -> clean-1",
        f"     digest: {entry['digest']} -> {entry['written']}",
        f"     prompt key: {entry['trail'][0]['rewrite']['prompt_key']}",
        "     tries: 2, refused: still_hit (1)",
        "     new text, judged by holds: score 0 is no hit",
        "     from: pool.jsonl:7",
        "2. size: score 13 is a hit (at_least: 10.0) -> flag",
        "[1 user]",
        "  why?",
        "[2 assistant, as read]",
        "  «bad» twice",
        "[2 assistant, rewritten]",
        "  a good answer",
    ]


@pytest.mark.parametrize(
    ("answer", "why", "tries"),
    [("bad stuck", "still_hit", "2, refused: still_hit (2)"), ("bad none", "no_pair", "0")],
)
def test_why_a_hit_was_not_rewritten_is_said(
    tmp_path: Path, answer: str, why: str, tries: str
) -> None:
    lines = shown(make(tmp_path, {"c.jsonl": row("r0", answer=answer)}, PLAN), "r0")
    assert lines[1] == f"dropped by holds: has_bad (score 1), not rewritten: {why}"
    assert f"     not rewritten by cleaner 1: {why}" in lines
    assert f"     tries: {tries}" in lines
    assert "2. size: did not see it; holds had dropped it" in lines
    assert lines[-2:] == ["[2 assistant]", f"  «bad» {answer.split()[1]}"]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    answers = ["fine", "bad", "bad stuck", "bad none", "bad twice", "fine too", "bad " * 9]
    rows = [row(f"r{n}", answer=answer) + b"\n" * (n % 3) for n, answer in enumerate(answers)]
    return make(tmp_path_factory.mktemp("chosen"), {"c.jsonl": b"".join(rows)}, PLAN, lines=2)


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        (Wanted(rewritten=True), ["r1", "r4", "r6"]),
        (Wanted(frozenset({"dropped"}), rewritten=True), []),
        (Wanted(step="holds"), ["r1", "r2", "r3", "r4", "r6"]),
        (Wanted(reason="still_hit"), ["r2", "r4"]),
        (Wanted(reason="still_hit", rewritten=True), ["r4"]),
        (Wanted(step="holds", reason="no_pair"), ["r3"]),
        (Wanted(reason="has_bad"), ["r1", "r2", "r3", "r4", "r6"]),
    ],
    ids=repr,
)
def test_records_are_chosen_by_what_came_of_rewriting(
    run: Path, wanted: Wanted, ids: list[str]
) -> None:
    assert [line.entry.id for line in sample(run, wanted, 10, 0).lines] == ids


def test_the_original_belongs_to_the_entry(run: Path) -> None:
    for line in sample(run, Wanted(), 10, 0).lines:
        assert bool(line.before) is bool(line.entry.written)
        if line.before:
            assert json.loads(line.before)["id"] == json.loads(line.row)["id"] == line.entry.id
            assert b"bad" in line.before
            assert b"a good answer" in line.row


def test_a_record_is_found_by_the_digest_of_its_new_row(run: Path) -> None:
    entry = find(run, Wanted(), "r1", 1).lines[0].entry
    for digest in (entry.digest, entry.written):
        assert [line.entry for line in find(run, Wanted(), digest[:8], 5).lines] == [entry]


def test_a_reason_that_nobody_gave_names_those_of_rewriting(run: Path) -> None:
    with pytest.raises(UsageError, match="did you mean 'still_hit'"):
        sample(run, Wanted(reason="stil_hit"), 5, 0)


def test_an_original_that_is_gone_is_an_error(tmp_path: Path) -> None:
    run = make(tmp_path, {"c.jsonl": row("a", answer="bad")}, PLAN)
    (run / "replaced.jsonl").write_bytes(b"{\n")
    with pytest.raises(LedgerError, match="the original of line #0 is damaged"):
        shown(run, "a")
    (run / "replaced.jsonl").write_bytes(b"")
    with pytest.raises(LedgerError, match="ends before the ledger's line 0"):
        shown(run, "a")
    (run / "replaced.jsonl").unlink()
    with pytest.raises(LedgerError, match="No such file"):
        shown(run, "a")


def test_a_run_without_originals_is_shown_where_nothing_was_rewritten(tmp_path: Path) -> None:
    run = make(tmp_path, {"c.jsonl": row("a")}, PLAN)
    (run / "replaced.jsonl").unlink()
    assert shown(run, "a")[-1] == "  because"


def test_the_teacher_shown_is_the_new_one_where_the_row_has_no_place_for_it(
    tmp_path: Path,
) -> None:
    plan = "input: {teacher_is: old-1}\n" + PLAN
    (each,) = exhibits(make(tmp_path, {"c.jsonl": row("a", answer="bad")}, plan), "a")
    assert (each.teacher_before, each.teacher) == ("old-1", "clean-1")
    dumped = each.dump()
    assert dumped["before"]["teacher"] == "old-1"
    assert [turn["text"] for turn in dumped["before"]["turns"]] == ["why?", "bad"]
    assert [turn["text"] for turn in dumped["turns"]] == ["why?", "a good answer"]


def test_of_a_long_conversation_the_rewritten_turns_are_shown(tmp_path: Path) -> None:
    before = tuple(Turn("user", f"t{n}") for n in range(30))
    after = tuple(
        turn._replace(text="new") if n in (9, 20) else turn for n, turn in enumerate(before)
    )
    entry = exhibits(make(tmp_path, {"c.jsonl": row("a")}, PLAN), "a")[0].entry
    show = Show({"steps": []}, Paint())
    lines = list(show.brief(Exhibit(entry, after, before=before)))
    assert [line for line in lines if line.startswith("[")] == [
        *("[1 user]", "[2 user]", "[7 turns left out]"),
        *("[10 user, as read]", "[10 user, rewritten]", "[10 turns left out]"),
        *("[21 user, as read]", "[21 user, rewritten]", "[7 turns left out]"),
        *("[29 user]", "[30 user]"),
    ]


SECRETS = """
steps:
  - {use: secrets}
  - use: holds
    do: {rewrite: {use: cleaner, with: {text: "use TEXT"}}, guards: [], length: [0, 99]}
"""


@pytest.mark.parametrize("after", ["", "  - {use: secrets, name: later}\n"], ids=["", "later"])
def test_secrets_of_both_texts_are_masked(tmp_path: Path, after: str) -> None:
    """Also one that only the new text has, and only a step before the rewriting looks for."""
    plan = SECRETS.replace("TEXT", NEW) + after
    asked = f"why {OLD}?"
    for name, answer in (("a", "bad"), ("b", f"bad {OLD}"), ("c", f"bad sk-another{OLD}")):
        run = make(tmp_path, {f"{name}.jsonl": row("r", asked, answer)}, plan, out=name)
        texts = "\n".join(shown(run, "r")), json.dumps([each.dump() for each in exhibits(run, "r")])
        for text in texts:
            assert OLD not in text
            assert NEW not in text
        (unmasked,) = exhibits(run, "r", unmask=True)
        assert NEW in json.dumps(unmasked.dump())


def test_masks_of_both_texts_stand_where_the_secrets_are(tmp_path: Path) -> None:
    run = make(tmp_path, {"c": row("r", f"why {OLD}?", f"bad {OLD}")}, SECRETS.replace("TEXT", NEW))
    assert shown(run, "r")[-6:] == [
        "[1 user]",
        f"  why «s{14 * DOT}1»?",
        "[2 assistant, as read]",
        f"  «bad» «s{14 * DOT}1»",
        "[2 assistant, rewritten]",
        f"  use «s{14 * DOT}2»",
    ]


def look(*spans: list[Any], **more: Any) -> Look:
    return Look("s", 1.0, True, "key", {"spans": list(spans), "sensitive": True}, **more)


def new(*turns: int, again: Any = ()) -> Look:
    """Return the look of a step that rewrote these turns."""
    return Look("r", 1.0, True, rewrite={"outcome": "rewritten", "turns": turns, "again": again})


def turns(*texts: str) -> tuple[Turn, ...]:
    return tuple(Turn("user", text) for text in texts)


def test_a_look_speaks_of_the_text_of_its_time() -> None:
    trail = [
        look([0, 0, 1], [1, 0, 1]),
        new(
            1, again=[{"step": "s", "score": 1.0, "hit": True, "evidence": {"spans": [[1, 2, 3]]}}]
        ),
        look([0, 4, 5], [1, 4, 5]),
        new(0),
        look([0, 6, 7]),
    ]
    found = [([*each.before], [*each.after]) for each in seen(trail) if each.look.evidence]
    places = [[[(mark.turn, mark.start) for mark in marks] for marks in both] for both in found]
    assert places == [
        [[(0, 0), (1, 0)], []],
        [[], [(1, 2)]],
        [[(0, 4)], [(1, 4)]],
        [[], [(0, 6)]],
    ]


def test_what_is_in_neither_text_withholds_both() -> None:
    trail = [new(0), look([0, 0, 4]), new(0)]
    assert Mask(trail, turns("now"), turns("then")).withholds
    assert not Mask(
        [new(0), look([0, 0, 3]), new(1)], turns("now", ""), turns("then", "")
    ).withholds


@pytest.mark.parametrize("trail", [[look([0, 0, 9]), new(0)], [new(0), look([0, 0, 9])]])
def test_a_span_that_does_not_fit_its_text_withholds(trail: list[Look]) -> None:
    assert Mask(trail, turns("four"), turns("four")).withholds


@given(
    st.lists(
        st.one_of(
            st.builds(
                lambda at, length: ("look", at, length), st.integers(0, 12), st.integers(4, 9)
            ),
            st.just(("rewrite", 0, 0)),
        ),
        max_size=5,
    )
)
@settings(max_examples=200)
def test_no_secret_of_any_version_is_shown(events: list[tuple[str, int, int]]) -> None:
    """One turn; every version has other characters, so that a secret names its version."""
    versions = ["abcdefghijklmnopqrstuvwxyz"]
    trail: list[Look] = []
    secrets = []
    for kind, at, length in events:
        if kind == "rewrite":
            versions.append("".join(chr(ord("a") + 0x100 * len(versions) + n) for n in range(26)))
            trail.append(new(0))
        else:
            trail.append(look([0, at, at + length]))
            secrets.append(versions[-1][at : at + length])
    before = turns(versions[0]) if len(versions) > 1 else ()
    mask = Mask(trail, turns(versions[-1]), before)
    if mask.withholds:
        return
    texts = mask.turn(0, versions[-1]) + (mask.before(0, versions[0]) if before else "")
    assert not any(secret[1:-1] in texts for secret in secrets)
