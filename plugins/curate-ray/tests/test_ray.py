"""The executor keeps its promises on a cluster whose actors and nodes go away."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import ray_works
from curate_ray import Ray, actors, pool
from curate_ray.resources import Resources
from curate_ray.worker import versions
from ray_machines import Machines

from curate import __version__
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


def on(cluster: Machines, **options: Any) -> Ray:
    return Ray(**{"address": cluster.address, "patience": 20, **options})


def test_each_item_is_answered_once_by_its_own_pool(cluster: Machines) -> None:
    works = [Work(("a",), ray_works.squaring), Work(("b",), ray_works.naming)]
    with on(cluster).open(works, 2) as pools:
        found = answers(pools, [(n % 2, n) for n in range(60)])
    assert found == {n: -n if n % 2 else n * n for n in range(60)}


def test_it_keeps_every_promise_of_an_executor(cluster: Machines) -> None:
    check_executor(on(cluster))


def test_an_item_that_loses_its_worker_is_done_by_another(
    cluster: Machines, tmp_path: Path
) -> None:
    work = Work(("a",), partial(ray_works.dying_once, tmp_path / "died"))
    with on(cluster).open([work], 2) as pools:
        assert answers(pools, [(0, n) for n in range(8)]) == {n: n for n in range(8)}
    assert (tmp_path / "died").exists()


def test_an_item_that_loses_every_worker_ends_the_run(cluster: Machines) -> None:
    with (
        pytest.raises(OutageError, match=r"lost its worker 4 times \('a'\)"),
        on(cluster).open([Work(("a",), ray_works.dying)], 1) as pools,
    ):
        answers(pools, [(0, n) for n in range(8)])


def test_workers_that_are_lost_before_they_are_ready_end_the_run(
    cluster: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "PAUSE", 0.1)
    with (
        pytest.raises(OutageError, match=r"4 workers for 'a' were lost before they were ready"),
        on(cluster).open([Work(("a",), ray_works.never_ready)], 2) as pools,
    ):
        answers(pools, [(0, 1)])


@pytest.mark.parametrize(
    ("opening", "error", "told"),
    [
        (ray_works.refusing, UsageError, "^no model here; fetch it first$"),
        (ray_works.breaking, PluginError, "ZeroDivisionError: by a plugin"),
        (ray_works.Missing(), UsageError, "no_such_module_at_all.*install the same packages"),
    ],
)
def test_what_goes_wrong_in_opening_is_told(
    cluster: Machines, opening: Any, error: type[Exception], told: str
) -> None:
    with pytest.raises(error, match=told), on(cluster).open([Work(("a",), opening)], 1) as pools:
        answers(pools, [(0, 1)])


def test_keepers_remember_and_are_renewed_with_nothing(cluster: Machines) -> None:
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


def test_what_no_node_has_is_a_mistake(cluster: Machines) -> None:
    steps = {"toxic": Resources(gpus=1)}
    with (
        pytest.raises(UsageError, match=r"step 'toxic' what it asks for \(CPU 1, GPU 1\).*CPU 1"),
        on(cluster, steps=steps).open([Work(("toxic",), ray_works.naming)], None),
    ):
        pass


def test_no_room_for_a_worker_ends_the_run_after_a_while(cluster: Machines) -> None:
    steps = {"a": Resources(cpus=1, workers=1), "b": Resources(cpus=1, workers=1)}
    works = [Work((name,), ray_works.naming) for name in "ab"]
    with (
        pytest.raises(OutageError, match="for 2 s no node had room for a worker"),
        on(cluster, steps=steps, patience=2).open(works, None) as pools,
    ):
        answers(pools, [(0, 1), (1, 1)])


def test_a_node_with_another_version(cluster: Machines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actors, "versions", lambda: {**versions(), "sft-curate": "0.0.1"})
    with (
        pytest.raises(
            UsageError, match=rf"a node has sft-curate {__version__} and the run has 0.0.1;"
        ),
        on(cluster).open([Work(("a",), ray_works.naming)], 1) as pools,
    ):
        answers(pools, [(0, 1)])


def test_the_own_node_that_is_gone_is_an_outage() -> None:
    told = r"node of the cluster, .* is gone \(\[Errno 32\] Broken pipe\)"
    with pytest.raises(OutageError, match=told), actors.reached():
        raise BrokenPipeError(32, "Broken pipe")


def test_a_node_that_goes_takes_nothing_with_it(
    machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before it is noticed, more workers are put there, and lost, than one place may lose."""
    monkeypatch.setattr(pool, "OPENINGS", 2)
    node = machines.add(cpus=5)
    steps = {"a": Resources(workers=6)}
    with on(machines, steps=steps).open([Work(("a",), ray_works.squaring)], None) as pools:
        while pools.capacity < 2 * 6:
            assert answers(pools, [(0, 1)]) == {0: 1}
        for key in range(60):
            pools.submit(key, 0, key)
        found = dict(pools.next() for _ in range(10))
        machines.kill(node)
        found |= dict(pools.next() for _ in range(50))
        assert found == {n: n * n for n in range(60)}
        for _ in range(100):  # the run goes on, and so do replacements
            noticed = machines.are_noticed()
            assert answers(pools, [(0, n) for n in range(20)]) == {n: n * n for n in range(20)}
            if noticed:
                return
    raise AssertionError("the cluster still counts a node that is gone")


def test_a_node_that_joins_late_is_used(machines: Machines) -> None:
    steps = {"a": Resources(workers=2)}
    with on(machines, steps=steps).open([Work(("a",), ray_works.placing)], None) as pools:
        assert set(answers(pools, [(0, n) for n in range(8)]).values()) == {machines.head.node_id}
        node = machines.add(cpus=1)
        used: set[Any] = set()
        for _ in range(500):
            used |= set(answers(pools, [(0, n) for n in range(8)]).values())
            if node.node_id in used:
                return
    raise AssertionError("the node that joined was not used")


def test_keepers_are_apart_and_a_node_that_goes_is_forgotten(machines: Machines) -> None:
    nodes = {node.node_id: node for node in (machines.add(), machines.add())}
    with on(machines).open([], 1) as pools:
        keepers = pools.keep(Work(("a",), ray_works.listing), 3)
        at = [keeper.ask("first")()[0] for keeper in keepers]
        assert set(at) == {machines.head.node_id, *nodes}
        lost = next(n for n in range(3) if at[n] in nodes)
        waits = [keepers[lost].ask(str(n)) for n in range(50)]
        assert waits[0]() == (at[lost], ("first", "0"))
        machines.kill(nodes[at[lost]])
        found = [_or_forgotten(wait) for wait in waits]
        remembered = [n for n, told in enumerate(found) if told is not None]
        assert remembered == list(range(len(remembered)))
        assert len(remembered) < len(found)
        keepers[lost].renew()
        again = [keepers[lost].ask(item) for item in "abc"]
        elsewhere, told = again[2]()
        assert elsewhere in set(at) - {at[lost]}
        assert told == tuple("abc")
        for n in {0, 1, 2} - {lost}:
            assert keepers[n].ask("second")() == (at[n], ("first", "second"))


def _or_forgotten(wait: Callable[[], Any]) -> Any:
    try:
        return wait()
    except Forgotten:
        return None
