"""Pseudo-words with a Zipf distribution, for the synthetic corpus."""

import numpy as np
from numpy.random import Generator

STOPWORDS = """the of and to a in is that it for was on with as be at by have this from or had not
are but what all were when we there can an your which their if do will each how them then she many
some so these would other into has more her two like him see time could no make than first been its
who now people my made over did down only way find use may long little very after words called just
where most know get through back much before go good new write our me man too any day same right
look think also around another came come work three must because does part even place well such
here take why things help put years different away again off went old number"""
ONSETS = "b c d f g h j k l m n p r s t v w br ch cl cr dr fl gr pl pr sc sh sl sp st str th tr"
NUCLEI = "a e i o u ai ea ee ie oa ou"
CODAS = ["", "", "", "n", "r", "s", "t", "l", "m", "nd", "rt", "st", "ck", "ng"]
SUFFIXES = ["", "", "", "ing", "ed", "ly", "tion", "er", "able", "ness", "s", "ment"]


class Words:
    """A vocabulary of 20,000 pseudo-words with a Zipf distribution over it."""

    def __init__(self, seed: int, size: int = 20_000) -> None:
        self.vocabulary = _vocabulary(np.random.default_rng([seed, 999]), size)
        self.size = len(self.vocabulary)
        weights = 1.0 / (np.arange(self.size) + 2.7) ** 1.05
        self.cumulative = np.cumsum(weights / weights.sum())
        forms = ("{}", "{}", "{},", "{}.", "{}.\n", "{}?")
        self.variants = np.array(
            [
                form.format(word[:1].upper() + word[1:] if n == 1 else word)
                for n, form in enumerate(forms)
                for word in self.vocabulary
            ],
            dtype=object,
        )

    def ids(self, rng: Generator, count: int) -> np.ndarray:
        """Draw word numbers from the distribution."""
        return np.searchsorted(self.cumulative, rng.random(count)).clip(0, self.size - 1)

    def sample(self, rng: Generator, count: int) -> list[str]:
        """Draw words with punctuation, sentence capitals and line ends."""
        ids = self.ids(rng, count)
        mark = rng.random(count)
        ends = mark < 0.075
        form = np.zeros(count, int)
        form[mark > 0.93] = 2
        form[ends] = 3
        form[mark < 0.014] = 4
        form[(mark >= 0.07) & ends] = 5
        opens = np.concatenate([[True], ends[:-1]])
        form[opens & (form == 0)] = 1
        return self.variants[form * self.size + ids].tolist()


def _vocabulary(rng: Generator, size: int) -> list[str]:
    onsets, nuclei = ONSETS.split(), NUCLEI.split()
    seen, words = set(STOPWORDS.split()), STOPWORDS.split()
    while len(words) < size:
        syllables = int(rng.integers(1, 4))
        word = "".join(
            pick(onsets, rng) + pick(nuclei, rng) + pick(CODAS, rng) for _ in range(syllables)
        )
        word += pick(SUFFIXES, rng)
        if 2 <= len(word) <= 14 and word not in seen:
            seen.add(word)
            words.append(word)
    for rank in range(400, size, 97):
        words[rank] = str(int(rng.integers(2, 9999)))
    return words


def pick(options: list[str] | str, rng: Generator) -> str:
    return options[rng.integers(len(options))]
