"""Which responses a fingerprint is fitted on."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from curate.errors import InputError
from curate.fitting.fingerprint.samples import Sample
from curate.records import digest

LEAST_PROMPTS = 10
"""Prompts that a teacher must have answered, so that every fold holds some and leaves some."""


@dataclass(frozen=True)
class Chosen:
    """Responses of teachers that have enough of them."""

    teachers: tuple[str, ...]
    """Sorted."""
    texts: tuple[str, ...]
    labels: tuple[int, ...]
    """Positions in `teachers`."""
    prompts: tuple[str, ...]
    left_out: dict[str, int]
    """Teacher with too few responses -> how many it has."""
    unlabelled: int

    @property
    def rows(self) -> dict[str, int]:
        """Teacher -> responses chosen."""
        counts = Counter(self.labels)
        return {teacher: counts[label] for label, teacher in enumerate(self.teachers)}

    @property
    def shared(self) -> int:
        """How many prompts more than one teacher answers."""
        pairs = set(zip(self.prompts, self.labels, strict=True))
        return sum(count > 1 for count in Counter(prompt for prompt, _ in pairs).values())


def choose(samples: Sequence[Sample], least: int, most: int, seed: int) -> Chosen:
    """Return the responses of every teacher that has at least `least`, and at most `most` of each.

    Which ones are left out is drawn by prompt, so that teachers keep the same prompts.

    Raises:
        InputError: fewer than two teachers are left.
    """
    by_teacher: dict[str, list[Sample]] = {}
    for sample in samples:
        if sample.teacher is not None:
            by_teacher.setdefault(sample.teacher, []).append(sample)
    kept = {name: own for name, own in sorted(by_teacher.items()) if _enough(own, least)}
    if len(kept) < 2:
        raise InputError(_too_few(by_teacher, kept, len(samples), least))
    chosen = [
        (label, sample)
        for label, own in enumerate(kept.values())
        for sample in sorted(own, key=lambda each: (_draw(each.prompt, seed), each.text))[:most]
    ]
    return Chosen(
        teachers=tuple(kept),
        texts=tuple(sample.text for _, sample in chosen),
        labels=tuple(label for label, _ in chosen),
        prompts=tuple(sample.prompt for _, sample in chosen),
        left_out={name: len(own) for name, own in sorted(by_teacher.items()) if name not in kept},
        unlabelled=sum(sample.teacher is None for sample in samples),
    )


def _draw(prompt: str, seed: int) -> str:
    return digest(f"{seed}\0{prompt}".encode("utf-8", "surrogatepass"))


def _enough(samples: Sequence[Sample], least: int) -> bool:
    return len(samples) >= least and len({each.prompt for each in samples}) >= LEAST_PROMPTS


def _too_few(
    found: dict[str, list[Sample]], kept: dict[str, list[Sample]], count: int, least: int
) -> str:
    if not found:
        return (
            f"none of the {count:,} responses names its teacher; say where rows keep it: "
            "--teacher FIELD"
        )
    told = ", ".join(f"{name} ({len(own):,})" for name, own in sorted(found.items()))
    if len(found) == 1:
        return f"all labelled responses are by one teacher: {told}; it takes two to tell apart"
    return (
        f"{len(kept)} of these teachers has at least {least} responses to at least "
        f"{LEAST_PROMPTS} prompts: {told}; it takes two to tell apart"
    )
