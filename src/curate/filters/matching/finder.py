"""What a pipeline recognises in texts and what matches there, the longest where spans overlap."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, NamedTuple

from curate.extras import need
from curate.filters.matching.matchers import Matchers, plain
from curate.filters.matching.pipelines import EXTRA

MOST = 100_000
"""Characters a model reads at once: spaCy's own advice, for the memory that a model takes."""
_BATCH = 64
"""Texts a pipeline of rules is given at once. A model is given one, so that none of its numbers
depends on the texts beside it; that makes it a quarter slower."""
_REMEMBERED = 100_000
"""Words of a corpus that a pipeline keeps (50 MB), which makes it three times as fast. What comes
beyond is forgotten behind every batch, else the memory of a run would grow with its corpus."""


class Entity(NamedTuple):
    """Characters `start` to `end` of a text, what they are, and how that is shown."""

    start: int
    end: int
    label: str
    name: str
    """The label, and the id of the pattern where there is one."""


class Found(NamedTuple):
    """The entities of one text, in order."""

    entities: list[Entity]
    windows: int = 1
    """How many parts the text was read in."""


class Finder:
    """Finds entities in texts.

    Args:
        pipeline: Made by spaCy.
        matchers: What is looked for beside the entities of the pipeline.
        labels: Name of a pattern -> its label, in the order of the patterns.
        wanted: The labels that count; none given: all do.
        trained: Whether the pipeline has a model, for which long texts are cut.
    """

    def __init__(
        self,
        pipeline: Any,
        matchers: Matchers,
        labels: Mapping[str, str],
        wanted: Collection[str],
        *,
        trained: bool,
    ) -> None:
        self._pipeline, self._matchers, self._trained = pipeline, matchers, trained
        self._labels, self._wanted = labels, wanted
        self._order = {name: n for n, name in enumerate(labels)}
        self._known = len(pipeline.vocab.strings)
        self._longest = need("spacy.util", EXTRA).filter_spans

    def __call__(self, texts: Sequence[str]) -> list[Found]:
        """Return what is found in each text."""
        found = [Found([], 0) for _ in texts]
        parts = ((part, (n, at)) for n, text in enumerate(texts) for at, part in self._cut(text))
        with self._memory():
            for doc, (n, at) in self._pipeline.pipe(
                parts, as_tuples=True, batch_size=1 if self._trained else _BATCH
            ):
                before = found[n]
                entities = [*before.entities, *self._entities(doc, at)]
                found[n] = Found(entities, before.windows + 1)
        return found

    def _memory(self) -> AbstractContextManager[Any]:
        full = len(self._pipeline.vocab.strings) - self._known >= _REMEMBERED
        zone: AbstractContextManager[Any] = self._pipeline.memory_zone()
        return zone if full else nullcontext()

    def _cut(self, text: str) -> Iterator[tuple[int, str]]:
        if text.strip():
            yield from cut(plain(text), MOST) if self._trained else [(0, plain(text))]

    def _entities(self, doc: Any, at: int) -> Iterator[Entity]:
        spans = [*self._counted(doc.ents), *self._counted(self._matchers(doc))]
        # Of spans over the same tokens the first stays: the model's, then as the patterns stand.
        spans.sort(key=lambda span: self._order.get(span.label_, -1))
        for span in self._longest(spans):
            start, end = span.start_char + at, span.end_char + at
            yield Entity(start, end, self._label(span), span.label_)

    def _counted(self, spans: Iterable[Any]) -> Iterator[Any]:
        return (each for each in spans if not self._wanted or self._label(each) in self._wanted)

    def _label(self, span: Any) -> str:
        name: str = span.label_
        return self._labels.get(name, name)


def cut(text: str, most: int) -> Iterator[tuple[int, str]]:
    """Yield a text in parts of at most `most` characters, each behind the place where it begins.

    A part ends behind the last line break in its second half, else behind the last white space
    there, else where it must.
    """
    at = 0
    while len(text) - at > most:
        middle = at + most // 2
        end = max(text.rfind("\n", middle, at + most), -1) + 1
        if not end:
            blanks = (n for n in range(at + most - 1, middle - 1, -1) if text[n].isspace())
            end = next(blanks, at + most - 1) + 1
        yield at, text[at:end]
        at = end
    yield at, text[at:]
