"""An interpolated n-gram model: counts, and what they say about the next word.

Orders are mixed as Witten & Bell (1991) do:

    P(w | h) = (c(h, w) + t(h) P(w | h')) / (n(h) + t(h))

where n(h) counts what followed the history h, t(h) how many different words that were, and h' is h
without its first word. The empty history falls back on all words alike, one of them standing for
every word never seen; so the probabilities of all words sum to 1.
"""

from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import accumulate

History = tuple[str, ...]


class Counts:
    """What followed which words.

    Args:
        order: Words in the longest n-gram; the longest history has one less.
    """

    def __init__(self, order: int) -> None:
        self._longest = order - 1
        self._followers: defaultdict[History, Counter[str]] = defaultdict(Counter)
        self._totals: Counter[History] = Counter()
        self._tables: dict[float, tuple[list[str], list[float]]] = {}

    def learn(self, before: Sequence[str], word: str) -> None:
        """Count a word after all the words before it."""
        self._tables.clear()
        for history in self._histories(before):
            self._followers[history][word] += 1
            self._totals[history] += 1

    def probability(self, before: Sequence[str], word: str) -> float:
        """Return P(word | the words before it); for a word never seen that of all such words."""
        found, rest = 0.0, 1.0
        for history in self._histories(before):
            if history in self._totals:
                followers, total = self._followers[history], self._totals[history]
                found += rest * followers[word] / (total + len(followers))
                rest *= len(followers) / (total + len(followers))
        return found + rest / (len(self._followers[()]) + 1)

    def likeliest(self, before: Sequence[str]) -> str:
        """Return the likeliest word that was ever seen; of equals the first in the alphabet."""
        above, rest = self._above(before)
        usual = min(self._followers[()].items(), key=lambda each: (-each[1], each[0]))[0]
        candidates = {usual, *above}
        chances = {word: above.get(word, 0.0) + rest * self._alone(word) for word in candidates}
        return min(candidates, key=lambda word: (-chances[word], word))

    def drawn(self, before: Sequence[str], temperature: float, draws: tuple[float, float]) -> str:
        """Return a word drawn by P ** (1 / temperature), among words that were ever seen.

        Every word has the weight that it has without a history, and those that followed this one
        have a surplus; which of the two lists is used is drawn first, then a word of it.

        Args:
            before: The words before it.
            temperature: Above 0.
            draws: Two numbers from 0 to below 1.
        """
        power = 1 / temperature
        above, rest = self._above(before)
        usual = {word: rest * self._alone(word) for word in above}
        surplus = [(usual[word] + above[word]) ** power - usual[word] ** power for word in above]
        words, weights = self._table(temperature)
        everyday, special = rest**power * weights[-1], sum(surplus)
        if draws[0] * (everyday + special) < everyday:
            return words[min(bisect(weights, draws[1] * weights[-1]), len(words) - 1)]
        sums = list(accumulate(surplus))
        return list(above)[min(bisect(sums, draws[1] * sums[-1]), len(sums) - 1)]

    def _above(self, before: Sequence[str]) -> tuple[dict[str, float], float]:
        """Return what histories add to each word, and the share left to words without one."""
        above: dict[str, float] = {}
        rest = 1.0
        for history in self._histories(before):
            if history and history in self._totals:
                followers, total = self._followers[history], self._totals[history]
                each = rest / (total + len(followers))
                for word, count in followers.items():
                    above[word] = above.get(word, 0.0) + each * count
                rest = each * len(followers)
        return above, rest

    def _alone(self, word: str) -> float:
        """Return the probability of a word that was seen, without a history."""
        return self.probability((), word)

    def _table(self, temperature: float) -> tuple[list[str], list[float]]:
        """Return all words and the running sum of their weights without a history."""
        if temperature not in self._tables:
            words = sorted(self._followers[()])
            weights = accumulate(self._alone(word) ** (1 / temperature) for word in words)
            self._tables[temperature] = words, list(weights)
        return self._tables[temperature]

    def _histories(self, before: Sequence[str]) -> list[History]:
        """Return what is remembered of the words before a word, the longest first."""
        last = tuple(before[-self._longest :]) if self._longest else ()
        return [last[at:] for at in range(len(last) + 1)]
