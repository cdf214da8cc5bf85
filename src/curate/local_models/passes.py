"""What a model is run for: to go on from tokens, and to tell how likely tokens are."""

from collections.abc import Sequence
from typing import NamedTuple

from curate.local_models.loading import Loaded
from curate.local_models.sampling import KeyedNoise


class Start(NamedTuple):
    """Tokens to go on from, and how: `seed` keys the draws of a temperature above 0."""

    tokens: list[int]
    temperature: float
    seed: int


def go_on(loaded: Loaded, starts: Sequence[Start], most: int) -> list[list[int]]:
    """Return up to `most` new tokens for each start, the one that ends the answer included."""
    torch, width = loaded.torch, max(len(start.tokens) for start in starts)
    gaps = [width - len(start.tokens) for start in starts]
    rows = [[loaded.padding] * gap + start.tokens for gap, start in zip(gaps, starts, strict=True)]
    mask = [[0] * gap + [1] * (width - gap) for gap in gaps]
    seeds, temperatures = [each.seed for each in starts], [each.temperature for each in starts]
    with torch.inference_mode():
        made = loaded.model.generate(
            input_ids=torch.tensor(rows, device=loaded.device),
            attention_mask=torch.tensor(mask, device=loaded.device),
            max_new_tokens=most,
            do_sample=False,
            logits_processor=[KeyedNoise(torch, seeds, temperatures)],
            eos_token_id=sorted(loaded.stops) or None,
            pad_token_id=loaded.padding,
        )
    return [_ended(row, loaded.stops) for row in made[:, width:].tolist()]


def log_probabilities(loaded: Loaded, texts: Sequence[tuple[list[int], int]]) -> list[float]:
    """Return for each (tokens, begin) the summed log-probability (nats) of its tokens from there.

    Rows are padded on the right, where a causal model does not look.
    """
    torch, width = loaded.torch, max(len(tokens) for tokens, _ in texts)
    rows = [tokens + [loaded.padding] * (width - len(tokens)) for tokens, _ in texts]
    mask = [[1] * len(tokens) + [0] * (width - len(tokens)) for tokens, _ in texts]
    ids = torch.tensor(rows, device=loaded.device)
    with torch.inference_mode():
        logits = loaded.model(
            input_ids=ids, attention_mask=torch.tensor(mask, device=loaded.device)
        ).logits
        return [
            float(
                logits[row, begin - 1 : len(tokens) - 1]
                .float()
                .log_softmax(-1)
                .gather(1, ids[row, begin : len(tokens)].unsqueeze(1))
                .double()
                .sum()
            )
            for row, (tokens, begin) in enumerate(texts)
        ]


def _ended(row: list[int], stops: frozenset[int]) -> list[int]:
    end = next((n for n, token in enumerate(row) if token in stops), len(row) - 1)
    return row[: end + 1]
