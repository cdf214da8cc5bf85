"""Makes a base from scratch: a small network that has read some documents."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from curate.api import Message
from curate.errors import UsageError
from curate.students.order import draw
from curate.students.tiny.checkpoint import Checkpoint, save
from curate.students.tiny.fresh import fresh, stacked
from curate.students.tiny.network import Shape
from curate.students.tiny.packing import Library
from curate.students.tiny.tokens import Text, Tokens, byte_level, word_level
from curate.students.tiny.training import train
from curate.students.tiny.updates import Reach, Update

Document = str | Sequence[Message]
"""A text, or a conversation."""


@dataclass(frozen=True)
class Recipe:
    """How a base is made.

    `vocabulary` is how many tokens there are with `bytes`: pairs that are often together become
    one, up to that number. `length` is what the network can see, and of how many tokens a row is.
    """

    tokens: Literal["words", "bytes"] = "words"
    vocabulary: int = 0
    length: int = 64
    width: int = 64
    layers: int = 2
    heads: int = 4
    tied: bool = True
    steps: int = 1000
    batch: int = 64
    rate: float = 3e-3
    seed: int = 0


def pretrain(documents: Sequence[Document], folder: Path, recipe: Recipe) -> float:
    """Train a network on all tokens of the documents and write it where `base` finds it.

    Conversations have the marks of their roles; documents that are longer than a row are cut into
    several. Learning rates go down to 0 in a straight line.

    Returns:
        The mean loss over the last tenth of the steps, nats per token.

    Raises:
        UsageError: there is nothing to read.
    """
    texts = [content for each in documents for content in _contents(each)]
    tokens = word_level(texts) if recipe.tokens == "words" else byte_level(texts, recipe.vocabulary)
    library = Library(recipe.length)
    for document in documents:
        for text in _parts(document, tokens, recipe.length):
            library.add(text)
    count = len(library.sizes)
    if not count:
        raise UsageError("there are no documents to pretrain on")
    shape = Shape(
        len(tokens), recipe.length, recipe.width, recipe.layers, recipe.heads, tied=recipe.tied
    )
    update = Update(stacked([fresh(shape, recipe.seed)]), Reach("full", recipe.rate), [recipe.seed])
    losses = train(
        shape,
        update,
        library,
        [library.packed(_shuffled(count, recipe.seed))],
        steps=recipe.steps,
        size=recipe.batch,
        decay=True,
    )
    (weights,) = update.finished()
    save(folder, Checkpoint(shape, {name: value[0] for name, value in weights.items()}, tokens))
    last = losses[-max(1, len(losses) // 10) :]
    return sum(last) / len(last)


def _contents(document: Document) -> list[str]:
    return [document] if isinstance(document, str) else [content for _, content in document]


def _parts(document: Document, tokens: Tokens, length: int) -> Iterator[Text]:
    if isinstance(document, str):
        ids = [*tokens.encode(document), tokens.end]
    else:
        ids = tokens.conversation(document).ids
    for at in range(0, len(ids), length):
        part = ids[at : at + length]
        yield Text(part, [True] * len(part))


def _shuffled(count: int, seed: int) -> Iterator[int]:
    turn = 0
    while True:
        yield from sorted(range(count), key=lambda at, turn=turn: draw(seed, turn, str(at)))  # type: ignore[misc]
        turn += 1
