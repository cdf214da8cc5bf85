"""From the text of a rule to the rule: a few lines of grammar, read from left to right.

rule     = measure compare number | "teachers" "." which ":" list | "audit" "." name "in" list
measure  = "hits" "." name ["." "fraction"] | "teacher" "." name ["." "fraction"]
         | ("dropped" | "quarantined" | "unreadable" | "kept") ["." "fraction"] | "read"
list     = "[" word {"," word} "]"
"""

from decimal import Decimal

from curate.errors import suggest
from curate.gate.rules import (
    FRACTION,
    MEASURES,
    NAMED,
    OPERATORS,
    UNKNOWN,
    Audit,
    Comparison,
    Measure,
    Rule,
    Teachers,
)
from curate.gate.tokens import Kind, Token, Unparsable, tokens

BEGINNINGS = (*MEASURES, "teachers", "audit")
WHICH = ("allow", "deny")
DIGITS = 30
"""A bound has at most so many."""
_FOUND = 60
"""Characters shown of what stands in a wrong place."""


def parse(text: str) -> Rule:
    """Return the rule that a text says.

    Raises:
        Unparsable: it says none; with the place and what was expected there.
    """
    reader = _Reader(text)
    first = reader.take("name", "a rule begins with what is measured")
    if first.value not in BEGINNINGS:
        told = f"unknown measure {first.value!r}{suggest(first.value, BEGINNINGS)}"
        raise Unparsable(first.at, told)
    rule = _rule(reader, first.value)
    reader.take("end", "the rule ends here")
    return rule


def _rule(reader: "_Reader", first: str) -> Rule:
    if first == "teachers":
        return _teachers(reader)
    if first == "audit":
        name = reader.name("an audit's card")
        reader.sign("in")
        return Audit(name.value, reader.words())
    return _comparison(reader, _measure(reader, first))


def _measure(reader: "_Reader", kind: str) -> Measure:
    name: str | None = None
    if kind in NAMED:
        token = reader.name("a step" if kind == "hits" else f"a teacher, or `{UNKNOWN}`")
        nobody = kind == "teacher" and token == ("name", UNKNOWN, token.at)
        name = None if nobody else token.value
    if not reader.next("."):
        return Measure(kind, name)
    token = reader.take("name", f"only `.{FRACTION}` can follow")
    if token.value != FRACTION:
        raise Unparsable(token.at, f"only `.{FRACTION}` can follow, not {token.value!r}")
    if kind == "read":
        raise Unparsable(token.at, "the rows read are the whole, and no fraction")
    return Measure(kind, name, fraction=True)


def _comparison(reader: "_Reader", measure: Measure) -> Comparison:
    token = reader.take("sign", f"{measure} is compared: {' '.join(OPERATORS)}")
    if token.value not in OPERATORS:
        raise Unparsable(token.at, f"{measure} is compared: {' '.join(OPERATORS)}")
    number = reader.take("number", "a number, 0 or more")
    if len(number.value) > DIGITS:
        raise Unparsable(number.at, f"a number of more than {DIGITS} digits")
    bound = Decimal(number.value)
    if measure.fraction and bound > 1:
        raise Unparsable(number.at, f"a fraction is at most 1, not {bound:f}")
    return Comparison(measure, token.value, bound)


def _teachers(reader: "_Reader") -> Teachers:
    which = reader.name("`allow` or `deny`")
    if which.value not in WHICH:
        raise Unparsable(which.at, f"`allow` or `deny`, not {which.value!r}")
    reader.sign(":")
    return Teachers(which.value == "allow", reader.words())


class _Reader:
    """The tokens of a rule, from left to right."""

    def __init__(self, text: str) -> None:
        self._tokens = list(tokens(text))
        self._at = 0

    def take(self, kind: Kind, expected: str) -> Token:
        """Return the next token, which must be of this kind."""
        token = self._tokens[self._at]
        if token.kind != kind:
            found = repr(token.value)[:_FOUND] if token.value else "nothing"
            raise Unparsable(token.at, f"{expected}; found {found}")
        self._at = min(self._at + 1, len(self._tokens) - 1)
        return token

    def next(self, value: str) -> bool:
        """Say whether a sign comes next, and go past it."""
        token = self._tokens[self._at]
        self._at += (found := token.kind == "sign" and token.value == value)
        return found

    def sign(self, value: str) -> None:
        """Go past a sign, or a small word, that must be there."""
        token = self._tokens[self._at]
        if token.value != value or token.kind not in ("sign", "name"):
            raise Unparsable(token.at, f"`{value}` is missing")
        self._at += 1

    def name(self, what: str) -> Token:
        """Return the name behind a dot, in quotes or not."""
        if not self.next("."):
            raise Unparsable(self._tokens[self._at].at, f"`.` and {what} are missing")
        token = self._tokens[self._at]
        if token.kind not in ("name", "text") or not token.value:
            raise Unparsable(token.at, f"the name of {what} is missing; an odd one needs quotes")
        self._at += 1
        return token

    def words(self) -> tuple[str, ...]:
        """Return the items of a list; there is at least one."""
        self.sign("[")
        found = [self._word()]
        while self.next(","):
            found.append(self._word())
        self.sign("]")
        return tuple(found)

    def _word(self) -> str:
        token = self._tokens[self._at]
        if token.kind not in ("word", "text") or not token.value:
            raise Unparsable(token.at, "a list has at least one item, with commas between them")
        self._at += 1
        return token.value
