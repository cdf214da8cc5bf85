"""Labelled texts with a planted difference, for tests of what is fitted on labels."""

import json
import random
from pathlib import Path

from curate.fitting import labels, linear
from curate.fitting.model import Model

ANGRY = ["hate", "awful", "terrible", "disgusting", "furious", "worst", "angry", "horrible"]
CALM = ["river", "garden", "table", "window", "morning", "paper", "walking", "bread"]
COMMON = [
    "the",
    "a",
    "of",
    "and",
    "we",
    "they",
    "saw",
    "had",
    "with",
    "some",
    "other",
    "people",
    "today",
    "again",
]


def texts(count: int, seed: int = 0, noise: float = 0.0) -> list[dict[str, object]]:
    """Rows of which every third is angry; `noise` is the share of labels that are turned over."""
    rng = random.Random(seed)
    rows = []
    for number in range(count):
        angry = number % 3 == 0
        words = rng.choices(COMMON, k=8) + rng.choices(ANGRY if angry else CALM, k=2)
        rng.shuffle(words)
        label = angry if rng.random() >= noise else not angry
        rows.append({"text": " ".join(words), "label": int(label)})
    return rows


def write(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def fitted(folder: Path, **settings: object) -> Model:
    rows = write(folder / "labels.jsonl", texts(300, noise=0.1))
    return linear.fit(labels.read([str(rows)]), linear.Settings(**settings))  # type: ignore[arg-type]
