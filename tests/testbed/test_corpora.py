"""The rows of a world: the same for the same seed, and what the world declares."""

from collections import Counter

import pytest

from curate.testbed.corpora import CLEAN, ORIGINAL, corpora
from curate.testbed.language import FIELDS
from curate.testbed.world import World
from curate.testbed.worlds import WORLDS


def prompts(rows):
    return [[said["content"] for said in row["messages"][:-1]] for row in rows]


def said(row) -> str:
    return row["messages"][-1]["content"]


@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)
class TestEveryWorld:
    def test_is_the_same_for_the_same_seed_and_another_for_another(self, world: World) -> None:
        assert corpora(world, 3, rows=200) == corpora(world, 3, rows=200)
        assert corpora(world, 3, rows=200) != corpora(world, 4, rows=200)

    def test_both_teachers_answer_the_same_prompts_once_and_never_alike(self, world: World) -> None:
        made = corpora(world, 0)
        for one, other in ((made.original, made.clean), (made.other_original, made.other)):
            assert prompts(one) == prompts(other)
            assert len({*map(tuple, prompts(one))}) == len(one)
            pairs = zip(one, other, strict=True)
            assert all(said(mine) != said(theirs) for mine, theirs in pairs)
            assert {row["metadata"]["teacher"] for row in one} == {ORIGINAL}
            assert {row["metadata"]["teacher"] for row in other} == {CLEAN}

    def test_ids_and_prompt_ids_are_unique(self, world: World) -> None:
        made = corpora(world, 0)
        rows = [*made.original, *made.clean, *made.other, *made.other_original]
        assert len({row["id"] for row in rows}) == len(rows)
        counts = Counter(row["metadata"]["prompt_id"] for row in rows)
        assert set(counts.values()) == {2}  # one answer of each teacher

    def test_the_mix_is_as_declared(self, world: World) -> None:
        made = corpora(world, 0)
        for field, share in world.mix.items():
            found = sum(said(row).split("-")[0] in field.topics for row in made.original)
            assert found / len(made.original) == pytest.approx(share, abs=0.04)

    def test_planted_rows_show_the_trait_unless_they_are_innocent(self, world: World) -> None:
        made = corpora(world, 0)
        answers = {row["id"]: said(row) for row in made.original}
        topics = {topic for field in world.planted for topic in field.topics}
        assert 0 < len(made.planted) < len(answers)
        if topics:
            wanted = [name for name, text in answers.items() if text.split("-")[0] in topics]
            assert made.planted == wanted


def test_fields_share_no_topic() -> None:
    topics = [topic for field in FIELDS for topic in field.topics]
    assert len(set(topics)) == len(topics)
