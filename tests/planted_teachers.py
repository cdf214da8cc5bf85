"""Responses of teachers with planted style, for tests of what tells teachers apart."""

import json
import random
from collections.abc import Sequence
from pathlib import Path

from curate.fitting.fingerprint.samples import Sample

STYLES = {
    "formal": "moreover therefore hence thus accordingly consequently",
    "chatty": "hey awesome totally yeah gonna stuff",
    "careful": "perhaps maybe possibly arguably seemingly likely",
    "curt": "ok done noted fine right sure",
    "formal-mini": "moreover therefore hence thus accordingly consequently",
}
"""Teacher -> its words. `formal-mini` writes like `formal`."""
DISTINCT = ("careful", "chatty", "curt", "formal")


def responses(
    teachers: Sequence[str] = DISTINCT, prompts: int = 60, strength: float = 0.8, seed: int = 0
) -> list[Sample]:
    """One response of each teacher to each prompt; every style word is its own with `strength`."""
    rng = random.Random(seed)
    everything = sorted({word for style in STYLES.values() for word in style.split()})
    found = []
    for number in range(prompts):
        topic = [f"topic{number}word{n}" for n in range(6)] + [f"shared{n}" for n in range(6)]
        for teacher in teachers:
            own = STYLES[teacher].split()
            style = [rng.choice(own if rng.random() < strength else everything) for _ in range(4)]
            words = rng.sample(topic, 8) + style
            rng.shuffle(words)
            found.append(Sample(" ".join(words), teacher, f"prompt {number}", "planted"))
    return found


def shuffled(samples: Sequence[Sample], seed: int = 0) -> list[Sample]:
    """The same responses with their teachers dealt out anew."""
    teachers = [sample.teacher for sample in samples]
    random.Random(seed).shuffle(teachers)
    return [each._replace(teacher=own) for each, own in zip(samples, teachers, strict=True)]


def write(path: Path, samples: Sequence[Sample]) -> Path:
    """Write the responses as rows of messages."""
    path.write_text("".join(json.dumps(row(sample)) + "\n" for sample in samples))
    return path


def row(sample: Sample) -> dict[str, object]:
    turns = [("user", sample.prompt), ("assistant", sample.text)]
    facts = {"teacher": sample.teacher, "source": sample.source}
    return {
        "messages": [{"role": role, "content": text} for role, text in turns],
        "metadata": {name: fact for name, fact in facts.items() if fact is not None},
    }
