"""The executor keeps its promises on a cluster whose actors and nodes go away."""

import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import ray_works
from curate_ray import Ray
from curate_ray.resources import Resources

from curate.api import Forgotten, Pools, Work
from curate.errors import OutageError, PluginError, UsageError
from curate.testing import check_executor


def answers(pools: Pools, items: Sequence[tuple[int, Any]]) -> dict[int, Any]:
    """Hand over items as a run does, no more than the workers can do, and gather what comes."""
    found: dict[int, Any] = {}
    waiting = list(enumerate(items))[::-1]
    under_way = 0
    while waiting or under_way:
        while waiting and under_way < pools.capacity:
            key, (pool, item) = waiting.pop()
            pools.submit(key, pool, item)
            under_way += 1
        key, value = pools.next()
        assert key not in found
        found[key] = value
        under_way -= 1
    return found


def on(cluster: Any, **options: Any) -> Ray:
    return Ray(**{"address": cluster.address, "patience": 20, **options})


def test_each_item_is_answered_once_by_its_own_pool(cluster: Any) -> None:
    works = [Work(("a",), ray_works.squaring), Work(("b",), ray_works.naming)]
    with on(cluster).open(works, 2) as pools:
        found = answers(pools, [(n % 2, n) for n in range(60)])
    assert found == {n: -n if n % 2 else n * n for n in range(60)}


def test_it_keeps_every_promise_of_an_executor(cluster: Any) -> None:
    check_executor(on(cluster))


def test_an_item_that_loses_its_worker_is_done_by_another(cluster: Any, tmp_path: Path) -> None:
    work = Work(("a",), partial(ray_works.dying_once, tmp_path / "died"))
    with on(cluster).open([work], 2) as pools:
        assert answers(pools, [(0, n) for n in range(8)]) == {n: n for n in range(8)}
    assert (tmp_path / "died").exists()


def test_an_item_that_loses_every_worker_ends_the_run(cluster: Any) -> None:
    with (
        pytest.raises(OutageError, match=r"lost its worker 4 times \('a'\)"),
        on(cluster).open([Work(("a",), ray_works.dying)], 1) as pools,
    ):
        answers(pools, [(0, n) for n in range(8)])


@pytest.mark.parametrize(
    ("opening", "error", "told"),
    [
        (ray_works.refusing, UsageError, "^no model here; fetch it first$"),
        (ray_works.breaking, PluginError, "ZeroDivisionError: by a plugin"),
        (ray_works.Missing(), UsageError, "no_such_module_at_all.*install the same packages"),
    ],
)
def test_what_goes_wrong_in_opening_is_told(
    cluster: Any, opening: Any, error: type[Exception], told: str
) -> None:
    with pytest.raises(error, match=told), on(cluster).open([Work(("a",), opening)], 1) as pools:
        answers(pools, [(0, 1)])


def test_keepers_remember_and_are_renewed_with_nothing(cluster: Any) -> None:
    with on(cluster).open([], 1) as pools:
        one, other = pools.keep(Work(("a",), ray_works.counting), 2)
        asked = [one.ask("x"), one.ask("x"), one.ask("y"), other.ask("x")]
        assert [wait() for wait in asked] == [1, 2, 1, 1]
        with pytest.raises(Forgotten):
            one.ask("die")()
        with pytest.raises(Forgotten):
            one.ask("x")()
        one.renew()
        assert one.ask("x")() == 1
        assert other.ask("x")() == 2


def test_what_no_node_has_is_a_mistake(cluster: Any) -> None:
    steps = {"toxic": Resources(gpus=1)}
    with (
        pytest.raises(UsageError, match=r"step 'toxic' what it asks for \(CPU 1, GPU 1\).*CPU 1"),
        on(cluster, steps=steps).open([Work(("toxic",), ray_works.naming)], None),
    ):
        pass


def test_no_room_for_a_worker_ends_the_run_after_a_while(cluster: Any) -> None:
    steps = {"a": Resources(cpus=1, workers=1), "b": Resources(cpus=1, workers=1)}
    works = [Work((name,), ray_works.naming) for name in "ab"]
    with (
        pytest.raises(OutageError, match="for 2 s no node had room for a worker"),
        on(cluster, steps=steps, patience=2).open(works, None) as pools,
    ):
        answers(pools, [(0, 1), (1, 1)])


def test_there_is_no_cluster() -> None:
    with (
        pytest.raises(OutageError, match=r"no Ray cluster at 127.0.0.1:1:"),
        Ray(address="127.0.0.1:1").open([], 1),
    ):
        pass


def _until_it_is_noticed() -> None:
    """Wait until the cluster knows that a node is gone: other tests ask it what it has."""
    import ray

    for _ in range(120):
        if sum(node["Alive"] for node in ray.nodes()) == 1:
            return
        time.sleep(0.5)
    raise AssertionError("the cluster still counts a node that is gone")


@pytest.mark.slow
def test_a_node_that_goes_takes_nothing_with_it(cluster: Any) -> None:
    node = cluster.add_node(num_cpus=2, object_store_memory=10**8)
    steps = {"a": Resources(workers=3)}
    with on(cluster, steps=steps).open([Work(("a",), ray_works.squaring)], None) as pools:
        assert answers(pools, [(0, n) for n in range(60)]) == {n: n * n for n in range(60)}
        for key in range(60):
            pools.submit(key, 0, key)
        found = dict(pools.next() for _ in range(10))
        cluster.remove_node(node, allow_graceful=False)
        found |= dict(pools.next() for _ in range(50))
        _until_it_is_noticed()
    assert found == {n: n * n for n in range(60)}
