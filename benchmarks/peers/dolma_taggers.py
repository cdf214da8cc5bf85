"""The job's functions as a dolma tagger: one span over the text, 1 where it is to be dropped."""

from dolma import BaseTagger, add_tagger
from dolma.core.data_types import DocResult, Document, Span
from spec import good_prose, no_pattern


@add_tagger("bench")
class Bench(BaseTagger):
    def predict(self, doc: Document) -> DocResult:
        keep = no_pattern(doc.text) and good_prose(doc.text)
        return DocResult(doc=doc, spans=[Span(0, len(doc.text), "drop", 0 if keep else 1)])
