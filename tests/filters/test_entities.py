import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from curate import plan, registry
from curate.api import Context, Judge, Verdict
from curate.engine.run import Options, run
from curate.errors import InputError, UsageError
from curate.filters.entities import Entities
from curate.io import shapes, sources
from curate.records import Record, View
from curate.testing import check_filter

VERSION = {"label": "VERSION", "pattern": [{"LOWER": "version"}, {"LIKE_NUM": True}]}
ACME = {"label": "ORG", "id": "acme", "pattern": [{"LOWER": "acme"}, {"LOWER": "inc", "OP": "?"}]}
PATTERNS = ["Project Bluebird", [{"SHAPE": "dddd"}], VERSION, ACME]


def record(*messages: tuple[str, str]) -> Record:
    row = {"messages": [{"role": role, "content": text} for role, text in messages]}
    return Record(json.dumps(row).encode(), 1, "rows.jsonl", View(shapes.get("messages")))


def says(text: str) -> Record:
    return record(("user", "Go on."), ("assistant", text))


def judge(filter: Entities, *records: Record) -> list[Verdict]:
    with filter.open(Context()) as judged:
        return list(judged(records))


def test_phrases_tokens_and_labelled_patterns_are_counted_and_pointed_at() -> None:
    text = "Acme Inc ships Version 3 of Project Bluebird in 1999, version 4 never."
    (verdict,) = judge(Entities(patterns=PATTERNS), says(text))
    assert (verdict.score, verdict.reason) == (5.0, "match")  # as often as version, and before it
    found = [(text[start:end], label) for _, start, end, label in verdict.evidence["spans"]]
    assert found == [
        ("Acme Inc", "ORG:acme"), ("Version 3", "VERSION"), ("Project Bluebird", "MATCH"),
        ("1999", "MATCH"), ("version 4", "VERSION"),
    ]  # fmt: skip
    assert verdict.evidence["labels"] == {"MATCH": 2, "ORG": 1, "VERSION": 2}
    assert verdict.evidence["matches"] == 5
    assert "sensitive" not in verdict.evidence


def test_nothing_found_is_one_shared_verdict_and_no_hit() -> None:
    one, other = judge(Entities(patterns=PATTERNS), says("nothing"), record(("user", "acme")))
    assert one == Verdict(0.0)
    assert one is other
    assert not Entities.rule.hit(0.0)
    assert Entities.rule.hit(1.0)


def test_of_spans_that_overlap_the_longest_counts_then_the_first() -> None:
    patterns = [{"label": name, "pattern": name} for name in ("a b", "b c d", "d e f", "f g")]
    (verdict,) = judge(Entities(patterns=patterns), says("a b c d e f g"))
    assert [span[3] for span in verdict.evidence["spans"]] == ["b c d", "f g"]


def test_of_patterns_over_the_same_tokens_the_first_counts() -> None:
    both = [
        {"label": "TOKENS", "pattern": [{"LOWER": "acme"}]},
        {"label": "PHRASE", "pattern": "acme"},
    ]
    for patterns in (both, both[::-1]):
        (verdict,) = judge(Entities(patterns=patterns), says("acme"))
        assert verdict.evidence["labels"] == {patterns[0]["label"]: 1}


def test_labels_that_do_not_count_hide_nothing() -> None:
    patterns = [{"label": "LONG", "pattern": "a b c"}, {"label": "SHORT", "pattern": "b"}]
    (verdict,) = judge(Entities(patterns=patterns, labels=["SHORT"]), says("a b c"))
    assert verdict.evidence["spans"] == [[1, 2, 3, "SHORT"]]
    with pytest.raises(UsageError, match=r"nothing has the label 'SHRT'; did you mean 'SHORT'"):
        judge(Entities(patterns=patterns, labels=["SHRT"]))


def test_case_is_ignored_in_phrases_where_asked_for() -> None:
    loud = says("PROJECT bluebird")
    assert judge(Entities(patterns=PATTERNS), loud)[0].score == 0
    assert judge(Entities(patterns=PATTERNS, ignore_case=True), loud)[0].score == 1


def test_spans_are_at_most_twenty_and_matches_go_on() -> None:
    (verdict,) = judge(Entities(patterns=PATTERNS, sensitive=True), says("acme " * 25))
    assert verdict.score == verdict.evidence["matches"] == verdict.evidence["labels"]["ORG"] == 25
    assert verdict.evidence["spans"] == [[1, 5 * n, 5 * n + 4, "ORG:acme"] for n in range(20)]
    assert verdict.evidence["sensitive"] is True


@pytest.mark.parametrize(
    ("scope", "turns"),
    [("assistant", [1, 3]), ("response", [3]), ("prompt", [0, 1, 2])],
)
def test_every_turn_in_scope_is_read_by_itself(scope: Any, turns: list[int]) -> None:
    said = record(*((role, "Acme") for role in ("user", "assistant") * 2))
    patterns = [ACME, [{"LOWER": "acme"}, {"LOWER": "acme"}]]
    (verdict,) = judge(Entities(patterns=patterns, scope=scope), said)
    assert verdict.evidence["spans"] == [[turn, 0, 4, "ORG:acme"] for turn in turns]


def test_patterns_in_a_file_are_those_in_a_plan(tmp_path: Path) -> None:
    texts = {
        "p.json": json.dumps(PATTERNS),
        "p.yaml": yaml.safe_dump(PATTERNS),
        "p.jsonl": "\n\n".join(map(json.dumps, PATTERNS)) + "\n",
    }
    said = says("Project Bluebird 2001 by Acme, version 2")
    expected = judge(Entities(patterns=PATTERNS), said)
    assert expected[0].score == 4
    for name, text in texts.items():
        file = tmp_path / name
        file.write_text(text, "utf-8")
        filter_ = Entities(patterns=file)
        assert judge(filter_, said) == expected
        assert filter_.fingerprint()["patterns"] == hashlib.sha256(file.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("none.json", None, "none.json: the patterns cannot be read: No such file"),
        ("p.json", "[", "p.json: the patterns cannot be read: "),
        ("p.yaml", "a: [", "p.yaml: the patterns cannot be read: "),
        ("p.json", "{}", "p.json: holds no list of patterns"),
        ("p.yaml", "[acme, 7]", "p.yaml: pattern 2: is neither a phrase nor a list of tokens"),
        ("p.jsonl", '"acme"\n\n[]\n', "p.jsonl:3: is neither"),
        ("p.jsonl", '"acme"\n{"label"', "p.jsonl:2: not JSON"),
        ("p.json", "[]", "p.json: holds no patterns"),
        ("p.jsonl", "\n", "p.jsonl: holds no patterns"),
    ],
)
def test_a_file_without_patterns_is_refused(
    tmp_path: Path, name: str, text: str | None, said: str
) -> None:
    if text is not None:
        (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(InputError, match=said):
        judge(Entities(patterns=tmp_path / name))
    if text is None:
        with pytest.raises(InputError, match=said):
            Entities(patterns=tmp_path / name).fingerprint()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "give `patterns`, a `model`, or both"),
        ({"model": "m", "language": "en"}, "a model has its own"),
        ({"patterns": ["a", " "]}, "pattern 2: is neither a phrase nor a list of tokens"),
        ({"patterns": [["a"]]}, "pattern 1: is neither"),
        ({"patterns": [{"pattern": "a"}]}, "pattern 1: .*a label it must have"),
        ({"patterns": [{"label": "A", "pattern": "a", "ids": "b"}]}, "pattern 1: has 'ids'"),
    ],
)
def test_options_that_make_no_sense_are_refused(options: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Entities(**options)


@pytest.mark.parametrize(
    ("tokens", "said"),
    [
        ([{"TEXXT": "a"}], "TEXXT.*Extra inputs are not permitted"),
        ([{"LOWER": 1}], "LOWER.*should be a valid string"),
        ([{"TEXT": {"REGEX": "("}}], "missing \\), unterminated subpattern"),
        ([{"OP": "x"}], "OP"),
        ([{"POS": "NOUN"}], "needs to include a morphologizer or tagger"),
        ([{"_": {"mood": 1}}], "unregistered extension attribute 'mood'"),
    ],
)
def test_a_pattern_that_is_not_spacys_is_named_by_its_number(tokens: Any, said: str) -> None:
    with pytest.raises(UsageError, match=f"pattern 2: spaCy does not take it: .*{said}"):
        judge(Entities(patterns=["fine", tokens]))


def test_a_pattern_in_a_file_that_is_not_spacys_is_named_with_the_file(tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text('[[{"TEXXT": "a"}]]')
    with pytest.raises(UsageError, match=r"p\.json: pattern 1: spaCy does not take it"):
        judge(Entities(patterns=tmp_path / "p.json"))


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(UsageError, match="language 'zz' cannot be opened"):
        judge(Entities(patterns=["a"], language="zz"))


def test_without_spacy_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "spacy", None)
    with pytest.raises(UsageError, match=r"sft-curate\[spacy\]"):
        judge(Entities(patterns=["a"]))


def test_keeps_every_promise() -> None:
    check_filter(Entities(patterns=[*PATTERNS, [{"LOWER": "ice"}, {"IS_ALPHA": True, "OP": "+"}]]))
    check_filter(Entities(patterns=["東京"], language="xx", ignore_case=True))


def test_a_long_run_fits_a_repeat_without_end() -> None:
    run_of = [{"LOWER": "word", "OP": "+"}]
    short, long = judge(Entities(patterns=[run_of]), says("word " * 32), says("word " * 2_500))
    assert short.evidence["spans"] == [[1, 0, 32 * 5 - 1, "MATCH"]]
    assert long.evidence["spans"][0] == [1, 0, 64 * 5 - 1, "MATCH"]  # in pieces, without gaps
    assert long.score == -(-2_500 // 64)


def test_a_text_beyond_spacys_limit_is_read_to_its_end() -> None:
    text = "la " * 500_000 + "Acme Inc"
    (verdict,) = judge(Entities(patterns=[ACME]), says(text))
    assert verdict.evidence["spans"] == [[1, len(text) - 8, len(text), "ORG:acme"]]
    assert "windows" not in verdict.evidence


def test_any_number_of_workers_gives_the_same_bytes(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus.jsonl"
    corpus.write_bytes(b"".join(says(f"{'Acme ' * (n % 3)}{n}").raw + b"\n" for n in range(90)))
    steps = "steps: [{use: entities, with: {patterns: [Acme]}, do: drop}]"
    outs = []
    for workers in (1, 2):
        out = tmp_path / f"run{workers}"
        resolved = registry.resolve(plan.loads(steps), registry.load())
        options = Options(workers=workers, lines=20)
        facts = run(resolved, sources.expand([str(corpus)]), out, options, Context())
        assert facts["counts"]["dropped"] == 60
        outs.append({file.name: file.read_bytes() for file in out.iterdir()})
    assert outs[0] == outs[1]


NEEDLES = ("Acme Inc", "Project Bluebird", "version 7")
around = st.lists(
    st.one_of(
        st.sampled_from(NEEDLES),
        st.sampled_from(["👩‍👧", "\ud83d", "Z\u0351\u0489", "ﬁn", "\u2028", "東京", "don't"]),
        st.text(st.characters(), max_size=4).filter(lambda text: "cme" not in text.lower()),
    ),
    max_size=12,
)


@pytest.fixture(scope="module")
def find() -> Iterator[Judge]:
    with Entities(patterns=PATTERNS, scope="conversation").open(Context()) as judged:
        yield judged


@given(turns=st.lists(around, min_size=1, max_size=3))
def test_spans_hold_exactly_what_was_planted(find: Judge, turns: list[list[str]]) -> None:
    said = record(*(("user", " . ".join(parts)) for parts in turns))
    (verdict,) = find([said])
    spans = verdict.evidence.get("spans", [])
    found = [(turn, said.turns[turn].text[start:end]) for turn, start, end, _ in spans]
    planted = [(n, part) for n, parts in enumerate(turns) for part in parts if part in NEEDLES]
    digits = [each for each in found if each[1] not in NEEDLES]
    assert [each for each in found if each[1] in NEEDLES] == planted[: 20 - len(digits)]
    assert all(len(text) == 4 and text.isdigit() for _, text in digits)
