"""What of a network learns, and how fast: the reach of an update."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from curate.errors import UsageError, suggest
from curate.extras import need
from curate.students.tiny.network import EMBEDDING, EXTRA, HEAD, POSITIONS, SOFT, Weights

Kind = Literal["full", "low_rank", "bias", "embedding", "soft_prompt"]

LEARNS: Mapping[Kind, tuple[str, ...]] = {
    "full": ("embeddings", "positions", "attention", "mlp", "norms", "biases", "head"),
    "low_rank": ("attention", "mlp"),
    "bias": ("norms", "biases"),
    "embedding": ("embeddings",),
    "soft_prompt": ("soft_prompt",),
}
"""The groups of weights that an update changes unless it is told otherwise."""
GROUPS = (*LEARNS["full"], "soft_prompt")
TOKEN = "token:"  # noqa: S105  (a token of text)
"""Begins the name of a group that is the embedding of one token."""


@dataclass(frozen=True)
class Reach:
    """What learns at which rate.

    `rates` names groups that learn at another rate than `rate`; 0 freezes a group, and one that
    the kind leaves out learns too when it is named. `tokens` does so for embeddings of tokens.
    """

    kind: Kind
    rate: float
    rates: Mapping[str, float] = field(default_factory=dict)
    tokens: Mapping[int, float] = field(default_factory=dict)
    rank: int = 8
    soft_tokens: int = 8

    def of(self, group: str) -> float:
        """Return the learning rate of a group; 0 where it stays as it is."""
        return self.rates.get(group, self.rate if group in LEARNS[self.kind] else 0.0)


def check_groups(names: Sequence[str]) -> None:
    """Refuse names of groups that do not exist.

    Raises:
        UsageError: names what was probably meant.
    """
    for name in names:
        if name not in GROUPS and not name.startswith(TOKEN):
            raise UsageError(f"no group of weights is called {name!r}{suggest(name, GROUPS)}")


class Update:
    """The weights of many students while they learn.

    Args:
        start: Weights before the first step, (students, ...); they are not changed.
        reach: What learns.
        seeds: One per student, for what begins at random.
    """

    def __init__(self, start: Weights, reach: Reach, seeds: Sequence[int]) -> None:
        torch = need("torch", EXTRA)
        draws = [torch.Generator().manual_seed(seed % 2**63) for seed in seeds]
        self._now: dict[str, Any] = {}
        self._factors: dict[str, tuple[Any, Any]] = {}
        self.leaves: list[tuple[Any, float]] = []
        """What learns, and its learning rate."""
        for name, value in start.items():
            rate = reach.of(group_of(name))
            low = reach.kind == "low_rank" and group_of(name) in LEARNS["low_rank"]
            if low and rate:
                self._factors[name] = self._low_rank(value, reach.rank, rate, draws)
            self._now[name] = self._leaf(value, rate) if rate and not low else value
        self._rows = {
            number: self._leaf(start[EMBEDDING][:, number : number + 1], rate)
            for number, rate in reach.tokens.items()
        }
        rate = reach.of("soft_prompt")
        if rate and reach.soft_tokens:
            chosen = [
                value[torch.randint(len(value), (reach.soft_tokens,), generator=draw)]
                for value, draw in zip(start[EMBEDDING], draws, strict=True)
            ]
            self._now[SOFT] = self._leaf(torch.stack(chosen), rate)

    def weights(self) -> dict[str, Any]:
        """Return the weights as they are now, as functions of what learns."""
        torch = need("torch", EXTRA)
        now = dict(self._now)
        for name, (down, up) in self._factors.items():
            now[name] = torch.baddbmm(now[name], down, up)
        if self._rows:
            places = torch.tensor(list(self._rows))
            rows = torch.cat(list(self._rows.values()), dim=1)
            now[EMBEDDING] = now[EMBEDDING].index_copy(1, places, rows)
        return now

    def finished(self) -> list[dict[str, Any]]:
        """Return each student's weights, (1, ...), which do not learn any more."""
        now = {name: value.detach() for name, value in self.weights().items()}
        students = next(iter(now.values())).shape[0]
        return [
            {name: value[at : at + 1].clone() for name, value in now.items()}
            for at in range(students)
        ]

    def _leaf(self, value: Any, rate: float) -> Any:
        leaf = value.detach().clone()
        if rate:
            self.leaves.append((leaf.requires_grad_(), rate))
        return leaf

    def _low_rank(self, value: Any, rank: int, rate: float, draws: Sequence[Any]) -> Any:
        """Return two factors whose product is added to a weight, and is 0 at first.

        Hu et al. 2021, "LoRA"; without a factor of scale, which the learning rate can be.
        """
        torch = need("torch", EXTRA)
        _, inner, outer = value.shape
        down = [torch.randn(inner, rank, generator=draw) * inner**-0.5 for draw in draws]
        return (
            self._leaf(torch.stack(down), rate),
            self._leaf(torch.zeros(len(draws), rank, outer), rate),
        )


def group_of(name: str) -> str:
    """Return the group a weight belongs to."""
    whole = {EMBEDDING: "embeddings", POSITIONS: "positions", HEAD: "head"}
    if name in whole:
        return whole[name]
    if ".ln_" in name:
        return "norms"
    if name.endswith(".bias"):
        return "biases"
    return "attention" if ".attn." in name else "mlp"
