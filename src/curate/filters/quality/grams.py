"""Repeated word n-grams (Rae et al. 2021, arXiv 2112.11446, appendix A1.1)."""

from collections import Counter
from collections.abc import Iterator


def top_gram_chars(words: list[str], n: int, longest: bool) -> int:
    """Return characters (blanks between words included) times occurrences of the top n-gram.

    Args:
        words: The words in order.
        n: How many make a gram.
        longest: Among equally frequent n-grams the longest is the top one; else the first.
    """
    counts = Counter(_grams(words, n))
    if not counts:
        return 0
    most = max(counts.values())
    lengths = (sum(map(len, gram)) for gram, count in counts.items() if count == most)
    return (max(lengths) if longest else next(lengths)) * most + (n - 1) * most


def duplicate_gram_chars(words: list[str], n: int) -> int:
    """Return the characters in n-grams seen before, each character counted at most once.

    A repeat is skipped as a whole: the search goes on behind it.
    """
    seen: set[tuple[str, ...]] = set()
    chars = free = 0
    for at, gram in enumerate(_grams(words, n)):
        if at < free:
            continue
        if gram in seen:
            chars += sum(map(len, gram))
            free = at + n
        else:
            seen.add(gram)
    return chars


def repeated_chars(words: list[str], n: int) -> int:
    """Return the characters of all words that stand in some n-gram seen before."""
    if len(set(_grams(words, n))) == max(len(words) - n + 1, 0):
        return 0
    seen: set[tuple[str, ...]] = set()
    chars = counted = 0
    for at, gram in enumerate(_grams(words, n)):
        if gram in seen:
            chars += sum(map(len, words[max(at, counted) : at + n]))
            counted = at + n
        else:
            seen.add(gram)
    return chars


def _grams(words: list[str], n: int) -> Iterator[tuple[str, ...]]:
    return zip(*(words[start:] for start in range(n)), strict=False)
