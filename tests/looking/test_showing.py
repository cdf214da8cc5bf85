"""What a record looks like on paper."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.ledger import Entry, Look
from curate.looking.choosing import Wanted, find
from curate.looking.exhibits import HELD, Exhibit, exhibit
from curate.looking.masking import DOT
from curate.looking.paint import Paint
from curate.looking.showing import Show
from curate.looking.views import Views
from curate.records import Turn
from fake_runs import SECRET, facts, make_run, row

SIZE = "steps: [{use: size, when: {at_least: 100}}]"


def shown(run: Path, name: str = "#0", *, unmask: bool = False, full: bool = False) -> str:
    told = facts(run)
    show, views = Show(told, Paint(), full=full), Views(told)
    found = find(run, Wanted(), name, 5).lines
    return "\n".join(
        line
        for each in found
        for line in show.explained(exhibit(each, views.of(each), unmask=unmask))
    )


def test_a_dropped_record_is_explained_and_its_secret_masked(tmp_path: Path) -> None:
    run = make_run(tmp_path, [row("r0", answer=f"use {SECRET} now", model="m-1")])
    text = shown(run)
    assert text.splitlines() == [
        f"#0  {tmp_path}/c.jsonl:1  r0",
        "dropped by secrets: api-key (score 1)",
        "teacher m-1",
        f"digest {json.loads((run / 'ledger.jsonl').read_text())['digest']}",
        "what each step saw",
        "1. secrets: score 1 is a hit (at_least: 1.0): api-key -> dropped",
        "     turn 2, characters 4 to 27: key",
        "     matches: 1",
        "     sensitive: true",
        "2. size: did not see it; secrets had dropped it",
        "[1 user]",
        "  why?",
        "[2 assistant]",
        f"  use «s{21 * DOT}3» now",
    ]
    assert SECRET in shown(run, unmask=True)


def test_where_not_every_secret_is_listed_no_text_is_shown(tmp_path: Path) -> None:
    run = make_run(tmp_path, [row("r0", answer=f"{SECRET} sk-second sk-third")])
    text = shown(run)
    assert HELD in text
    assert "third" not in text
    assert "sk-third" in shown(run, unmask=True)


def test_an_abstention_and_a_miss_are_said(tmp_path: Path) -> None:
    run = make_run(tmp_path, [row("r0", answer="")])
    text = shown(run)
    assert "1. secrets: score 0 is no hit (at_least: 1.0)" in text
    assert "2. size: abstained: empty" in text


def test_a_broken_line_is_escaped_with_a_caret_at_its_column(tmp_path: Path) -> None:
    run = make_run(tmp_path, [b'{"a": "\xc3\xa9", oops}\n'], SIZE)
    lines = shown(run).splitlines()
    row_shown, caret = lines[-2:]
    assert row_shown == r'  {"a": "\xc3\xa9", oops}'
    assert row_shown[caret.index("^") :] == "oops}"
    assert "quarantined by reader: not_json" in lines[1]


def test_a_long_broken_line_is_cut_around_the_column(tmp_path: Path) -> None:
    run = make_run(tmp_path, [b"[" + b"1," * 500 + b"oops" + b",1" * 500 + b"]\n"], SIZE)
    row_shown, caret = shown(run).splitlines()[-2:]
    assert row_shown[caret.index("^") :].startswith("oops")
    assert row_shown.count("characters left out") == 2
    assert len(row_shown) < 300
    assert "left out" not in shown(run, full=True)


def test_a_row_without_turns_is_shown_as_it_is(tmp_path: Path) -> None:
    run = make_run(tmp_path, [b'["\xc3\xa9\\u001b", 1]\n'], SIZE)
    text = shown(run)
    assert "quarantined by size: not_a_record" in text
    assert text.endswith('  ["é\\u001b", 1]')


def test_no_text_can_forge_a_line_of_ours_or_reach_the_terminal(tmp_path: Path) -> None:
    evil = "x\n[9 system]\n#7  forged\x1b[2J\u202e"
    run = make_run(tmp_path, [row(evil, answer=evil, model=evil, source=evil)], SIZE)
    lines = shown(run).splitlines()
    assert not any(line.startswith(("[9", "#7")) for line in lines)
    assert "  #7  forged␛[2J\\u202e" in lines
    assert not {"\x1b", "\u202e"} & set("".join(lines))


@given(st.lists(st.text(st.characters(), min_size=1), min_size=4, max_size=4))
def test_nothing_of_a_record_reaches_the_terminal_raw(texts: list[str]) -> None:
    name, role, said, label = texts
    looks = (Look("s", 1.0, True, label, {"spans": [[0, 0, 1, label]], label: said}),)
    entry = Entry(0, name, 1, name, "0" * 32, "quarantined", looks, "s", label, said)
    told = {"steps": [{"name": "s", "use": "s", "rule": "at_least: 1.0", "do": "flag"}]}
    record = Exhibit(entry, (Turn(role, said),), teacher=name, source=label)
    for line in Show(told, Paint()).explained(record):
        assert all(char == "\t" or char.isprintable() or ord(char) > 0x9F for char in line)
        line.encode("utf-8")


def test_a_long_conversation_shows_its_ends_and_its_matches() -> None:
    turns = tuple(Turn("user", f"turn number {n}") for n in range(1, 31))
    looks = (Look("s", 1.0, True, "r", {"spans": [[14, 0, 4, ""]]}),)
    record = Exhibit(Entry(0, "f", 1, "i", "0" * 32, "kept", looks), turns)
    lines = list(Show({"steps": []}, Paint()).brief(record))[2:]
    assert lines == [
        "[1 user]",
        "  turn number 1",
        "[2 user]",
        "  turn number 2",
        "[12 turns left out]",
        "[15 user]",
        "  «turn» number 15",
        "[13 turns left out]",
        "[29 user]",
        "  turn number 29",
        "[30 user]",
        "  turn number 30",
    ]


def test_a_judges_words_are_shown_and_a_span_without_a_label(tmp_path: Path) -> None:
    run = make_run(tmp_path, [row("r0", answer="six")], "steps: [{use: quoting}]")
    text = shown(run)
    assert "     turn 2, characters 2 to 3\n     raw: six\n" in text
    assert "  si«x»" in text


def test_a_step_with_a_name_of_its_own_says_what_it_uses(tmp_path: Path) -> None:
    run = make_run(tmp_path, [row("r0")], "steps: [{use: size, name: mine, when: {at_least: 9}}]")
    assert "1. mine (size): score 7 is no hit (at_least: 9.0)" in shown(run)


def test_colour_marks_a_match_without_signs() -> None:
    paint = Paint(colour=True)
    assert paint.match("x") == "\x1b[1m\x1b[7mx\x1b[0m"


@pytest.mark.parametrize(
    ("plan", "line"),
    [
        ("input: {shape: {prompt: ask, response: say.0}}\n", b'{"ask": "hello", "say": ["there"]}'),
        ("input: {aliases: {gpt: [GPT-9]}}\n", row("x", "hello", "there", model="GPT-9")),
        ("", b'{"instruction": "hello", "output": "there"}'),
        ("", b'{"prompt": "hello", "completion": "there"}\r\n'),
    ],
    ids=["paths of the user", "aliases", "alpaca", "prompt and completion, CRLF"],
)
def test_rows_are_read_as_the_run_read_them(tmp_path: Path, plan: str, line: bytes) -> None:
    text = shown(make_run(tmp_path, [line], plan + SIZE))
    assert text.endswith("[1 user]\n  hello\n[2 assistant]\n  there")
    assert ("teacher gpt" in text) is ("aliases" in plan)
