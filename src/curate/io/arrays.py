"""A JSON array as lines: one element, one line.

Only strings, brackets and commas are looked at; whether an element is JSON is for its reader to
say. An element is what stands between two delimiters of the array, so a missing comma spoils two
elements and not the file.
"""

import re
from collections.abc import Callable, Iterator

from curate.records import BLANK

_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_TO_BRACKET = re.compile(rb'[^"\[\]{}]*+(?:' + _STRING + rb'[^"\[\]{}]*+)*+', re.DOTALL)
_TO_DELIMITER = re.compile(rb'[^"\[\]{},]*+(?:' + _STRING + rb'[^"\[\]{},]*+)*+', re.DOTALL)
_STRINGS_WITHOUT_LINE_END = re.compile(rb'[^"]*+(?:"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"[^"]*+)*+')
_LINE_END = re.compile(rb"\n[ \t\r\n]*+")

_OPENING = frozenset(b"[{")
_DELIMITER = frozenset(b",]")
_QUOTE = ord('"')


def elements(blocks: Iterator[bytes], consumed: Callable[[bytes], object]) -> Iterator[bytes]:
    r"""Yield each element of the array in `blocks` as a line ending in `\n`.

    Line ends inside an element (white space, in JSON) become one blank each, with the indentation
    after them; nothing else changes. What cannot be split (an array that never ends, bytes after
    its end) comes as one last line that begins with the delimiter before it, so that it is never
    taken for an element. Memory: a block and three copies of the longest element.

    Args:
        blocks: The bytes of the file, in pieces of any length, without a byte order mark.
        consumed: Gets all bytes of `blocks`, once and in order; when an element is yielded, the
            bytes up to its delimiter.
    """
    array = _Array(blocks)
    consumed(array.take_blanks())
    is_array, ended = array.next_byte() == b"[", False
    while is_array and not ended and (end := array.next_delimiter()):
        piece = array.take(end)
        consumed(piece)
        ended = array.next_byte() == b"]"
        element = piece[1:].strip(BLANK)
        if element or piece[:1] == b"," or not ended:  # everything but the nothing in `[]`
            yield _line(element)
    rest = array.take_all()
    consumed(rest)
    leftover = rest.strip(BLANK)
    if leftover and not (ended and leftover == b"]"):
        yield _line(leftover)


def is_rest(line: bytes) -> bool:
    """Say whether a line of `elements` is what could not be split, and no element."""
    if line[:1] != b"[":
        return line[:1] in (b",", b"]")
    array = _Array(iter([line]))  # an element that is an array itself has an end
    array.take_blanks()
    while end := array.next_delimiter():
        array.take(end)
        if array.next_byte() == b"]":
            return False
    return True


def _line(element: bytes) -> bytes:
    if b"\n" not in element:
        return element + b"\n"
    if _STRINGS_WITHOUT_LINE_END.fullmatch(element):
        return _LINE_END.sub(b" ", element.replace(b"\r\n", b"\n")) + b"\n"
    # A line end inside a string is not JSON. It becomes another character that is not JSON there.
    return element.replace(b"\n", b"\r") + b"\n"


class _Array:
    """The bytes that are not split yet; the first is the delimiter before the next element."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self.text = bytearray()
        self._blocks = blocks

    def next_delimiter(self) -> int | None:
        """Return where the delimiter after the first one is; None where the file ends before."""
        text, at, depth = self.text, 1, 0
        while True:
            match = (_TO_BRACKET if depth else _TO_DELIMITER).match(text, at)
            at = match.end() if match else at
            if at == len(text) or text[at] == _QUOTE:  # the end of what is here, even in a string
                if not self._more(len(text) - at):
                    return None
                continue
            found = text[at]
            if found in _OPENING:
                depth += 1
            elif depth:
                depth -= 1
            elif found in _DELIMITER:
                return at
            at += 1

    def next_byte(self) -> bytes:
        """Return the first byte, or none at the end."""
        return bytes(self.text[:1])

    def take_blanks(self) -> bytes:
        """Return the blanks before the first byte that is none, and forget them."""
        while not self.text.strip(BLANK) and self._more():
            pass
        return self.take(len(self.text) - len(self.text.lstrip(BLANK)))

    def take(self, end: int) -> bytes:
        """Return the bytes before `end` and forget them."""
        taken = bytes(self.text[:end])
        del self.text[:end]
        return taken

    def take_all(self) -> bytes:
        """Return all bytes there are."""
        while self._more():
            pass
        return self.take(len(self.text))

    def _more(self, least: int = 1) -> bool:
        """Read on by `least` bytes; asking for what must be looked at again keeps it all linear."""
        before = len(self.text)
        for block in self._blocks:
            self.text += block
            if len(self.text) >= before + least:
                break
        return len(self.text) > before
