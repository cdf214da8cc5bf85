"""What Gopher's repetition rules measure (Rae et al. 2021, arXiv 2112.11446, appendix A1.1)."""

from collections.abc import Callable, Iterable

from curate.filters.quality.grams import duplicate_gram_chars, top_gram_chars
from curate.filters.quality.text import Interval, Text, ratio


def duplicate_paragraph_fraction(text: Text) -> float:
    """Return the share of paragraphs that stood before."""
    return _duplicate_fraction(text.paragraphs)


def duplicate_paragraph_char_fraction(text: Text) -> float:
    """Return the share of characters in paragraphs that stood before."""
    return ratio(duplicate_chars(text.paragraphs), text.chars)


def duplicate_line_fraction(text: Text) -> float:
    """Return the share of lines that stood before."""
    return _duplicate_fraction(text.lines)


def duplicate_line_char_fraction(text: Text) -> float:
    """Return the share of characters in lines that stood before."""
    return ratio(duplicate_chars(text.lines), text.chars)


def top_gram(n: int) -> tuple[Callable[[Text], float], Callable[[Text], Interval]]:
    """Return the metric "share of characters in the most frequent n-gram" and its bounds."""

    def fraction(text: Text) -> float:
        return ratio(top_gram_chars(text.words, n, text.longest), text.chars)

    def bounds(text: Text) -> Interval:
        return 0.0, ratio(text.gram_peaks[n - 2], text.chars)

    return fraction, bounds


def duplicate_gram(n: int) -> tuple[Callable[[Text], float], Callable[[Text], Interval]]:
    """Return the metric "share of characters in n-grams that stood before" and its bounds."""

    def fraction(text: Text) -> float:
        return ratio(duplicate_gram_chars(text.words, n), text.chars)

    def bounds(text: Text) -> Interval:
        return 0.0, ratio(text.repeated_chars, text.chars)

    return fraction, bounds


def duplicate_chars(parts: list[str]) -> int:
    """Return the characters of the parts that stood before."""
    different = set(parts)
    return 0 if len(different) == len(parts) else _chars(parts) - _chars(different)


def _duplicate_fraction(parts: list[str]) -> float:
    return ratio(len(parts) - len(set(parts)), len(parts))


def _chars(parts: Iterable[str]) -> int:
    return sum(map(len, parts))
