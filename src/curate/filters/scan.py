"""Many patterns, one scan: which of them may match a text.

Two ways to the same promise, that every pattern `re` would find is among the candidates: one pass
of RE2 over the text for all patterns (the extra `fast`), or a few `in` for each pattern. Whoever
asks confirms the candidates with `re`, so results do not depend on which way is installed.
"""

import re
from collections.abc import Callable, Iterable, Sequence

from curate.filters.literals import fold, rarest, required
from curate.filters.outline import Chars, Choice, Edge, Node, Outline, Repeat, outline

Candidates = Callable[[str], Sequence[int]]
"""A text in, ascending positions of the patterns that may match out."""

_MEMORY = 64 << 20
"""Bytes RE2 may use, states it remembers included; when full it forgets them and goes on."""
_COUNTED = 32
_COUNTED_GROUPS = 3
"""Repeats of a character, and of more, are counted up to here and open-ended beyond: every count
is a state of its own, and states multiply."""


class Scanner:
    """Finds, for a text, which of many compiled patterns may match it.

    Args:
        patterns: Compiled with `re`, any flags.
        fast: False leaves RE2 out even where it is installed.
    """

    def __init__(self, patterns: Iterable[re.Pattern[str]], *, fast: bool = True) -> None:
        outlines = dict(enumerate(map(outline, patterns)))
        scan = _re2_scan(outlines) if fast else None
        self.engine = "re" if scan is None else "re2"
        self.candidates = scan or _literal_scan(outlines)
        self.unaided = tuple(self.candidates(""))
        """Positions of the patterns that are candidates for every text, because nothing is known
        that a text must hold for them to match. They cost what plain `re` costs."""


def _re2_scan(outlines: dict[int, Outline]) -> Candidates | None:
    """Return a scan by RE2, or None where it is not installed or has not the memory."""
    try:
        import re2
    except ImportError:
        return None
    options = re2.Options()
    options.max_mem, options.log_errors = _MEMORY, False
    patterns = re2.Set.SearchSet(options)
    taken, refused = [], {}
    for position, pattern in outlines.items():
        try:
            patterns.Add(_as_re2(pattern).encode())
            taken.append(position)
        except re2.error:
            refused[position] = pattern
    try:
        patterns.Compile()
    except re2.error:
        return None
    match, others = patterns.Match, _literal_scan(refused)

    def scan(text: str) -> Sequence[int]:
        found = match(text.encode("utf-8", "surrogatepass"))
        if found is None:
            return others(text) if refused else ()
        return sorted([*(taken[index] for index in found), *others(text)])

    return scan


def _as_re2(pattern: Outline) -> str:
    return "".join(map(_node_as_re2, pattern))


def _node_as_re2(node: Node) -> str:
    match node:
        case Chars(members):
            return f"[{members}]"
        case Edge(anchor):
            return anchor
        case Choice(branches):
            return f"(?:{'|'.join(map(_as_re2, branches))})"
        case Repeat(body, low, high):
            most = _COUNTED if len(body) == 1 and isinstance(body[0], Chars) else _COUNTED_GROUPS
            end = "" if high is None or high > most else str(high)
            return f"(?:{_as_re2(body)}){{{min(low, most)},{end}}}"


def _literal_scan(outlines: dict[int, Outline]) -> Candidates:
    """Return a scan that looks for the strings each pattern needs.

    Python finds one character thirty times faster than two, so a string's rarest goes first.
    """
    needs = {position: required(pattern) or {""} for position, pattern in outlines.items()}
    checks = [
        (position, [(rarest(string), string) for string in sorted(strings)])
        for position, strings in needs.items()
    ]

    def scan(text: str) -> Sequence[int]:
        folded = fold(text)
        found = []
        for position, strings in checks:
            for char, string in strings:
                if char in folded and string in folded:
                    found.append(position)
                    break
        return found

    return scan
