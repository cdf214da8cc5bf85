"""Sampling that depends on the prompt alone, not on what else is in the batch."""

from collections.abc import Sequence
from typing import Any


class KeyedNoise:
    """Turns greedy choice into sampling, with a random stream of its own for every row.

    The token with the largest `logit / temperature + noise` is a draw from the softmax where the
    noise is Gumbel (Gumbel 1954; Maddison et al. 2014, "A* sampling"). Streams are drawn on the
    processor, so that a GPU gives the same. Rows of temperature 0 stay greedy.
    """

    def __init__(self, torch: Any, seeds: Sequence[int], temperatures: Sequence[float]) -> None:
        self.torch = torch
        self.rows = [
            (row, temperature, torch.Generator().manual_seed(seed))
            for row, (seed, temperature) in enumerate(zip(seeds, temperatures, strict=True))
            if temperature > 0
        ]

    def __call__(self, input_ids: Any, scores: Any) -> Any:  # noqa: ARG002  (transformers' signature)
        """Return the scores with noise; shapes (rows, tokens so far) and (rows, vocabulary)."""
        if not self.rows:
            return scores
        scores = scores.clone().float()
        for row, temperature, stream in self.rows:
            draws = self.torch.empty(scores.shape[1]).exponential_(generator=stream)
            scores[row] = scores[row] / temperature - draws.log().to(scores.device)
        return scores
