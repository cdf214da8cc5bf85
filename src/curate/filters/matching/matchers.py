"""Patterns made into matchers of spaCy."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from curate.errors import UsageError
from curate.extras import need
from curate.filters.matching.patterns import Pattern, Tokens
from curate.filters.matching.pipelines import EXTRA, may_annotate

WINDOW = 64
"""Tokens looked at together for a repeat without end (`+`, `*`, `{2,}`); windows overlap by half.
spaCy gives every part of a run, half the square of its length: for a text of 20,000 equal words
that would be more than there is memory."""

_OF_THE_WORD = frozenset(
    {"LENGTH", "LOWER", "NORM", "OP", "ORTH", "PREFIX", "SHAPE", "SPACY", "SUFFIX", "TEXT"}
)
_ENDLESS = re.compile(r"[+*]|\{\d*,\}")
_SURROGATE = re.compile("[\ud800-\udfff]")


def plain(text: str) -> str:
    """Return a text as long as this one that spaCy can read: without lone surrogates."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def asks_for_annotations(patterns: Sequence[Pattern]) -> bool:
    """Say whether a pattern asks for more than how a token is written: its part of speech, say."""
    return any(
        not (key in _OF_THE_WORD or key.startswith(("IS_", "LIKE_"))) or key == "IS_SENT_START"
        for pattern in patterns
        for key in _asked(pattern)
    )


class Matchers:
    """Finds what patterns describe in the documents of a pipeline.

    Args:
        pipeline: Made by spaCy.
        patterns: What is looked for.
        ignore_case: Whether phrases are found in any case.

    Raises:
        UsageError: a pattern is not one of spaCy's, or asks for what the pipeline does not give.
    """

    def __init__(self, pipeline: Any, patterns: Sequence[Pattern], *, ignore_case: bool) -> None:
        spacy, vocab = need("spacy.matcher", EXTRA), pipeline.vocab
        self._phrases = spacy.PhraseMatcher(vocab, attr="LOWER" if ignore_case else "ORTH")
        self._ended, self._endless = spacy.Matcher(vocab), spacy.Matcher(vocab)
        probe, lenient = pipeline("Probe"), may_annotate(pipeline)
        for pattern in patterns:
            name, what = pattern.name, pattern.what
            if isinstance(what, str):
                self._phrases.add(name, [pipeline.make_doc(plain(what))])
                continue
            _check(pattern, spacy.Matcher(vocab, validate=True), probe, lenient=lenient)
            matcher = self._endless if _is_endless(what) else self._ended
            matcher.add(name, [what])

    def __call__(self, doc: Any) -> Iterator[Any]:
        """Yield the spans of a document that match, those that overlap included."""
        if len(self._phrases):
            yield from self._phrases(doc, as_spans=True)
        # That the pipeline may give what is asked for is known; a text can have none of it.
        how = {"as_spans": True, "allow_missing": True}
        if len(self._ended):
            yield from self._ended(doc, **how)
        if len(self._endless):
            step = WINDOW // 2
            for start in range(0, max(len(doc) - step, 1), step):
                yield from self._endless(doc[start : start + WINDOW], **how)


def _asked(pattern: Pattern) -> Iterator[str]:
    for token in () if isinstance(pattern.what, str) else pattern.what:
        yield from (str(key).upper() for key in token)


def _is_endless(tokens: Tokens) -> bool:
    ops = (value for token in tokens for key, value in token.items() if key.upper() == "OP")
    return any(_ENDLESS.fullmatch(str(op)) for op in ops)


def _check(pattern: Pattern, matcher: Any, probe: Any, *, lenient: bool) -> None:
    try:
        matcher.add(pattern.name, [pattern.what])
        matcher(probe, allow_missing=lenient)
    except Exception as error:  # spaCy's own, those of `re`, and what an attribute raises
        said = [line[2:] for line in str(error).splitlines() if line.startswith("- ")]
        told = "; ".join(said) or str(error)
        raise UsageError(f"{pattern.place}: spaCy does not take it: {told}") from error
