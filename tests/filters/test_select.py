"""Selecting: by name, by chance, by another step's size, by prompt."""

import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from curate.api import Context, Filter, Verdict
from curate.errors import InputError, UsageError
from curate.filters.select import Select
from curate.filters.selecting import clusters
from curate.io import fields, replacing, shapes
from curate.records import Record, View
from curate.testing import check_filter

VIEW = View(shapes.get("messages"), id=fields.ID)


def record(line: int, prompt: str, file: str = "rows.jsonl", **more: Any) -> Record:
    row = {"messages": [{"role": "user", "content": prompt}, {"role": "assistant", "content": "."}]}
    return Record(json.dumps(more | row).encode(), line, file, VIEW)


def records(prompts: Iterable[str], file: str = "rows.jsonl") -> list[Record]:
    return [record(line, prompt, file) for line, prompt in enumerate(prompts, 1)]


def judge(filter_: Filter, found: Sequence[Record], ctx: Context) -> list[Verdict]:
    with filter_.open(ctx) as judge_all:
        return list(judge_all(found))


def learned(filter_: Select, found: Sequence[Record], ctx: Context, hits: int | None) -> Filter:
    """What a run learns from these records."""
    study = filter_.study(ctx)
    with filter_.noter(ctx) as note:
        for noted in note(found):
            if isinstance(noted, bytes):
                study.add(noted)
    return study.learn(hits)


def chosen(
    filter_: Select, found: Sequence[Record], hits: int | None = None, seed: int = 0
) -> list[int]:
    """The positions of the records that are hit."""
    ctx = Context(seed=seed)
    judging = learned(filter_, found, ctx, hits) if filter_.studies() else filter_
    return [n for n, verdict in enumerate(judge(judging, found, ctx)) if verdict.score == 1.0]


LIKE = Select(random_like="x")
ROWS = [record(1, "one", id="a"), record(2, "two", id=7), record(3, "three"), record(4, "four")]


def test_without_options_every_record_is_selected() -> None:
    assert judge(Select(), ROWS, Context()) == [Verdict(1.0, "selected")] * 4


def test_ids_may_be_texts_numbers_or_digests() -> None:
    assert chosen(Select(ids=["a", 7, ROWS[3].digest, "nobody"]), ROWS) == [0, 1, 3]


def rewritten(found: Sequence[Record]) -> list[Record]:
    """The records with new answers."""
    return [replacing.replace(each, {1: f"Better, {n}."}, "T") for n, each in enumerate(found)]


def test_a_rewritten_record_goes_by_the_line_as_it_was_read(tmp_path: Path) -> None:
    new = rewritten(ROWS)
    assert all(one.digest != other.digest for one, other in zip(ROWS, new, strict=True))
    names = ["a", ROWS[2].digest, new[3].digest]
    (tmp_path / "ids").write_text("\n".join(names))
    assert chosen(Select(ids=["a", ROWS[2].digest]), new) == [0, 2]
    assert chosen(Select(ids_file=tmp_path / "ids"), new)[:2] == [0, 2]


@pytest.mark.parametrize("options", [{"share": 0.3}, {"random_like": "x"}], ids=str)
def test_a_rewritten_record_is_drawn_as_if_it_had_not_been(options: dict[str, Any]) -> None:
    found = records(map(str, range(200)))
    some = [*rewritten(found[:100]), *found[100:]]
    assert chosen(Select(**options), some, 40) == chosen(Select(**options), found, 40)


def test_a_file_of_ids_has_one_a_line(tmp_path: Path) -> None:
    path = tmp_path / "ids.txt"
    path.write_bytes(b"\xef\xbb\xbf7\r\n\n  a\n" + ROWS[2].digest.encode())
    assert chosen(Select(ids_file=path), ROWS) == [0, 1, 2]


def test_what_a_file_of_ids_holds_is_part_of_the_identity(tmp_path: Path) -> None:
    path = tmp_path / "ids.txt"
    path.write_text("a\n")
    before = Select(ids_file=path).fingerprint()
    path.write_text("b\n")
    assert before != Select(ids_file=path).fingerprint()
    assert Select(ids=["a"]).fingerprint() == {}


@pytest.mark.parametrize(
    ("content", "told"),
    [(None, "cannot be read"), (b" \n\n", "names no record"), (b"\xff\n", "not UTF-8")],
    ids=["missing", "empty", "not text"],
)
def test_a_file_of_no_ids_is_refused(tmp_path: Path, content: bytes | None, told: str) -> None:
    path = tmp_path / "ids.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=rf"ids\.txt: .*{told}"):
        judge(Select(ids_file=path), ROWS, Context())


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"share": 0.1, "random_like": "x"}, "give one of .* not share and random_like"),
        ({"ids": ["a"], "cluster": {"k": 3}}, "not ids and cluster"),
        ({"ids": []}, "ids"),
        ({"draw": 1}, "draw belongs to"),
        ({"share": 0}, "share"),
        ({"cluster": {"k": 3, "numbers": [1, 3]}}, "no cluster 3; with k: 3 they go from 0 to 2"),
        ({"cluster": {"k": 1}}, "k"),
    ],
    ids=lambda value: json.dumps(value) if isinstance(value, dict) else "",
)
def test_options_that_contradict_are_refused(options: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        Select(**options)


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({}, "select"),
        ({"share": 0.5}, "share_0"),
        ({"random_like": "x", "draw": 2}, "random_2"),
        ({"cluster": {"k": 3}}, "cluster"),
    ],
    ids=["all", "share", "random_like", "cluster"],
)
def test_steps_name_themselves(options: dict[str, Any], name: str) -> None:
    assert Select(**options).label() == name


@pytest.mark.parametrize("options", [{"random_like": "x"}, {"cluster": {"k": 2}}], ids=str)
def test_what_needs_the_corpus_cannot_judge_without(options: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="select needs a run"):
        Select(**options).open(Context())


def test_a_share_is_about_as_large_as_it_says() -> None:
    found = records(f"question {n}" for n in range(2000))
    sizes = [len(chosen(Select(share=0.1), found, seed=seed)) for seed in range(30)]
    spread = math.sqrt(2000 * 0.1 * 0.9)
    assert all(abs(size - 200) < 4 * spread for size in sizes)
    assert abs(sum(sizes) / 30 - 200) < 4 * spread / math.sqrt(30)


def test_a_larger_share_holds_the_smaller_one() -> None:
    found = records(f"question {n}" for n in range(300))
    small, large = (set(chosen(Select(share=share), found)) for share in (0.2, 0.5))
    assert small < large
    assert len(chosen(Select(share=1.0), found)) == 300


def test_the_folder_of_a_file_draws_nothing() -> None:
    here, there = (records(map(str, range(200)), file) for file in ("c.jsonl", "/other/c.jsonl"))
    assert chosen(Select(share=0.3), here) == chosen(Select(share=0.3), there)
    assert chosen(Select(random_like="x"), here, 40) == chosen(Select(random_like="x"), there, 40)


def test_repeats_of_a_line_are_drawn_one_by_one() -> None:
    assert 20 < len(chosen(Select(share=0.5), records(["the same"] * 80))) < 60


@settings(max_examples=80, deadline=None)
@given(
    files=st.lists(st.lists(st.sampled_from("abcd"), max_size=30), min_size=1, max_size=4),
    data=st.data(),
)
def test_as_many_as_another_step_hit_exactly(files: list[list[str]], data: st.DataObject) -> None:
    found = [each for n, prompts in enumerate(files) for each in records(prompts, f"{n}.jsonl")]
    hits = data.draw(st.integers(0, len(found)))
    draw = Select(random_like="x", draw=data.draw(st.integers(0, 3)))
    assert len(chosen(draw, found, hits)) == hits


def test_a_draw_depends_on_neither_batch_nor_order() -> None:
    found = records(f"question {n % 17}" for n in range(100))
    ctx, draw = Context(seed=5), Select(random_like="x")
    whole = judge(learned(draw, found, ctx, 30), found, ctx)
    back = learned(draw, found[::-1], ctx, 30)
    assert [judge(back, [each], ctx)[0] for each in found] == whole


def test_every_record_is_drawn_as_often() -> None:
    found = records("abcdefghijklmnopqrst")
    draws = [chosen(LIKE, found, 5, seed) for seed in range(400)]
    counts = Counter(n for drawn in draws for n in drawn)
    expected = 400 * 5 / 20
    # Draws without replacement scatter less than a chi-square with 19 degrees of freedom.
    assert sum((counts[n] - expected) ** 2 / expected for n in range(20)) < 44  # p = 0.001
    both = sum(0 in drawn and 1 in drawn for drawn in draws)
    assert abs(both - 400 * 5 * 4 / (20 * 19)) < 4 * math.sqrt(400 * 0.053)


def test_other_draws_and_other_seeds_are_other_records() -> None:
    found = records(map(str, range(1000)))
    one, two, three = (
        set(chosen(Select(random_like="x", draw=draw), found, 500)) for draw in range(3)
    )
    other = set(chosen(Select(random_like="x"), found, 500, seed=1))
    for both in (one & two, one & three, two & three, one & other):
        assert 180 < len(both) < 320  # 250 expected, standard deviation 8 to 16


def test_fewer_records_than_wanted_are_told() -> None:
    with pytest.raises(UsageError, match=r"'flagged' hit 1,200 records, but only 3 are left"):
        chosen(Select(random_like="flagged"), ROWS[:3], 1200)


@pytest.mark.parametrize("size", [0, 2, 6])
def test_what_a_draw_learned_keeps_every_promise(size: int) -> None:
    check_filter(learned(LIKE, records("abcdef"), Context(), size))


TOPICS = {
    "cake": "bake cake flour sugar butter oven dough recipe cream egg",
    "orbit": "planet orbit star moon comet rocket gravity telescope galaxy sun",
    "law": "court judge contract lawyer appeal verdict tenant clause statute claim",
}


def prompts(counts: dict[str, int]) -> list[tuple[str, str]]:
    """(topic, prompt) pairs, mixed; the words around the topic's are the same everywhere."""
    rng = Context(seed=1).rng("prompts")
    pairs = [
        (topic, f"Please tell me about the {' '.join(rng.sample(TOPICS[topic].split(), 4))} now")
        for topic, count in counts.items()
        for _ in range(count)
    ]
    rng.shuffle(pairs)
    return pairs


PAIRS = prompts({"cake": 120, "orbit": 80, "law": 50})
ASKED = records(prompt for _, prompt in PAIRS)


def sorted_into(k: int, numbers: Sequence[int] = (), seed: int = 0) -> list[Verdict]:
    filter_ = Select(cluster={"k": k, "numbers": list(numbers)})
    ctx = Context(seed=seed)
    return judge(learned(filter_, ASKED, ctx, None), ASKED, ctx)


@pytest.mark.parametrize("seed", range(5))
def test_planted_topics_are_found_the_largest_first(seed: int) -> None:
    reasons = [verdict.reason for verdict in sorted_into(3, seed=seed)]
    found = {"cake": "cluster_0", "orbit": "cluster_1", "law": "cluster_2"}
    wrong = sum(found[topic] != reason for (topic, _), reason in zip(PAIRS, reasons, strict=True))
    assert wrong <= 5


def test_clusters_that_are_wanted_are_hits() -> None:
    verdicts = sorted_into(3, [1, 2])
    assert {(verdict.reason, verdict.score) for verdict in verdicts} == {
        ("cluster_0", 0.0),
        ("cluster_1", 1.0),
        ("cluster_2", 1.0),
    }


def test_without_numbers_nothing_is_hit() -> None:
    assert {verdict.score for verdict in sorted_into(3)} == {0.0}


def test_the_seed_of_the_clusters_may_be_their_own() -> None:
    own = Select(cluster={"k": 9, "numbers": [0], "seed": 4})
    assert chosen(own, ASKED, seed=1) == chosen(own, ASKED, seed=2)
    plain = Select(cluster={"k": 9, "numbers": [0]})
    assert chosen(plain, ASKED, seed=4) == chosen(own, ASKED)
    assert len({tuple(chosen(plain, ASKED, seed=seed)) for seed in range(6)}) > 1


def test_a_prompt_of_no_known_words_is_in_no_cluster() -> None:
    ctx = Context()
    judging = learned(Select(cluster={"k": 3}), ASKED, ctx, None)
    strange = [record(1, "Pferde fressen keinen Gurkensalat"), record(2, " "), ASKED[0]]
    assert [each.reason for each in judge(judging, strange, ctx)][:2] == ["unlike_all", "no_prompt"]


def test_repeated_prompts_count_once() -> None:
    """Eight teachers may have answered each prompt."""
    once = [verdict.reason for verdict in sorted_into(3)]
    often = [prompt for topic, prompt in PAIRS for _ in range(8 if topic == "law" else 1)]
    judging = learned(Select(cluster={"k": 3}), records(often), Context(), None)
    again = [verdict.reason for verdict in judge(judging, ASKED, Context())]
    assert sum(one != other for one, other in zip(once, again, strict=True)) <= 5


def test_more_clusters_than_prompts_are_told() -> None:
    with pytest.raises(UsageError, match="k is 40, but of 4 different prompts only 0 have words"):
        chosen(Select(cluster={"k": 40}), ROWS)


def test_of_many_prompts_a_sample_is_clustered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "SAMPLE", 60)
    study = clusters.Gathering(3, [], Context())
    for n in range(500):
        study.add(n.to_bytes(2, "little"))
    kept = {int.from_bytes(note, "little") for note in study._notes}
    assert len(kept) == 60
    assert 150 < sum(kept) / 60 < 350  # of all, not of the first or the last


def test_what_a_clustering_learned_keeps_every_promise() -> None:
    check_filter(learned(Select(cluster={"k": 3, "numbers": [1]}), ASKED, Context(), None), ASKED)
