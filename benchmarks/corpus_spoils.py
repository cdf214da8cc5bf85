"""The ways a row of the synthetic corpus is spoilt, and how often.

One function per way: the turns of a plain row in, the spoilt turns out.
"""

from collections.abc import Callable

import numpy as np
from corpus_words import Words, pick
from numpy.random import Generator

Turns = list[str]

CYRILLIC = "авеиклмнопрстуя"
HAN = "的一是不了人我在有他这中大来上国和说们为"
SLURS = ["slurplaceholder", "vileterm", "badwordx", "hatewordy", "nastyterm"]
REFUSALS = [
    "I'm sorry, but I can't help with that request.",
    "As an AI language model, I do not have opinions.",
    "I cannot assist with this topic because it may be harmful.",
    "Unfortunately, I am unable to fulfil your request.",
]
SYMBOLS = ["###", "...", "12/34", "%%", "&&"]


def spoil(
    turns: Turns, fate: float, dice: np.ndarray, rng: Generator, pool: list[Turns], words: Words
) -> Turns:
    """Return `turns` itself, or what the share that `fate` falls into makes of a row.

    Args:
        turns: The plain row.
        fate: Uniform in [0, 1).
        dice: Four more uniform numbers, for the choices inside a way of spoiling.
        rng: For ways that need more chance than that.
        pool: Earlier plain rows, for duplicates.
        words: The vocabulary.
    """
    if fate < 0.10 and pool:
        source = pool[int(dice[0] * len(pool))]
        return source if fate < 0.05 else [_near(text, rng, words) for text in source]
    for limit, way in WAYS:
        if fate < limit:
            return way(turns, dice, rng, words)
    return turns


def _near(text: str, rng: Generator, words: Words) -> str:
    tokens = text.split(" ")
    for at in rng.integers(0, len(tokens), max(1, len(tokens) // 60)):
        tokens[at] = pick(words.vocabulary, rng)
    return " ".join(tokens)


def _personal(turns: Turns, dice: np.ndarray, rng: Generator, _words: Words) -> Turns:
    text = turns[-1]
    at = text.find(" ", int(dice[1] * len(text)))
    at = at if at >= 0 else len(text)
    space = " " if dice[2] < 0.9 else "\n"
    return [*turns[:-1], text[:at] + space + _identifier(rng) + text[at:]]


def _identifier(rng: Generator) -> str:
    def digits(count: int) -> str:
        return "".join(map(str, rng.integers(0, 10, count)))

    kinds: list[Callable[[], str]] = [
        lambda: f"user{digits(3)}@mail{digits(1)}.example.com",
        lambda: f"({digits(3)}) 555-{digits(4)}",
        lambda: f"{1 + rng.integers(8)}{digits(2)}-{digits(2)}-{digits(4)}",
        lambda: f"4{digits(3)} {digits(4)} {digits(4)} {digits(4)}",
        lambda: f"10.{rng.integers(255)}.{rng.integers(255)}.{rng.integers(255)}",
        lambda: f"sk-{digits(12)}abcdefgh{digits(12)}",
        lambda: f"AKIA{digits(8)}ABCDEFGH",
        lambda: f"DE{digits(2)}{digits(18)}",
        lambda: f"https://shop.example.com/p?id={digits(4)}&utm_source=mail",
        lambda: "-----BEGIN RSA PRIVATE KEY-----",
    ]
    return kinds[int(rng.integers(len(kinds)))]()


def _slur(turns: Turns, dice: np.ndarray, _rng: Generator, _words: Words) -> Turns:
    return [*turns[:-1], f"{turns[-1]} You are a {SLURS[int(dice[1] * 5)]} indeed."]


def _refusal(turns: Turns, dice: np.ndarray, _rng: Generator, _words: Words) -> Turns:
    rest = " " + turns[-1] if dice[2] < 0.5 else ""
    return [*turns[:-1], REFUSALS[int(dice[1] * 4)] + rest]


def _short(turns: Turns, _dice: np.ndarray, _rng: Generator, _words: Words) -> Turns:
    return ["Hi.", " ".join(turns[-1].split(" ")[:8])]


def _long(turns: Turns, _dice: np.ndarray, rng: Generator, words: Words) -> Turns:
    def line() -> str:
        return " ".join(words.vocabulary[n] for n in words.ids(rng, 120)) + "."

    return [*turns[:-1], "\n".join([turns[-1], *(line() for _ in range(40))])]


def _foreign(turns: Turns, dice: np.ndarray, rng: Generator, _words: Words) -> Turns:
    alphabet = CYRILLIC if dice[1] < 0.6 else HAN

    def word(length: int) -> str:
        return "".join(alphabet[n] for n in rng.integers(0, len(alphabet), length))

    answer = " ".join(word(int(rng.integers(2, 9))) for _ in turns[-1].split(" "))
    return [word(12) + "?", *turns[1:-1], answer]


def _repetition(turns: Turns, dice: np.ndarray, _rng: Generator, _words: Words) -> Turns:
    tokens = turns[-1].split(" ")
    if dice[2] < 0.5:
        return [*turns[:-1], (" ".join(tokens[:6]) + "\n") * int(6 + 20 * dice[1])]
    echo = (" ".join(tokens[:3]) + " ") * int(20 + 60 * dice[1])
    return [*turns[:-1], f"{turns[-1]} {echo}"]


def _symbols(turns: Turns, _dice: np.ndarray, rng: Generator, _words: Words) -> Turns:
    draws = rng.random(400)
    tokens = zip(draws, turns[-1].split(" "), strict=False)  # a long answer is cut at 400 words
    return [*turns[:-1], " ".join(SYMBOLS[int(z * 5)] if z < 0.6 else t for z, t in tokens)]


WAYS: list[tuple[float, Callable[[Turns, np.ndarray, Generator, Words], Turns]]] = [
    (0.14, _personal),
    (0.15, _slur),
    (0.18, _refusal),
    (0.20, _short),
    (0.203, _long),
    (0.223, _foreign),
    (0.238, _repetition),
    (0.243, _symbols),
]
"""Upper ends of the shares; 5 % exact and 5 % near duplicates come before, the rest is plain."""
