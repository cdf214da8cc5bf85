"""The limit holds whatever is on its way."""

import gc
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.answers.budget import Budget, budget_of
from curate.answers.pricing import Price, list_price
from curate.api import Context
from curate.errors import OutageError


def test_no_limit_no_questions():
    budget = Budget(None)
    assert all(budget.set_aside(1e9) for _ in range(3))


def test_waits_while_something_is_on_its_way_then_gives_up():
    budget = Budget(1.0)
    assert budget.set_aside(0.8)
    assert not budget.set_aside(0.3)
    budget.settle(0.8, 0.7)
    assert budget.set_aside(0.3)
    budget.settle(0.3, 0.3)
    with pytest.raises(OutageError, match="the budget is spent: 1 of 1, and the next request may"):
        budget.set_aside(0.1)


def test_what_can_never_fit_is_told_at_once():
    with pytest.raises(OutageError, match=r"0 of 0\.5"):
        Budget(0.5).set_aside(0.6)


@given(st.lists(st.floats(0, 1), max_size=30), st.floats(0, 5))
def test_no_more_than_the_limit_is_ever_spent(amounts, limit):
    budget = Budget(limit)
    for amount in amounts:
        try:
            let = budget.set_aside(amount)
        except OutageError:
            break
        assert let  # nothing is on its way
        budget.settle(amount, amount)
    assert budget.spent <= limit


def test_threads_share_it():
    budget = Budget(10.0)
    let: list[bool] = []

    def spend() -> None:
        let.extend(budget.set_aside(0.5) for _ in range(10))

    threads = [threading.Thread(target=spend) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(let) == 20


def test_a_run_has_one_and_another_run_another():
    one, other = Context(max_cost=1.0), Context(max_cost=1.0)
    assert budget_of(one) is budget_of(one)
    assert budget_of(one) is not budget_of(other)
    budget_of(one).settle(0, 0.9)
    del one
    gc.collect()
    assert budget_of(Context(max_cost=1.0)).spent == 0


def test_a_price():
    assert Price(in_=2.0, out=8.0).cost(1_000_000, 500_000) == 6.0
    assert Price.model_validate({"in": 2, "out": 8}) == Price(in_=2, out=8)


def test_prices_are_listed_by_host():
    listed = list_price("api.openai.com", "gpt-4.1-mini")
    assert listed is not None
    assert 0 < listed.in_ < listed.out
    assert list_price("api.openai.com", "nobody-1") is None
    assert list_price("localhost", "gpt-4.1-mini") is None
