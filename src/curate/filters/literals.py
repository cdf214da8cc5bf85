"""What must stand in a text for a pattern to match: pre-checks for plain `re`.

`in` is far cheaper than `re.search`. From a pattern's outline comes a set of strings of which
every match holds at least one; a text without them need not be searched.
"""

from collections.abc import Iterator
from itertools import product

from curate.filters.outline import Chars, Choice, Edge, Node, Outline, Repeat

_MOST = 24
"""Strings made by combining parts: more of them cost more than they tell."""
_LONG = 4
"""Strings of this length are rare enough; beyond, fewer are better than longer."""
_COMMON = " etaoinsrhldcumfpgwybv,.'k"
"""The characters of English text, commonest first."""

Strings = frozenset[str]
_EMPTY: Strings = frozenset([""])
_FOLDS = (("İ", "i"), ("\N{LATIN SMALL LETTER DOTLESS I}", "i"), ("ſ", "s"), ("Σ", "σ"), ("ς", "σ"))


def fold(text: str) -> str:
    """Return `text` without case, character by character: the fold of a part is part of the fold.

    What `str.lower` lengthens or decides by its neighbours (dotted I, final sigma) goes first.
    """
    if not text.isascii():
        for char, plain in _FOLDS:
            text = text.replace(char, plain)
    return text.lower()


def required(pattern: Outline) -> Strings | None:
    """Return folded strings of which every match of `pattern` holds one; None: none are known."""
    return max(map(_shortest, _candidates(pattern)), key=_worth, default=None)


def _shortest(strings: Strings) -> Strings:
    """Leave out what holds another of the strings anyway."""
    kept: list[str] = []
    for string in sorted(strings, key=len):
        if not any(shorter in string for shorter in kept):
            kept.append(string)
    return frozenset(kept)


def _worth(strings: Strings) -> tuple[int, int, int]:
    """The longer the shortest string the rarer; of sets that are rare enough, the smallest."""
    shortest = min(map(_length, strings))
    return min(shortest, _LONG), -len(strings), shortest


def _length(string: str) -> int:
    return sum(1 if char.isascii() else 2 for char in string)


def rarest(string: str) -> str:
    """Return the character of `string` that is least common in English, empty for empty."""
    return max(string, key=lambda char: _COMMON.find(char) % (len(_COMMON) + 1), default="")


def _candidates(pattern: Outline) -> Iterator[Strings]:
    """Yield sets of strings: of each set, every match holds one.

    `run` is such a set whose strings end where the walk has arrived.
    """
    run = _EMPTY
    for node in pattern:
        whole = _language(node)
        longer = _joined(run, whole)
        if longer is None:
            yield from _useful(_joined(run, _first(node)) or run)
            yield from _inside(node)
            run = _last(node) if whole is None else whole
        else:
            if len(longer) > len(run):
                yield from _useful(run)
            run = longer
    yield from _useful(run)


def _useful(strings: Strings) -> Iterator[Strings]:
    if "" not in strings:
        yield strings


def _joined(left: Strings, right: Strings | None) -> Strings | None:
    """Every left string before every right one, unless they are too many."""
    if right is None or len(left) * len(right) > max(_MOST, len(left), len(right)):
        return None
    return frozenset(map("".join, product(left, right)))


def _language(node: Node) -> Strings | None:
    """Every string that `node` matches, where they are known and few."""
    match node:
        case Edge():
            return _EMPTY
        case Chars(few=None):
            return None
        case Chars(few=few):
            return frozenset(map(fold, few)) if few else None
        case Choice(branches):
            languages = [_language_of(branch) for branch in branches]
            known = [language for language in languages if language is not None]
            return frozenset().union(*known) if len(known) == len(languages) else None
        case Repeat(body, low, high):
            return None if high is None or high > _MOST else _repeated(body, low, high)


def _language_of(pattern: Outline) -> Strings | None:
    run: Strings | None = _EMPTY
    for node in pattern:
        run = None if run is None else _joined(run, _language(node))
    return run


def _repeated(body: Outline, low: int, high: int) -> Strings | None:
    once = _language_of(body)
    times: Strings | None = _EMPTY
    every: Strings = frozenset()
    for count in range(high + 1):
        if times is None or len(every) > _MOST:
            return None
        every |= times if count >= low else frozenset()
        times = _joined(times, once)
    return every


def _first(node: Node) -> Strings:
    """Strings of which one begins every match of `node`."""
    run = _EMPTY
    if isinstance(node, Repeat) and node.low > 0:
        for inner in node.body:
            longer = _joined(run, _language(inner))
            if longer is None:
                break
            run = longer
    return run


def _last(node: Node) -> Strings:
    """Strings of which one ends every match of `node`."""
    if isinstance(node, Repeat) and node.low > 0:
        return _language_of(node.body) or _EMPTY
    return _EMPTY


def _inside(node: Node) -> Iterator[Strings]:
    """Yield sets of strings: of each set, every match of `node` holds one."""
    match node:
        case Repeat(body, low) if low > 0:
            yield from _candidates(body)
        case Choice(branches):
            sets = [required(branch) for branch in branches]
            known = [strings for strings in sets if strings is not None]
            if len(known) == len(sets):
                yield frozenset().union(*known)
