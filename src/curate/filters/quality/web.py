"""What C4 and FineWeb measure, as metrics of a text that is judged whole and never edited.

C4: Raffel et al. 2020, JMLR 21(140), section 2.2, and its published code. FineWeb: Penedo et al.
2024, arXiv 2406.17557, section 3.6.
"""

import re

from curate.filters.quality.repetition import duplicate_chars
from curate.filters.quality.text import Text, ratio

_TERMINAL = (".", "!", "?", '"', "'")
_CITATION = re.compile(r"\[(?:\d*|edit|citation needed)\]")
_SENTENCE_END = re.compile(r"[.!?]+['\"\u2019\u201d)\]]*(?=\s|\Z)")
_BOILERPLATE = (
    "javascript",
    "terms of use",
    "privacy policy",
    "cookie policy",
    "uses cookies",
    "use of cookies",
    "use cookies",
)
_FEWEST_WORDS, _LONGEST_WORD = 3, 1000

_STOPS = tuple(
    ".!?\u2026\u3002\uff01\uff1f\uff0e\uff61\u061f\u06d4\u0964\u0965\u0589\u1362\u1367\u17d4\u17d5"
)
_SHORT_LINE = 30


def lorem_ipsum(text: Text) -> int:
    """Return how often "lorem ipsum" occurs, in any case."""
    return text.text.lower().count("lorem ipsum")


def curly_brackets(text: Text) -> int:
    """Return how many opening curly brackets there are."""
    return text.text.count("{")


def c4_sentences(text: Text) -> int:
    """Return how many sentences stand in the lines C4 would keep.

    Such a line ends with terminal punctuation but no ellipsis, has at least three words, none of
    them over 1,000 characters, and speaks of no javascript, cookies or policies.
    """
    return sum(_sentences(line) for line in text.lines)


def _sentences(line: str) -> int:
    words = line.split()
    line = _CITATION.sub("", line.strip())
    if not line.endswith(_TERMINAL) or line.endswith("..."):
        return 0
    if len(words) < _FEWEST_WORDS or max(map(len, words)) > _LONGEST_WORD:
        return 0
    lower = line.lower()
    if any(phrase in lower for phrase in _BOILERPLATE):
        return 0
    return max(len(_SENTENCE_END.findall(line)), 1)


def line_punct_ratio(text: Text) -> float:
    """Return the share of lines that end with a full stop, question or exclamation mark."""
    ended = sum(line.rstrip().endswith(_STOPS) for line in text.inked_lines)
    return ratio(ended, len(text.inked_lines))


def short_line_ratio(text: Text) -> float:
    """Return the share of lines of at most 30 characters."""
    short = sum(len(line) <= _SHORT_LINE for line in text.inked_lines)
    return ratio(short, len(text.inked_lines))


def char_dup_ratio(text: Text) -> float:
    """Return the share of characters (line ends apart) in lines that stood before."""
    return ratio(duplicate_chars(text.inked_lines), text.chars - text.text.count("\n"))


def new_line_ratio(text: Text) -> float:
    """Return the number of line ends per word."""
    return ratio(text.text.count("\n"), text.word_count)


def alphanumeric_ratio(text: Text) -> float:
    """Return the share of characters that are letters or digits."""
    return ratio(sum(map(str.isalnum, text.text)), text.chars)
