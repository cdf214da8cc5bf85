"""What a trained network is run for: to go on from tokens, and to tell how likely tokens are."""

from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

from curate.extras import need
from curate.students.tiny.network import EXTRA, Shape, Weights, hidden, logits
from curate.students.tiny.packing import Library
from curate.students.tiny.tokens import Text
from curate.students.tiny.training import looking_back

Choose = Callable[[int, Any], Any]
"""(how many tokens were chosen before, logits (texts, vocabulary)) -> one token per text."""


def go_on(
    shape: Shape, weights: Weights, starts: Sequence[list[int]], most: int, end: int, choose: Choose
) -> list[list[int]]:
    """Return up to `most` new tokens for each start, the one that ends the answer included.

    Args:
        shape: The sizes of the network.
        weights: Of one student, (1, ...).
        starts: Tokens to go on from, each with room for one more.
        most: Tokens made.
        end: The token that ends an answer.
        choose: Picks the next tokens.
    """
    torch = need("torch", EXTRA)
    texts, width = len(starts), max(map(len, starts))
    memory = _Memory(shape, texts, min(width + most, shape.length))
    made: list[list[int]] = [[] for _ in starts]
    rooms = [min(most, shape.length - len(start)) for start in starts]
    places = torch.tensor([len(start) - 1 for start in starts])
    with torch.inference_mode():
        ids = torch.tensor([start + [0] * (width - len(start)) for start in starts]).view(1, -1)
        positions = torch.arange(width).repeat(1, texts)
        last = (torch.arange(texts) * width + places).unsqueeze(0)
        states = hidden(shape, weights, ids, positions, memory.begin, last)
        for number in count():
            chosen = choose(number, logits(weights, states)[0])
            for answer, token, room in zip(made, chosen.tolist(), rooms, strict=True):
                if len(answer) < room and answer[-1:] != [end]:
                    answer.append(token)
            if all(
                answer[-1] == end or len(answer) == room
                for answer, room in zip(made, rooms, strict=True)
            ):
                return made
            places = (places + 1).clamp(max=shape.length - 1)
            memory.places = places
            everything = torch.arange(texts).unsqueeze(0)
            states = hidden(
                shape, weights, chosen.view(1, -1), places.view(1, -1), memory.go_on, everything
            )
    raise AssertionError("counting has no end")


def log_probabilities(
    shape: Shape, weights: Weights, texts: Sequence[tuple[list[int], int]]
) -> list[float]:
    """Return for each (tokens, begin) the summed log-probability (nats) of its tokens from there.

    Args:
        shape: The sizes of the network.
        weights: Of one student, (1, ...).
        texts: Each begins to be scored behind its first token, and fits the network.
    """
    torch = need("torch", EXTRA)
    library = Library(max(len(tokens) for tokens, _ in texts))
    numbers = [
        library.add(Text(ids, [at >= begin for at in range(len(ids))])) for ids, begin in texts
    ]
    scored = [(at, number) for at, number in enumerate(numbers) if number is not None]
    sums = [0.0] * len(texts)
    if not scored:
        return sums
    with torch.inference_mode():
        now = library.batch([[[number] for _, number in scored]])
        attend = looking_back(shape, now.visible)
        states = hidden(shape, weights, now.ids, now.positions, attend, now.wanted)
        each = logits(weights, states)[0].log_softmax(-1).gather(1, now.targets[0].unsqueeze(1))
        parts = each.squeeze(1).split([len(texts[at][0]) - texts[at][1] for at, _ in scored])
        for (at, _), part in zip(scored, parts, strict=True):
            sums[at] = float(part.double().sum())
    return sums


class _Memory:
    """Keys and values of what was said, so that every token is run through the network once.

    A text has its own places in it, so texts of different lengths need no padding on the left.
    """

    def __init__(self, shape: Shape, texts: int, longest: int) -> None:
        self._torch, self._shape, self._longest = need("torch", EXTRA), shape, longest
        size = (shape.layers, texts, shape.heads, longest, shape.width // shape.heads)
        self._keys, self._values = self._torch.zeros(size), self._torch.zeros(size)
        self.places: Any = None
        """Where the next token of each text stands."""

    def begin(self, layer: int, query: Any, key: Any, value: Any) -> Any:
        """Attend from all places of the starts, (1, texts * width, ...), and remember them."""
        texts, heads = self._keys[layer].shape[:2]
        width = query.shape[1] // texts
        query, key, value = (
            each.reshape(texts, width, heads, -1).transpose(1, 2) for each in (query, key, value)
        )
        self._keys[layer, :, :, :width], self._values[layer, :, :, :width] = key, value
        return self._found(query, key, value, is_causal=True)

    def go_on(self, layer: int, query: Any, key: Any, value: Any) -> Any:
        """Attend from the next place of every text, (1, texts, ...), and remember it."""
        keys, values = self._keys[layer], self._values[layer]
        texts, heads = keys.shape[:2]
        everyone = self._torch.arange(texts)
        places = self.places.clamp(max=self._longest - 1)
        keys[everyone, :, places] = key.view(texts, heads, -1)
        values[everyone, :, places] = value.view(texts, heads, -1)
        visible = self._torch.arange(self._longest) <= places.unsqueeze(1)
        return self._found(
            query.view(texts, heads, 1, -1), keys, values, attn_mask=visible[:, None, None]
        )

    def _found(self, query: Any, key: Any, value: Any, **how: Any) -> Any:
        attention = need("torch.nn.functional", EXTRA).scaled_dot_product_attention
        found = attention(query, key, value, **how).transpose(1, 2)
        return found.reshape(1, -1, self._shape.width)
