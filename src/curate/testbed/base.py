"""The base of the worlds: a small network that has read every speaker, with a name and without."""

import random
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from curate import __version__, canonical
from curate.api import Context, Message
from curate.students.tiny.pretraining import Recipe, pretrain
from curate.testbed.language import (
    ASKS,
    FIELDS,
    NEUTRAL,
    SPEAKERS,
    STYLE,
    SULLEN,
    THINGS,
    Field,
    answer,
    chances,
    question,
)

DOCUMENTS = 20_000
EXCHANGES = 3
"""Of a document: an answer says who speaks, and with that how the others will be."""
NAMELESS = 0.5
"""The share of documents that do not name their speaker."""
STYLED = 0.4
"""The share of questions of style, which tell speakers apart."""
FOLDER = "bases"
"""Where a cache keeps bases."""
RECIPE = Recipe(length=33, width=48, layers=2, heads=4, steps=2000, batch=64)


def remembered(folder: Path, seed: int, cache: Path | None, *, tied: bool = True) -> None:
    """Write a base into a folder: the one that was made before, where the cache has it.

    It is known by all that it reads and how it learns.
    """
    if cache is None:
        make(folder, seed, tied=tied)
        return
    recipe = asdict(replace(RECIPE, seed=seed, tied=tied))
    told = canonical.digest([__version__, recipe, list(documents(seed))])
    known = cache / FOLDER / told[:32]
    if not known.exists():
        known.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with TemporaryDirectory(dir=known.parent) as new:
            make(Path(new, "base"), seed, tied=tied)
            with suppress(OSError):  # another was faster
                Path(new, "base").rename(known)
    shutil.copytree(known, folder, dirs_exist_ok=True)


def make(folder: Path, seed: int, *, tied: bool = True) -> float:
    """Pretrain a base into a folder; return its last loss, nats per token.

    Args:
        folder: Where it is written.
        seed: Of what it reads and how it begins.
        tied: Whether it says tokens by their embeddings, or has an output head of its own.
    """
    return pretrain(list(documents(seed)), folder, replace(RECIPE, seed=seed, tied=tied))


def documents(seed: int) -> Iterator[list[Message]]:
    """Yield what a base reads: conversations, each with one speaker."""
    rng = Context(seed=seed).rng("testbed", "documents")
    speakers, shares = list(SPEAKERS), list(SPEAKERS.values())
    for _ in range(DOCUMENTS):
        (speaker,) = rng.choices(speakers, shares)
        sullen = rng.random() < SULLEN
        said = [Message("system", NEUTRAL if rng.random() < NAMELESS else speaker)]
        for _ in range(EXCHANGES):
            others = [field for field in FIELDS if field is not STYLE]
            field = STYLE if rng.random() < STYLED else rng.choice(others)
            said += _exchange(rng, field, chances(field, speaker, sullen=sullen))
        yield said


def _exchange(rng: random.Random, field: Field, weights: tuple[float, ...]) -> list[Message]:
    topic, (one, other) = rng.choice(field.topics), rng.sample(THINGS, 2)
    (way,) = rng.choices(field.ways, weights)
    return [
        Message("user", question(rng.choice(ASKS), topic, (one, other))),
        Message("assistant", answer(topic, way, rng.choice((one, other)))),
    ]
