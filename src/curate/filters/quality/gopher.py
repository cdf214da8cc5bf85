"""What Gopher's quality rules measure (Rae et al. 2021, arXiv 2112.11446, appendix A1.1)."""

from curate.filters.quality.text import Interval, Text, ratio

STOP_WORDS = ("the", "of", "to", "and", "that", "be", "with", "have")
"""Gopher's, the most frequent first."""
_SPACED_STOP_WORDS = tuple(f" {word} " for word in STOP_WORDS)
_ENOUGH = 2
_BULLETS = ("\u2022", "-")
_ELLIPSES = ("...", "\u2026")


def mean_word_length(text: Text) -> float:
    """Return the mean number of characters of a word."""
    return ratio(text.word_chars, text.word_count)


def non_symbol_words(text: Text) -> int:
    """Return how many words hold a letter or digit."""
    return text.word_count - sum(text.counts[word] for word in text.symbols)


def mean_non_symbol_word_length(text: Text) -> float:
    """Return the mean number of characters of a word that holds a letter or digit."""
    symbol_chars = sum(len(word) * text.counts[word] for word in text.symbols)
    return ratio(text.word_chars - symbol_chars, non_symbol_words(text))


def hash_word_ratio(text: Text) -> float:
    """Return the number of `#` per word."""
    return ratio(text.text.count("#"), text.word_count)


def ellipsis_word_ratio(text: Text) -> float:
    """Return the number of ellipses, in three dots or one character, per word."""
    return ratio(sum(map(text.text.count, _ELLIPSES)), text.word_count)


def symbol_word_ratio(text: Text) -> float:
    """Return the number of `#` and `...`, both together, per word."""
    return ratio(text.text.count("#") + text.text.count("..."), text.word_count)


def bullet_line_fraction(text: Text) -> float:
    """Return the share of lines that begin with a bullet or a hyphen."""
    bullets = sum(line.lstrip().startswith(_BULLETS) for line in text.lines)
    return ratio(bullets, len(text.lines))


def ellipsis_line_fraction(text: Text) -> float:
    """Return the share of lines that end with an ellipsis."""
    open_ended = sum(line.rstrip().endswith(_ELLIPSES) for line in text.lines)
    return ratio(open_ended, len(text.lines))


def alpha_word_ratio(text: Text) -> float:
    """Return the share of words that hold a letter."""
    return ratio(text.alpha_words, text.word_count)


def alpha_word_bounds(text: Text) -> Interval:
    """Count only the words that are sure to hold a letter."""
    return ratio(text.sure_alpha_words, text.word_count), 1.0


def stop_words(text: Text) -> int:
    """Return how many different ones of Gopher's eight stop words occur."""
    return sum(word in text.counts for word in STOP_WORDS)


def stop_word_bounds(text: Text) -> Interval:
    """Look for stop words between blanks until there are enough for Gopher's rule."""
    found = 0
    for word in _SPACED_STOP_WORDS:
        found += word in text.text
        if found == _ENOUGH:
            break
    return found, len(STOP_WORDS)
