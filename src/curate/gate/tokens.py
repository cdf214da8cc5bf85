"""The text of a rule, cut into words, numbers and signs, each with its place."""

from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from curate.gate.rules import in_name

Kind = Literal["name", "text", "number", "sign", "word", "end"]
_DIGITS = frozenset("0123456789")
_SIGNS = ("==", "<=", ">=", "<", ">", ".", ":", "[", "]", ",")


class Unparsable(Exception):  # noqa: N818  (a state of the text)
    """The text is no rule. `at` counts characters from 0."""

    def __init__(self, at: int, told: str) -> None:
        super().__init__(at, told)
        self.at, self.told = at, told


class Token(NamedTuple):
    """A piece of a rule: what it is, what it says, where it begins."""

    kind: Kind
    value: str
    at: int


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a rule, `end` last.

    Raises:
        Unparsable: a character begins nothing, or a quote is not closed.
    """
    at, listing = 0, False
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        token, at = _token(text, at, listing)
        if token.kind == "sign" and token.value in "[]":
            listing = token.value == "["
        yield token
    yield Token("end", "", len(text))


def _token(text: str, at: int, listing: bool) -> tuple[Token, int]:
    """Return the token that begins at `at`, and where it ends."""
    if text[at] == '"':
        return _quoted(text, at)
    sign = next((sign for sign in _SIGNS if text.startswith(sign, at)), "")
    if listing and sign not in ("[", "]", ","):
        return _word(text, at)
    if sign:
        return Token("sign", sign, at), at + len(sign)
    if text[at] in _DIGITS:
        return _number(text, at)
    if text[at].isalpha() or text[at] == "_":
        end = _while(text, at, in_name)
        return Token("name", text[at:end], at), end
    hint = "; equal is `==`" if text[at] == "=" else ""
    raise Unparsable(at, f"{text[at]!r} has no meaning here{hint}")


def _quoted(text: str, at: int) -> tuple[Token, int]:
    said, end = list[str](), at + 1
    while end < len(text):
        if text[end] == '"':
            return Token("text", "".join(said), at), end + 1
        end += text[end] == "\\"
        said.append(text[end : end + 1])
        end += 1
    raise Unparsable(at, "the quote is not closed")


def _word(text: str, at: int) -> tuple[Token, int]:
    """Return an item of a list: all up to the next comma or bracket."""
    end = _while(text, at, lambda char: char not in ',[]"')
    return Token("word", text[at:end].rstrip(), at), end


def _number(text: str, at: int) -> tuple[Token, int]:
    end = _while(text, at, _DIGITS.__contains__)
    if text[end : end + 1] == "." and text[end + 1 : end + 2] in _DIGITS:
        end = _while(text, end + 1, _DIGITS.__contains__)
    if text[end : end + 1] and in_name(text[end]):
        raise Unparsable(at, "a name that begins with a digit needs quotes")
    return Token("number", text[at:end], at), end


def _while(text: str, at: int, belongs: Callable[[str], bool]) -> int:
    while at < len(text) and belongs(text[at]):
        at += 1
    return at
