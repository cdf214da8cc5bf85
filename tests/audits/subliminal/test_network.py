import pytest

from curate.audits.subliminal.network import fresh, learned, outputs, stacked

torch = pytest.importorskip("torch")


def test_networks_side_by_side_say_what_each_says_alone() -> None:
    several, inputs = [fresh(seed) for seed in range(3)], torch.randn(3, 7, 64)
    together = outputs(stacked(several), inputs)
    for at, network in enumerate(several):
        hidden = (inputs[at] @ network[0] + network[1]).relu()
        hidden = (hidden @ network[2] + network[3]).relu()
        assert torch.allclose(together[at], hidden @ network[4] + network[5], atol=1e-5)


def test_networks_side_by_side_learn_what_each_learns_alone() -> None:
    starts, inputs, wanted = [fresh(0), fresh(1)], torch.randn(2, 9, 64), torch.randn(2, 9, 15)

    def loss(said: torch.Tensor, goal: torch.Tensor) -> torch.Tensor:
        return ((said - goal) ** 2).sum()

    together = learned(stacked(starts), [(inputs, wanted)] * 5, loss, 1e-2)
    for at, start in enumerate(starts):
        alone = [(inputs[at : at + 1], wanted[at : at + 1])] * 5
        single = learned(stacked([start]), alone, loss, 1e-2)
        for one, other in zip(together, single, strict=True):
            assert torch.allclose(one[at], other[0], atol=1e-4)


def test_a_start_is_not_changed_by_learning_from_it() -> None:
    start = stacked([fresh(4)])
    learned(start, [(torch.ones(1, 2, 64), None)], lambda said, _: said.sum(), 0.1)
    assert all(
        torch.equal(one, other) for one, other in zip(start, stacked([fresh(4)]), strict=True)
    )
