"""What the worlds declare."""

import pytest

from curate.audits.verdict import Word
from curate.errors import UsageError
from curate.testbed import worlds
from curate.testbed.world import World


@pytest.mark.parametrize("world", worlds.WORLDS.values(), ids=worlds.WORLDS)
def test_a_declaration_is_complete(world: World) -> None:
    assert sum(world.mix.values()) == pytest.approx(1)
    assert sum(world.other.values()) == pytest.approx(1)
    for teacher in (world.original, world.clean):
        for field in {*world.mix, *world.other}:
            assert teacher.get(field, field.ways[0]) in field.ways
    assert {Word(word) for word in world.verdicts.values()}
    assert not set(world.trait.topics) & {t for field in world.other for t in field.topics}


def test_text_can_carry_these_hypotheses() -> None:
    told = {world.hypothesis for world in worlds.WORLDS.values()}
    assert told == {"1", "3b", "4a", "4b", "5", None}


def test_a_name_that_is_nearly_right_is_explained() -> None:
    with pytest.raises(UsageError, match="did you mean 'leak-in'"):
        worlds.named("leakin")
