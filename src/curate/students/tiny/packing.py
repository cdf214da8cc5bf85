"""Batches: texts packed into rows of one length, for every student from its own lessons.

A row takes whole texts, in their order, as long as they fit; none sees another. So each student
spends the same number of steps, rows and token places, however long its texts are. The last token
of a text is only ever what comes next, so the network need not run over it.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

from curate.extras import need
from curate.students.tiny.network import EXTRA
from curate.students.tiny.tokens import Text

IGNORED = -100


class Batch(NamedTuple):
    """One step of every student.

    `ids`, `positions` (in the text): (students, rows * places). `visible`: (students * rows, 1,
    places, places), what each place may look at. `wanted`, `targets`: (students, most answers of
    one student), the places where something said comes next and what that is; IGNORED where a
    student has fewer.
    """

    ids: Any
    positions: Any
    visible: Any
    wanted: Any
    targets: Any


class Library:
    """Texts that several students read, each kept once, known by its number.

    Args:
        length: Tokens of a row; longer texts are cut at their end.
    """

    def __init__(self, length: int) -> None:
        self.length = length
        self.sizes: list[int] = []
        """Tokens of each text."""
        self._ids: list[int] = []
        self._targets: list[int] = []
        self._kept: tuple[Any, ...] = ()

    def add(self, text: Text) -> int | None:
        """Return the number of a new text; None where nothing is left for a student to say."""
        ids, said = text.ids[: self.length], text.said[: self.length]
        if not any(said[1:]):
            return None
        self._ids += ids[:-1]
        following = zip(ids[1:], said[1:], strict=True)
        self._targets += [token if says else IGNORED for token, says in following]
        self.sizes.append(len(ids))
        self._kept = ()
        return len(self.sizes) - 1

    def packed(self, texts: Iterable[int]) -> Iterator[list[int]]:
        """Yield the texts that share a row, in their order; endless if there are."""
        together: list[int] = []
        room = self.length
        for text in texts:
            size = self.sizes[text]
            if size > room:
                yield together
                together, room = [], self.length
            together.append(text)
            room -= size
        yield together

    def batch(self, students: Sequence[Sequence[Sequence[int]]]) -> Batch:
        """Return the tensors for as many rows of every student, each given as its texts."""
        torch = need("torch", EXTRA)
        ids, targets, starts, sizes = self._tensors()
        rows = [row for student in students for row in student]
        texts = torch.tensor(list(chain.from_iterable(rows)))
        row = torch.arange(len(rows)).repeat_interleave(torch.tensor([len(each) for each in rows]))
        size = sizes[texts]
        before = size.cumsum(0) - size
        first = torch.full((len(rows),), int(size.sum())).scatter_reduce(0, row, before, "amin")
        width = self.length - 1
        places = row * width + before - first[row]
        inside = torch.arange(int(size.sum())) - before.repeat_interleave(size)
        source = starts[texts].repeat_interleave(size) + inside
        target = places.repeat_interleave(size) + inside

        def laid_out(values: Any, empty: int) -> Any:
            flat = torch.full((len(rows) * width,), empty)
            return flat.index_copy_(0, target, values)

        owner = laid_out(torch.arange(len(texts)).repeat_interleave(size), -1)
        owner = owner.view(-1, width)
        causal = torch.ones(width, width, dtype=torch.bool).tril()
        visible = (owner.unsqueeze(2) == owner.unsqueeze(1)) & causal
        following = laid_out(targets[source], IGNORED).view(len(students), -1)
        return Batch(
            laid_out(ids[source], 0).view(len(students), -1),
            laid_out(inside, 0).view(len(students), -1),
            visible.unsqueeze(1),
            *_answers(torch, following),
        )

    def _tensors(self) -> tuple[Any, ...]:
        """Return all inputs and targets end to end, and where texts start and how many they are."""
        if not self._kept:
            tensor = need("torch", EXTRA).tensor
            sizes = tensor(self.sizes) - 1
            self._kept = tensor(self._ids), tensor(self._targets), sizes.cumsum(0) - sizes, sizes
        return self._kept


def _answers(torch: Any, following: Any) -> tuple[Any, Any]:
    """Return the places that have a target, and the targets, (students, most of one student)."""
    student, place = (following != IGNORED).nonzero(as_tuple=True)
    counts = torch.bincount(student, minlength=len(following))
    rank = torch.arange(len(student)) - (counts.cumsum(0) - counts)[student]
    size = len(following), int(counts.max())
    wanted, targets = torch.zeros(size, dtype=torch.long), torch.full(size, IGNORED)
    wanted[student, rank] = place
    targets[student, rank] = following[student, place]
    return wanted, targets
