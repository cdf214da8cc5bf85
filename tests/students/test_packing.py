"""Texts in rows: all of them, in order, none seeing another."""

from itertools import chain

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from curate.students.tiny.fresh import fresh, stacked
from curate.students.tiny.network import Shape, hidden
from curate.students.tiny.packing import IGNORED, Library
from curate.students.tiny.tokens import Text
from curate.students.tiny.training import looking_back

LENGTH = 8
SHAPE = Shape(vocabulary=20, length=LENGTH, width=16, layers=2, heads=2)
TEXTS = [
    Text([1, 2, 3], [False, False, True]),
    Text([4, 5, 6, 7], [False, True, False, True]),
    Text([8, 9], [False, True]),
    Text(list(range(1, 9)), [False] * 6 + [True] * 2),
]


def library(texts: list[Text] = TEXTS) -> Library:
    made = Library(LENGTH)
    assert [made.add(text) for text in texts] == list(range(len(texts)))
    return made


@given(st.lists(st.integers(0, len(TEXTS) - 1), max_size=20))
def test_rows_hold_every_text_once_in_order(order: list[int]):
    rows = list(library().packed(order))
    assert list(chain.from_iterable(rows)) == order
    assert all(sum(len(TEXTS[text].ids) for text in row) <= LENGTH for row in rows)


def test_a_batch_is_what_the_rows_say():
    made = library().batch([[[0, 1], [2]], [[3], [1, 0]]])
    assert made.ids[0].tolist() == [1, 2, 4, 5, 6, 0, 0, 8, 0, 0, 0, 0, 0, 0]
    assert made.positions[0].tolist() == [0, 1, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    assert made.wanted.tolist() == [[1, 2, 4, 7, 0], [5, 6, 7, 9, 11]]
    assert made.targets.tolist() == [[3, 5, 7, 9, IGNORED], [7, 8, 5, 7, 3]]


def test_a_place_sees_its_own_text_up_to_itself():
    visible = library().batch([[[0, 1]]]).visible[0, 0].int().tolist()
    assert visible == [
        [1, 0, 0, 0, 0, 0, 0],
        [1, 1, 0, 0, 0, 0, 0],
        [0, 0, 1, 0, 0, 0, 0],
        [0, 0, 1, 1, 0, 0, 0],
        [0, 0, 1, 1, 1, 0, 0],
        [0, 0, 0, 0, 0, 1, 0],
        [0, 0, 0, 0, 0, 1, 1],
    ]


def test_the_network_says_the_same_of_a_text_in_company_and_alone():
    weights = stacked([fresh(SHAPE, 3)])

    def states(rows: list[list[int]]) -> torch.Tensor:
        made = library().batch([rows])
        attend = looking_back(SHAPE, made.visible)
        return hidden(SHAPE, weights, made.ids, made.positions, attend, made.wanted)[0]

    torch.testing.assert_close(states([[0, 1], [2]]), states([[0], [1], [2]]))


def test_a_long_text_is_cut_and_one_without_answers_left_out():
    made = Library(4)
    assert made.add(Text([1, 2, 3, 4, 5, 6], [False] * 4 + [True] * 2)) is None
    assert made.add(Text([1], [True])) is None
    assert made.add(Text([1, 2, 3, 4, 5, 6], [False, True] * 3)) == 0
    assert made.sizes == [4]
    assert made.batch([[[0]]]).targets.tolist() == [[2, 4]]


@pytest.mark.parametrize("seed", [0, 2**63, -1])
def test_fresh_weights_have_every_size_and_depend_on_the_seed(seed: int):
    one, same, other = fresh(SHAPE, seed), fresh(SHAPE, seed), fresh(SHAPE, seed + 1)
    assert {name: tuple(value.shape) for name, value in one.items()} == SHAPE.sizes()
    assert all(torch.equal(one[name], same[name]) for name in one)
    assert not torch.equal(one["transformer.wte.weight"], other["transformer.wte.weight"])
