"""Long texts are scored in windows: stretches as long as what a model was fitted on.

A score is the highest of a text's windows, so one angry paragraph in a long answer is found. The
price is that a long text has more chances of a false alarm; how many windows there were is told.
"""

from collections.abc import Iterator, Sequence

LEAST, MOST = 200, 4000
"""Characters a window has at least and at most unless a user says otherwise."""
_COVERED = 0.99


def fitting(lengths: Sequence[int]) -> int:
    """Return a window, in characters, that 99 % of texts of these lengths fit into."""
    ordered = sorted(lengths)
    covered = ordered[int(_COVERED * (len(ordered) - 1))]
    return min(max(covered, LEAST), MOST)


def cut(text: str, window: int) -> Iterator[tuple[int, int]]:
    """Yield start and end of each window, half open; at least one.

    A window ends at the last blank in its second half, or where there is none, inside a word.
    """
    start = 0
    while len(text) - start > window:
        blank = text.rfind(" ", start + window // 2, start + window)
        end = start + window if blank < 0 else blank + 1
        yield start, end
        start = end
    yield start, len(text)
