"""Small corpora with planted teachers, and a probe that is quick to fit, for tests of audits."""

import json
import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path

import numpy as np

from curate.fitting.fingerprint.model import Guesses
from curate.fitting.fingerprint.samples import Corpus, Sample

COMMON = re.findall(
    r"\w+",
    "the a of and to in is that for it with as on be this by are or from at which you can has "
    "have more some other when they first many one use time may also made these two like",
)
HABITS = {"ada": "certainly", "bob": "indeed", "cyd": "alas"}
"""Each teacher's word."""


def samples(
    prompts: int = 60,
    habit: float = 0.8,
    seed: int = 0,
    teachers: Sequence[str] = ("ada", "bob", "cyd"),
    sources: Sequence[str | None] = (None,),
) -> list[Sample]:
    """One answer of each teacher to each prompt; `habit` is the share that have its word."""
    rng = random.Random(seed)
    found = []
    for prompt in range(prompts):
        topic = f"topic{prompt % 20}"
        for teacher in teachers:
            words = [*rng.choices(COMMON, k=20), topic]
            rng.shuffle(words)
            if rng.random() < habit:
                words.insert(rng.randrange(3, 10), HABITS[teacher])
            text = " ".join(words).capitalize() + "."
            source = sources[prompt % len(sources)]
            found.append(Sample(text, teacher, f"prompt {prompt}", source))
    return found


def shuffled(rows: Sequence[Sample], seed: int = 0) -> list[Sample]:
    """The same texts with the teachers dealt out anew: there is nothing to find."""
    teachers = [row.teacher for row in rows]
    random.Random(seed).shuffle(teachers)
    return [row._replace(teacher=name) for row, name in zip(rows, teachers, strict=True)]


def corpus(rows: Sequence[Sample]) -> Corpus:
    return Corpus(list(rows), {"mix.jsonl": "0" * 64}, len(rows), 0, 0, 0)


def write(path: Path, rows: Sequence[Sample]) -> Path:
    """Write rows as messages with metadata."""
    with path.open("w") as file:
        for row in rows:
            messages = [
                {"role": "user", "content": f"About {row.prompt}?"},
                {"role": "assistant", "content": row.text},
            ]
            facts = {"teacher": row.teacher, "prompt_id": row.prompt, "source": row.source}
            metadata = {name: value for name, value in facts.items() if value is not None}
            file.write(json.dumps({"messages": messages, "metadata": metadata}) + "\n")
    return path


@dataclass(frozen=True)
class WordProbe:
    """Naive Bayes on words; a stranger is a text whose best teacher is hardly better."""

    teachers: tuple[str, ...]
    counts: tuple[Counter[str], ...]

    def predict(self, texts: Sequence[str]) -> Guesses:
        known = set().union(*self.counts)
        odds = np.array(
            [
                [
                    sum(
                        log((count[word] + 1) / (sum(count.values()) + 1))
                        for word in text.lower().split()
                        if word in known
                    )
                    for count in self.counts
                ]
                for text in texts
            ]
        )
        shares = np.exp(odds - odds.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        best = shares.max(axis=1)
        none = np.zeros(len(texts), np.int64)
        return Guesses(odds, shares, best, none, none)


def fit(rows: Sequence[Sample], seed: int, folds: int) -> WordProbe:
    """Fit the quick probe."""
    teachers = tuple(sorted({row.teacher for row in rows if row.teacher is not None}))
    counts = tuple(
        Counter(word for row in rows if row.teacher == name for word in row.text.lower().split())
        for name in teachers
    )
    return WordProbe(teachers, counts)
