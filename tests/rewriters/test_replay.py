"""`replay`: whose answer is taken, in which order, and why none is."""

import json
import pickle
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from curate.api import Context, GaveUp, Hit, Replacement, Verdict
from curate.errors import InputError, UsageError
from curate.io import fields, shapes
from curate.records import Record
from curate.rewriters.replay import Replay
from rollout_rows import Row, built, index, line, record, row, write

HIT = Verdict(1.0)
OLD = row("Why?", "old", "vicuna-7b")


def replay(path: Path, rows: Sequence[Row], attempt: int = 0, seed: int = 0, **options):
    """What `replay` proposes for some rows."""
    hits = [Hit(record(each), HIT, attempt) for each in rows]
    with Replay(index=path, **options).open(Context(seed=seed)) as rewrite:
        return rewrite(hits)


def taken(path: Path, attempts: int = 9, seed: int = 0, old: Row = OLD, **options) -> list[str]:
    """The texts of one attempt after the other."""
    answers = [replay(path, [old], n, seed, **options)[0] for n in range(attempts)]
    return [text for each in answers if isinstance(each, Replacement) for text in [each.turns[1]]]


def test_the_last_answer_is_replaced_and_its_origin_told(tmp_path: Path):
    prompt = [("system", "Be brief."), ("user", "a"), ("assistant", "b"), ("user", "c")]
    clean = row(prompt, "new", "gpt-4", source="s")
    path = index(tmp_path, [row("x", "y", "gpt-4"), clean])
    (found,) = replay(path, [row(prompt, "old", "vicuna-7b")])
    assert found == Replacement(
        {4: "new"},
        "gpt-4",
        evidence={
            "from": f"{tmp_path / 'clean.jsonl'}:2",
            "digest": record(clean).digest,
            "match": "exact",
            "candidates": 1,
            "source": "s",
        },
    )
    json.dumps(found.evidence)


@pytest.mark.parametrize(
    ("rows", "options", "reason"),
    [
        ([row("Else?", "new", "gpt-4")], {}, "no_match"),
        ([row("why?", "new", "gpt-4")], {"match": "exact"}, "no_match"),
        ([row("Why?", "new", "vicuna-7b")], {}, "only_same_teacher"),
        ([row("Why?", "new", "vicuna-7b")], {"same_family": True}, "only_same_teacher"),
        ([row("Why?", "new", "Llama-2-7b")], {}, "only_same_family"),
        (
            [row("Why?", "new", "gpt-4")],
            {"families": {"gpt-4": "f", "vicuna-7b": "f"}},
            "only_same_family",
        ),
        (
            [row("Why?", "new", "gpt-4"), row("Else?", "new", "claude")],
            {"prefer": ["claude"], "only_preferred": True},
            "none_preferred",
        ),
        ([row("Why?", "new", "gpt-4", finish_reason="length")], {}, "only_cut_off"),
        ([row("Why?", "old", "gpt-4")], {}, "only_identical"),
        ([row("Why?", "old", "gpt-4"), row("Why?", "new", "vicuna-7b")], {}, "only_identical"),
    ],
    ids=[
        "another prompt", "not exact", "same teacher", "same teacher in its family", "family",
        "family by the user", "not preferred", "cut off", "identical", "the nearest miss counts",
    ],
)  # fmt: skip
def test_why_there_is_none(tmp_path: Path, rows: list[Row], options, reason: str):
    (found,) = replay(index(tmp_path, rows), [OLD], **options)
    assert isinstance(found, GaveUp)
    assert found.reason == reason
    answered = sum(each["messages"][0]["content"] == "Why?" for each in rows)
    assert found.evidence == ({} if reason == "no_match" else {"candidates": answered})


def named(path: Path, old: Row, aliases: Mapping[str, str], attempt: int = 0, **options):
    """What `replay` proposes for a row of a plan with aliases (name as written -> canonical)."""
    asked = record(old)
    asked.view = replace(asked.view, aliases=aliases)
    with Replay(index=path, **options).open(Context()) as rewrite:
        return rewrite([Hit(asked, HIT, attempt)])[0]


class TestAliases:
    @pytest.mark.parametrize("family", [False, True], ids=["others only", "its family too"])
    def test_a_teacher_does_not_replace_itself_under_another_name(
        self, tmp_path: Path, family: bool
    ):
        path = index(tmp_path, [row("Why?", "new", "Nick")])
        found = named(path, row("Why?", "old", "Old"), {"Nick": "Old"}, same_family=family)
        assert found == GaveUp("only_same_teacher", {"candidates": 1})

    def test_the_new_teacher_has_the_name_of_the_plan(self, tmp_path: Path):
        path = index(tmp_path, [row("Why?", "new", "gpt4")])
        assert named(path, OLD, {"gpt4": "gpt-4-0314"}).teacher == "gpt-4-0314"

    @pytest.mark.parametrize("same", [False, True])
    def test_no_alias_hides_a_family(self, tmp_path: Path, same: bool):
        path = index(tmp_path, [row("Why?", "new", "Llama-2-7b")])
        found = named(path, OLD, {"Llama-2-7b": "in-house"}, same_family=same)
        if same:
            assert found.teacher == "in-house"
        else:
            assert found == GaveUp("only_same_family", {"candidates": 1})

    def test_a_preferred_teacher_is_so_by_all_its_names(self, tmp_path: Path):
        names = ["gpt4", "GPT-4", "claude", "qwen"]
        path = index(tmp_path, [row("Why?", name, name) for name in names])
        aliases = {"gpt4": "GPT-4"}
        for prefer in (["gpt4", "qwen"], ["GPT-4", "qwen"], ["gpt4", "GPT-4", "qwen"]):
            options = {"prefer": prefer, "only_preferred": True}
            texts = [named(path, OLD, aliases, n, **options).turns[1] for n in range(3)]
            assert (sorted(texts[:2]), texts[2]) == (["GPT-4", "gpt4"], "qwen")
            gone = named(path, OLD, aliases, 3, **options)
            assert gone == GaveUp("no_more_candidates", {"candidates": 4})

    def test_each_record_goes_by_its_own_view(self, tmp_path: Path):
        path = index(tmp_path, [row("Why?", "new", "Nick")])
        plain, told = (record(row("Why?", "old", "Old")) for _ in range(2))
        told.view = replace(told.view, aliases={"Nick": "Old"})
        with Replay(index=path).open(Context()) as rewrite:
            found = rewrite([Hit(each, HIT) for each in (plain, told, plain)])
        assert [isinstance(each, Replacement) for each in found] == [True, False, True]


def test_what_has_no_answer_to_replace(tmp_path: Path):
    path = index(tmp_path, [row("Why?", "new", "gpt-4")])
    view = fields.view(shapes.get("messages"))
    lines = [b'{"a": 1}', b'{"a"', line({"messages": [{"role": "user", "content": "Why?"}]})]
    hits = [Hit(Record(each, 1, "f", view), HIT) for each in lines]
    hits += [Hit(record(row("", "x", "b")), HIT), Hit(record(OLD), HIT)]
    with Replay(index=path).open(Context()) as rewrite:
        *none, good = rewrite(hits)
    reasons = [each.reason for each in none if isinstance(each, GaveUp)]
    assert reasons == ["not_a_record", "not_a_record", "no_response", "no_match"]
    assert isinstance(good, Replacement)


def test_attempts_go_through_everybody_once(tmp_path: Path):
    rows = [row("Why?", f"by {name}", name) for name in ("gpt-4", "claude", "qwen", "vicuna-7b")]
    rows += [row("Why?", "by gpt-4", "gemini"), row("Why?", "old", "kimi")]
    path = index(tmp_path, rows)
    assert sorted(taken(path)) == ["by claude", "by gpt-4", "by qwen"]
    (last,) = replay(path, [OLD], 3)
    assert last == GaveUp("no_more_candidates", {"candidates": 6})


def test_preferred_teachers_come_first_in_their_order(tmp_path: Path):
    names = ["gpt-4", "claude", "qwen", "gemini"]
    path = index(tmp_path, [row("Why?", name, name) for name in names])
    for seed in range(5):
        assert taken(path, seed=seed, prefer=["qwen", "gpt-4"])[:2] == ["qwen", "gpt-4"]
    only = taken(path, prefer=["qwen", "gpt-4"], only_preferred=True)
    assert only == ["qwen", "gpt-4"]


def test_the_very_same_words_come_before_preferred_teachers(tmp_path: Path):
    rows = [row("why?", "alike", "gpt-4"), row("Why?", "same", "claude")]
    path = index(tmp_path, rows)
    assert taken(path, prefer=["gpt-4"]) == ["same", "alike"]
    assert taken(path, prefer=["gpt-4"], match="exact") == ["same"]
    told = [replay(path, [OLD], n)[0].evidence["match"] for n in range(2)]
    assert told == ["exact", "normalised"]


def test_an_unknown_teacher_is_related_to_nobody(tmp_path: Path):
    path = index(tmp_path, [row("Why?", "new", "vicuna-7b")])
    assert taken(path, old=row("Why?", "old")) == ["new"]


def test_family_members_are_taken_where_that_is_wanted(tmp_path: Path):
    path = index(tmp_path, [row("Why?", "new", "Llama-2-7b")])
    assert taken(path, same_family=True) == ["new"]


def test_the_draw_is_fair_and_depends_on_the_seed(tmp_path: Path):
    names = ["gpt-4", "claude", "qwen"]
    prompts = [f"Question {n}?" for n in range(300)]
    path = index(tmp_path, [row(each, name, name) for each in prompts for name in names])
    olds = [row(each, "old", "vicuna-7b") for each in prompts]
    first, second = ([each.teacher for each in replay(path, olds, 0, seed)] for seed in (1, 2))
    for drawn in (first, second):
        assert all(70 <= count <= 130 for count in Counter(drawn).values())
    assert 60 <= sum(a == b for a, b in zip(first, second, strict=True)) <= 140


TEACHERS = st.sampled_from(["gpt-4", "claude", "vicuna-7b", "Llama-2-7b", "qwen"])
PROMPTS = st.sampled_from(["Why?", "why?", "How?", "how? ", "When?"])
ROWS = st.lists(st.builds(row, PROMPTS, st.sampled_from("xyz"), TEACHERS), min_size=1, max_size=30)


@given(clean=ROWS, old=ROWS, attempt=st.integers(0, 3), data=st.data())
@settings(max_examples=60)
def test_no_answer_depends_on_batch_or_order(
    tmp_path_factory: pytest.TempPathFactory,
    clean: list[Row],
    old: list[Row],
    attempt: int,
    data: st.DataObject,
):
    folder = tmp_path_factory.mktemp("batch")
    path = index(folder, clean)
    together = replay(path, old, attempt, prefer=[clean[0]["teacher"]])
    order = data.draw(st.permutations(range(len(old))))
    shuffled = replay(path, [old[n] for n in order], attempt, prefer=[clean[0]["teacher"]])
    assert shuffled == [together[n] for n in order]
    alone = [replay(path, [each], attempt, prefer=[clean[0]["teacher"]])[0] for each in old]
    assert alone == together


def test_the_order_of_the_files_changes_nothing(tmp_path: Path):
    names = ["gpt-4", "claude", "qwen", "gemini"]
    corpora = [write(tmp_path / f"{n}", [row("Why?", n, n)]) for n in names]
    built(tmp_path / "1", *corpora)
    built(tmp_path / "2", *reversed(corpora))
    assert taken(tmp_path / "1") == taken(tmp_path / "2")
    one, other = Replay(index=tmp_path / "1"), Replay(index=tmp_path / "2")
    assert one.fingerprint() == other.fingerprint()


def test_a_corpus_does_as_well_as_an_index(tmp_path: Path):
    path = index(tmp_path, [row("Why?", name, name) for name in ("gpt-4", "claude")])
    for ctx in (Context(), Context(cache=tmp_path / "cache")):
        with Replay(index=tmp_path / "clean.jsonl").open(ctx) as rewrite:
            assert list(rewrite([Hit(record(OLD), HIT)])) == replay(path, [OLD])


def test_an_unknown_preferred_teacher_is_a_mistake(tmp_path: Path):
    path = index(tmp_path, [row("Why?", "new", "gpt-4-0314")])
    with pytest.raises(UsageError, match=r"is by 'gpt-4' \(prefer\); did you mean 'gpt-4-0314'"):
        replay(path, [OLD], prefer=["gpt-4"])
    with pytest.raises(ValidationError, match="only_preferred needs prefer"):
        Replay(index=path, only_preferred=True)


def test_the_fingerprint_tells_another_index_and_names_a_broken_one(tmp_path: Path):
    one = index(tmp_path, [row("Why?", "new", "gpt-4")], "one")
    other = index(tmp_path, [row("Why?", "else", "gpt-4")], "other")
    assert Replay(index=one).fingerprint() != Replay(index=other).fingerprint()
    one.write_bytes(one.read_bytes().replace(b"new", b"old"))
    with pytest.raises(InputError, match=r"one\.index: the index is damaged"):
        Replay(index=one).fingerprint()


def test_the_config_travels_to_workers(tmp_path: Path):
    config = Replay(index=tmp_path / "i", prefer=["a"])
    assert pickle.loads(pickle.dumps(config)) == config


def test_real_answers_of_one_teacher_in_place_of_another_s(data_dir: Path, tmp_path: Path):
    corpora = data_dir / "corpora"
    clean = corpora / "just_eval.gpt-4-0314.jsonl"
    facts = built(tmp_path / "i", clean)
    assert (facts.read, facts.rows, facts.left_out) == (1000, 997, {"identical": 3})
    view = fields.view(shapes.get("messages"))
    lines = (corpora / "just_eval.vicuna-7b-v1.5.jsonl").read_bytes().splitlines()
    old = [Record(each, n, "vicuna", view) for n, each in enumerate(lines, 1)]
    answers = [json.loads(each) for each in clean.read_bytes().splitlines()]
    by_prompt: dict[str, set[str]] = {}
    for each in answers:
        texts = [message["content"] for message in each["messages"]]
        by_prompt.setdefault("\0".join(texts[:-1]), set()).add(texts[-1])
    with Replay(index=tmp_path / "i").open(Context()) as rewrite:
        found = rewrite([Hit(each, HIT) for each in old])
    outcomes = Counter(getattr(each, "reason", "rewritten") for each in found)
    assert outcomes == {"rewritten": 997, "only_identical": 3}
    for each, answer in zip(old, found, strict=True):
        theirs = by_prompt["\0".join(turn.text for turn in each.turns[:-1])]
        if isinstance(answer, Replacement):
            assert answer.turns[len(each.turns) - 1] in theirs
            assert (answer.teacher, answer.evidence["match"]) == ("gpt-4-0314", "exact")
        else:
            assert theirs == {each.response}
