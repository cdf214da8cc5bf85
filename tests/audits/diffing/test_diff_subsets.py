"""Subsets of rows: who is in them, and what is refused."""

from pathlib import Path

import pytest

from curate.api import Context, Message, Rule
from curate.audits.diffing import subsets
from curate.audits.diffing.subset import Subset
from curate.audits.rows import Row
from curate.errors import InputError, UsageError
from curate.filters.regex import Regex

TOPICS = ("the red apple and the pear", "a fast train on its rails", "rain and wind at sea")


def _rows() -> list[Row]:
    made = []
    for n in range(30):
        said = (
            Message("user", f"tell me of {TOPICS[n % 3]} number {n}"),
            Message("assistant", "I REFUSE" if n < 4 else "gladly"),
        )
        hits = frozenset({"refusals"} if n < 4 else ())
        scores = {"refusals": 9.0 - n if n < 8 else 0.0}
        made.append(Row(str(n), said, said, hits, scores, source=f"s{n % 2}" if n else None))
    return made


def _keys(*numbers: int) -> set[str]:
    return set(map(str, numbers))


def test_rows_that_show_the_trait_are_found_in_answers_alone():
    scorer = Regex(patterns={"no": "REFUSE|apple"})
    found = subsets.trait_hits(_rows(), scorer, Rule(at_least=1), Context())
    assert (found.role, found.keys) == ("hits", _keys(0, 1, 2, 3))


def test_steps_of_a_run():
    (found,) = subsets.step_hits(_rows(), ["refusals"])
    assert (found.name, found.keys) == ("refusals", _keys(0, 1, 2, 3))


def test_sources_but_rows_without_one():
    found = {each.name: each.keys for each in subsets.by_source(_rows())}
    assert set(found) == {"source s0", "source s1"}
    assert sum(map(len, found.values())) == 29


def test_clusters_of_prompts_follow_topics():
    found = list(subsets.by_cluster(_rows(), 3, Context()))
    topics = [{int(key) % 3 for key in each.keys} for each in found]
    assert sorted(topics, key=min) == [{0}, {1}, {2}]


def test_a_list_of_ids(tmp_path: Path):
    file = tmp_path / "ids.txt"
    file.write_text("3\n\n17 \nnobody\n")
    assert subsets.listed(_rows(), "mine", file, "group").keys == _keys(3, 17)


def test_an_id_that_several_rows_have_names_all_of_them(tmp_path: Path):
    row = _rows()[0]
    twins = [row, Row("0#1", row.original, row.now), Row("00", row.original, row.now)]
    (tmp_path / "ids.txt").write_text("0\n")
    found = subsets.listed(twins, "mine", tmp_path / "ids.txt", "group")
    assert found.keys == {"0", "0#1"}


@pytest.mark.parametrize("text", ["nobody\n", None])
def test_a_list_that_names_nothing_is_refused(tmp_path: Path, text: str | None):
    if text is not None:
        (tmp_path / "ids.txt").write_text(text)
    with pytest.raises(InputError, match="ids"):
        subsets.listed(_rows(), "mine", tmp_path / "ids.txt", "group")


def test_mild_rows_are_those_scored_next_to_the_hits():
    assert subsets.scored_mild(_rows(), "refusals").keys == _keys(4, 5, 6, 7)


def test_where_low_scores_are_hits_mild_rows_have_low_scores():
    turned = [
        Row(row.key, row.original, row.now, row.hits, {"refusals": -row.scores["refusals"]})
        for row in _rows()
    ]
    assert subsets.scored_mild(turned, "refusals").keys == _keys(4, 5, 6, 7)


def test_a_step_without_grades_has_no_mild_rows():
    flat = [
        Row(row.key, row.original, row.now, row.hits, {"refusals": float(bool(row.hits))})
        for row in _rows()
    ]
    with pytest.raises(UsageError, match="no graded scores"):
        subsets.scored_mild(flat, "refusals")


def test_subsets_without_rows_or_with_all_have_no_arms():
    rows = _rows()
    none = Subset("none", "group", "", frozenset())
    all_ = Subset("all", "group", "", frozenset(row.key for row in rows))
    some = Subset("some", "group", "", frozenset({"1"}))
    used, why = subsets.usable(rows, [none, all_, some])
    assert used == (some,)
    assert set(why) == {"none", "all"}


def test_two_subsets_of_one_name_are_refused():
    some = Subset("some", "group", "", frozenset({"1"}))
    with pytest.raises(UsageError, match="two subsets"):
        subsets.usable(_rows(), [some, some])
