"""Texts that go round in circles: a model that is stuck, which is neither distress nor an answer.

A judge that reads one sentence a hundred times takes it for a breakdown: in the open replication
of the negative-emotion study loops scored 10 of 10 until they were told apart.
"""

from collections import Counter

WORDS = 60
"""Shorter texts are never called loops: a refrain is no loop."""
RUN = 6
"""Words in a run."""
REPEATED = 0.6
"""Share of the runs that stand in the text three times or more; a song stays below."""


def loops(text: str) -> bool:
    """Say whether most of a text is the same few runs of words over and over."""
    words = text.split()
    if len(words) < WORDS:
        return _one_endless_word(text)
    runs = Counter(tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1))
    total = sum(runs.values())
    return sum(count for count in runs.values() if count > 2) > REPEATED * total


def _one_endless_word(text: str) -> bool:
    """Say whether a text without spaces repeats a few characters."""
    run = text.replace(" ", "")
    return len(run) >= 10 * WORDS and len(set(run)) <= 8
