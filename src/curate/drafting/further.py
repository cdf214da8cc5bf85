"""The steps that a first plan only mentions, and what each of them needs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Further:
    """A step that needs a word from the user first: a language, a model, a rubric."""

    why: str
    use: str
    options: Mapping[str, Any]
    needs: str
    """What must be installed or made before."""
    name: str | None = None
    """Where another step has the name that it would have."""


def further() -> Iterator[Further]:
    """Yield the steps that are only mentioned."""
    yield Further(
        "Nearly the same conversation again.",
        "duplicates",
        {"method": "minhash"},
        needs="the extra `fast`",
        name="near-duplicates",
    )
    yield Further(
        "Answers in another language than yours.",
        "language",
        {"keep": ["en"]},
        needs="`pip install plugins/curate-language`",
    )
    yield Further(
        "Who wrote it, where no field says so: a fingerprint of the teachers' style.",
        "fingerprint",
        {"model": "teachers.safetensors"},
        needs="a model of `curate fit fingerprint` and the extra `fast`",
    )
    yield Further(
        "Rows that hold questions of your evaluation.",
        "contamination",
        {"against": ["evaluation/*.jsonl"]},
        needs="the evaluation's files",
    )
    yield Further(
        "Abuse, threats, obscenity, as a model trained on comments sees them.",
        "toxicity",
        {"checkpoint": "models/unbiased.ckpt", "config": "models/roberta-base"},
        needs="a model of detoxify and the extra `classifiers`",
    )
    yield Further(
        "Any label of a sequence classifier, such as a quality or an emotion.",
        "classifier",
        {"model": "models/emotions", "label": "anger"},
        needs="a model and the extra `classifiers`",
    )
    yield Further(
        "A classifier of your own, from rows that you labelled.",
        "linear",
        {"model": "labels.safetensors"},
        needs="a model of `curate fit linear` and the extra `fast`",
    )
    yield Further(
        "A question that no pattern answers, put to a model.",
        "judge",
        {
            "rubric": "The answer refuses what it was asked for.",
            "generator": {"use": "openai", "with": {"model": "MODEL"}},
        },
        needs="an endpoint and the extra `judge`",
    )
