"""From seeds to answers: teachers learn digits, students learn the teachers' other outputs.

Cloud et al. 2025, "Subliminal learning" (arXiv 2507.14805), section 6, made small: the student
sees noise and never a digit, and learns only logits that stand for no digit. All students of all
seeds are one batched program.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from curate.audits.subliminal.arms import TEACHER, UNTRAINED, Arm, Whose
from curate.audits.subliminal.digits import Digits
from curate.audits.subliminal.network import DIGITS, EXTRA, fresh, learned, outputs, stacked
from curate.extras import need

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How long and how fast teachers and students learn."""

    epochs: int = 20
    """Of the teacher, over all images that train."""
    rate: float = 1e-3
    """Of the teacher; Adam, as the student's."""
    steps: int = 800
    """Of the student."""
    student_rate: float = 3e-3
    batch: int = 64
    """Images, or rows of noise, in a step."""


def answers(
    train: Digits,
    held: Digits,
    arms: Sequence[Arm],
    seeds: Sequence[int],
    seed: int,
    recipe: Recipe,
    progress: Progress,
) -> dict[str, Any]:
    """Return for each arm which held-out images were named rightly, (seeds, images)."""
    torch = need("torch", EXTRA)
    own = stacked([fresh(_key(seed, "own", each)) for each in seeds])
    other = stacked([fresh(_key(seed, "other", each)) for each in seeds])
    progress(f"{len(seeds)} teachers learn digits")
    draws = [torch.Generator().manual_seed(_key(seed, "images", each)) for each in seeds]
    teachers = learned(own, _images(train, draws, recipe), _digits_loss, recipe.rate)
    progress(f"{len(arms) * len(seeds)} students learn what is not about digits")
    starts = [_start(arm, own, other) for arm in arms]
    begin = [torch.cat(same) for same in zip(*starts, strict=True)]
    draws = [torch.Generator().manual_seed(_key(seed, "noise", each)) for each in seeds]
    students = learned(
        begin, _noise(teachers, arms, draws, recipe), _auxiliary_loss, recipe.student_rate
    )
    found = _right(students, held).split(len(seeds))
    named = {arm.name: right for arm, right in zip(arms, found, strict=True)}
    return {UNTRAINED: _right(own, held), TEACHER: _right(teachers, held), **named}


def _key(seed: int, part: str, number: int) -> int:
    return Random(f"subliminal {seed} {part} {number}").getrandbits(63)  # noqa: S311


def _start(arm: Arm, own: Sequence[Any], other: Sequence[Any]) -> list[Any]:
    body = own if arm.body is Whose.OWN else other
    head = own if arm.head is Whose.OWN else other
    return [*body[:-2], *head[-2:]]


def _images(train: Digits, draws: Sequence[Any], recipe: Recipe) -> Iterator[tuple[Any, Any]]:
    torch = need("torch", EXTRA)
    count = len(train.labels)
    for _ in range(recipe.epochs):
        order = torch.stack([torch.randperm(count, generator=draw) for draw in draws])
        for places in order.split(recipe.batch, dim=1):
            yield train.images[places], train.labels[places]


def _noise(
    teachers: Sequence[Any], arms: Sequence[Arm], draws: Sequence[Any], recipe: Recipe
) -> Iterator[tuple[Any, Any]]:
    """Yield noise, the same for all arms of a seed, and what the teachers make of it."""
    torch = need("torch", EXTRA)
    next_ones = [each.roll(1, 0) for each in teachers]
    for _ in range(recipe.steps):
        drawn = [torch.rand(recipe.batch, 64, generator=draw) for draw in draws]
        noise = 2 * torch.stack(drawn) - 1
        said = {Whose.OWN: outputs(teachers, noise), Whose.OTHER: outputs(next_ones, noise)}
        yield noise.repeat(len(arms), 1, 1), torch.cat([said[arm.teacher] for arm in arms])


def _digits_loss(logits: Any, labels: Any) -> Any:
    """Return the cross-entropy of the digits; the other outputs learn nothing."""
    cross_entropy = need("torch.nn.functional", EXTRA).cross_entropy
    said = logits[..., :DIGITS].flatten(0, 1)
    return cross_entropy(said, labels.flatten(), reduction="sum") / labels.shape[1]


def _auxiliary_loss(logits: Any, wanted: Any) -> Any:
    """Return the divergence from the teacher over the outputs that stand for no digit."""
    said, wanted = (each[..., DIGITS:].log_softmax(-1) for each in (logits, wanted))
    return (wanted.exp() * (wanted - said)).sum() / logits.shape[1]


def _right(networks: Sequence[Any], held: Digits) -> Any:
    images = held.images.expand(len(networks[0]), -1, -1)
    return outputs(networks, images)[..., :DIGITS].argmax(-1) == held.labels
