"""One text, and what several metrics ask of it, each worked out at most once."""

import string
from collections import Counter
from collections.abc import Callable
from operator import mul
from typing import Any, Generic, Self, TypeVar, overload

from curate.filters.quality.grams import repeated_chars
from curate.filters.quality.words import Splitter

_T = TypeVar("_T")
_MARKS = frozenset((*string.punctuation, "..."))
"""The usual words without a letter or digit."""

Interval = tuple[float, float]
"""Two numbers between which a metric surely lies, both included."""


def ratio(part: float, whole: int) -> float:
    """Return part / whole, and 0 where there is no whole."""
    return part / whole if whole else 0.0


class _Once(Generic[_T]):
    """An attribute computed when first read.

    `functools.cached_property` takes a lock in Python 3.11, which costs more than most of these.
    """

    def __init__(self, work: Callable[[Any], _T]) -> None:
        self.work, self.__doc__ = work, work.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, owner: None, kind: type) -> Self: ...
    @overload
    def __get__(self, owner: object, kind: type) -> _T: ...
    def __get__(self, owner: object | None, kind: type) -> Self | _T:
        if owner is None:
            return self
        value = self.work(owner)
        owner.__dict__[self.name] = value
        return value


class Text:
    """A text with its words and lines.

    Args:
        text: The text as it stands in the record.
        split: What its words are.
        longest: Among equally frequent n-grams the longest counts as the top one, not the first.
    """

    def __init__(self, text: str, split: Splitter, longest: bool = True) -> None:
        self.text, self.split, self.longest = text, split, longest
        self.chars = len(text)

    @_Once
    def words(self) -> list[str]:
        """The words, in order."""
        return self.split(self.text)

    @_Once
    def word_count(self) -> int:
        """How many words."""
        return len(self.words)

    @_Once
    def word_chars(self) -> int:
        """How many characters stand in words."""
        return sum(self.masses)

    @_Once
    def counts(self) -> Counter[str]:
        """How often each word occurs."""
        return Counter(self.words)

    @_Once
    def masses(self) -> list[int]:
        """For each different word, how many characters it takes in all its places."""
        return list(map(mul, map(len, self.counts), self.counts.values()))

    @_Once
    def odd_words(self) -> list[str]:
        """The different words that are not letters only."""
        return [word for word in self.counts if not word.isalpha()]

    @_Once
    def symbols(self) -> list[str]:
        """The different words without a letter or digit."""
        return [
            word for word in self.odd_words if word in _MARKS or not any(map(str.isalnum, word))
        ]

    @_Once
    def alpha_words(self) -> int:
        """How many words hold a letter."""
        without = [
            self.counts[word]
            for word in self.odd_words
            if not (word[0].isalpha() or any(map(str.isalpha, word)))
        ]
        return self.word_count - sum(without)

    @_Once
    def sure_alpha_words(self) -> int:
        """At most as many words as hold a letter."""
        return self.alpha_words

    @_Once
    def lines(self) -> list[str]:
        """The lines that are not empty."""
        return [line for line in self._unix.split("\n") if line]

    @_Once
    def inked_lines(self) -> list[str]:
        """The lines that show something."""
        return [line for line in self.lines if not line.isspace()]

    @_Once
    def paragraphs(self) -> list[str]:
        """What blank lines separate; they hold no white space."""
        parts = [part.strip("\n") for part in self._unix.strip().split("\n\n")]
        return [part for part in parts if part]

    @_Once
    def _unix(self) -> str:
        """The text with CRLF, where it ends a line, made LF."""
        return self.text.replace("\r\n", "\n") if "\r" in self.text else self.text

    @_Once
    def gram_peaks(self) -> tuple[int, int, int]:
        """Characters times occurrences that no 2-gram, no 3-gram, no 4-gram exceeds.

        An n-gram that occurs m times holds n words that each occur at least m times, and n - 1
        blanks.
        """
        mass = max(self.masses, default=0)
        most = max(self.counts.values(), default=0)
        return 2 * mass + most, 3 * mass + 2 * most, 4 * mass + 3 * most

    @_Once
    def repeated_chars(self) -> int:
        """Characters of the words that stand in some 5-gram seen before.

        Longer n-grams seen before consist of such 5-grams, so it bounds all of them.
        """
        return repeated_chars(self.words, 5)
