"""Words that can be compared: without case, punctuation and Unicode form."""

import re
import unicodedata
from collections.abc import Iterator

_CHUNK = re.compile(r"\S+")
_ASCII_WORD = re.compile(r"[a-zA-Z0-9]+")
_ALONE = re.compile(
    r"[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Tibetan, Burmese, Khmer
    r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"  # Kana, Han
)
"""Scripts that are written without blanks between words, so every character counts as one."""


class _Plain(dict[int, str]):
    """A table for `str.translate`, filled as characters are met.

    Letters, marks and digits stay, format characters (soft hyphens, joiners) go, and whatever else
    there is separates words.
    """

    def __missing__(self, code: int) -> str:
        char = chr(code)
        kind = unicodedata.category(char)
        if kind == "Cf":
            plain = ""
        elif kind[0] not in "LMN":
            plain = " "
        else:
            plain = f" {char} " if _ALONE.match(char) else char
        self[code] = plain
        return plain


_PLAIN = _Plain()


def words(text: str) -> list[str]:
    """Return the words of a text: NFKC, case folded, punctuation taken out."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return text.casefold().translate(_PLAIN).split()


def located(text: str) -> list[tuple[int, int]]:
    """Return start and end (characters) of every word that `words(text)` returns.

    Where normalising moves the borders of words, as in `½`, a word takes all that stands there
    between white space.
    """
    return [place for chunk in _CHUNK.finditer(text) for place in _in_chunk(*chunk.span(), text)]


def _in_chunk(start: int, end: int, text: str) -> list[tuple[int, int]]:
    if text[start:end].isascii():
        return [word.span() for word in _ASCII_WORD.finditer(text, start, end)]
    found = words(text[start:end])
    pieces = list(_pieces(start, end, text))
    if [words(text[low:high]) for low, high in pieces] == [[word] for word in found]:
        return pieces
    return [(start, end)] * len(found)


def _pieces(start: int, end: int, text: str) -> Iterator[tuple[int, int]]:
    """Yield the runs of characters that are not separated, as they are written."""
    begin: int | None = None
    for at in range(start, end):
        plain = _PLAIN[ord(text[at])]
        if plain.isspace() or len(plain) > 1:
            if begin is not None:
                yield begin, at
            begin = None
            if not plain.isspace():
                yield at, at + 1
        elif plain and begin is None:
            begin = at
    if begin is not None:
        yield begin, end
