"""Training: one student at a time, every step of the same number of rows."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from curate.students.causal.pupil import Pupil
from curate.students.tiny.packing import IGNORED
from curate.students.tiny.tokens import Text


def train(
    pupil: Pupil, rows: Iterator[list[Text]], *, steps: int, size: int, rate: float, most: int
) -> None:
    """Take the steps of Adam (Kingma & Ba 2015) on what the assistant says.

    The model stays in the mode of answers, without dropout: a job learns the same every time.

    Args:
        pupil: The student's weights are in it; they are changed.
        rows: The student's texts by rows, without end.
        steps: How many.
        size: Rows in a step.
        rate: The learning rate.
        most: Tokens of one forward pass, unless one text alone is longer.
    """
    torch = pupil.loaded.torch
    optimiser = torch.optim.Adam(pupil.learns.values(), lr=rate, fused=True)
    for _ in range(steps):
        texts = [text for row in islice(rows, size) for text in row]
        said = sum(sum(text.said[1:]) for text in texts)
        for several in passes(texts, most):
            (_loss(pupil, several) / said).backward()
        optimiser.step()
        optimiser.zero_grad()


def passes(texts: Sequence[Text], most: int) -> Iterator[list[Text]]:
    """Yield texts of like lengths together, at most so many that `most` tokens hold them padded."""
    several: list[Text] = []
    for text in sorted(texts, key=lambda text: len(text.ids)):
        if several and (len(several) + 1) * len(text.ids) > most:
            yield several
            several = []
        several.append(text)
    if several:
        yield several


def _loss(pupil: Pupil, texts: Sequence[Text]) -> Any:
    """Return the sum of the losses (nats) over what the assistant says."""
    torch, loaded = pupil.loaded.torch, pupil.loaded
    width = max(len(text.ids) for text in texts)
    gaps = [width - len(text.ids) for text in texts]
    pairs = list(zip(texts, gaps, strict=True))
    ids = torch.tensor([text.ids + [loaded.padding] * gap for text, gap in pairs])
    mask = torch.tensor([[1] * len(text.ids) + [0] * gap for text, gap in pairs])
    targets = torch.tensor([_targets(text) + [IGNORED] * gap for text, gap in pairs])
    ids, mask, targets = (each.to(loaded.device) for each in (ids, mask, targets))
    with pupil.computing():
        logits = loaded.model(input_ids=ids, attention_mask=mask, use_cache=False).logits
    wanted = targets != IGNORED
    return torch.nn.functional.cross_entropy(
        logits[wanted].float(), targets[wanted], reduction="sum"
    )


def _targets(text: Text) -> list[int]:
    following = zip(text.ids[1:], text.said[1:], strict=True)
    return [*(token if says else IGNORED for token, says in following), IGNORED]
