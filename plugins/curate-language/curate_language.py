"""`language`: is this record in the languages you want?

A text is read in passages, so that an answer which changes its language half way is a share and no
riddle. Code, markup and addresses are in no language and are left out. The model is the one that
comes with py3langid: naive Bayes over n-grams of bytes (Lui and Baldwin 2011), 140 labels, 4.5 MB,
stored as arrays, no pickle.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, Self

from pydantic import Field, model_validator

from curate.api import Context, Filter, Judge, Record, Scope, Verdict, hookimpl
from curate.errors import suggest

LANGUAGES = frozenset(
    """
    ace af am an ar as az ba bcl be bg bn br bs ca crh cs cy da de dz el en eo es et eu ext fa ff fi
    fo fr fy ga gcf gcr gd gl gn gom grc gu guw ha hbo he hi hr ht hu hy id ig is it ja jv ka kab ki
    kk km kn ko ku ky la lb lg lij ln lo lt lv mg mk ml mn mr ms mt my ne nl nn no nso oc om or pa
    pcm pl ps pt qu ro ru rw sa se si sk sl sn so sq sr st sv sw ta te tg th tk tl tr tt ug uk ur uz
    vec vi vo wa xh yo zh zu
    """.split()  # noqa: SIM905  (a list of that many would be a page)
)
"""What can be told apart: ISO 639-1 codes, and ISO 639-3 where a language has no shorter one."""

_PART_OF = {
    "ary": "ar", "arz": "ar", "fuv": "ff", "gug": "gn", "kik": "ki", "ltg": "lv", "sdh": "ku",
    "uzs": "uz", "wuu": "zh", "yue": "zh",
}  # fmt: skip
"""The model's other labels -> the language of two letters they belong to in ISO 639-3."""

_NO_LANGUAGE = "zxx"
"""What ISO 639-3, and the model, call a text in no language."""

_NOT_PROSE = re.compile(
    r"""
      ^[ \t]*(```|~~~)(?s:.*?)(?:^[ \t]*\1[ \t]*$|\Z)  # a block of code
    | `[^`\n]{1,200}`
    | (?:https?://|\bwww\.)\S+
    | (?<![^\s<(])[^\s@<>()]{1,64}@[^\s@<>()]{1,255}
    | </?[A-Za-z][^<>]{0,500}>                        # a tag
    """,
    re.VERBOSE | re.MULTILINE,
)
_PASSAGE = re.compile(r"(?s).{200,400}?(?=\n|\Z)|.{1,400}(?=\s|\Z)|.{1,400}")
"""Up to 400 characters: to the end of a line behind the 200th, else to the end of a word."""
_LETTER = re.compile(r"[^\W\d_]")

_TOLD = 0.05
"""The share of a text from which a language is told of."""
_FAINT = 1e-4
"""Probabilities below this are taken as 0; scores have four digits."""
_DIGITS = 4
_MOST_SPANS = 20

Guess = Callable[[str], Mapping[str, float]]
"""A text in; languages and their probabilities out, `_NO_LANGUAGE` among them."""


class _Passage(NamedTuple):
    """A piece of a turn, without code and markup."""

    turn: int
    start: int
    end: int
    text: str
    letters: int


class _Heard(NamedTuple):
    """A passage that has a say, and the probabilities of its languages."""

    passage: _Passage
    languages: Mapping[str, float]


class Language(Filter):
    """Scores how much of a text is in a language other than those to `keep`, or in one to `drop`.

        steps:
          - use: language
            with: {keep: [en, de]}
            do: drop

    Every turn of the scope is read in passages of 200 to 400 characters, all of them, without
    blocks of code, `code`, tags, URLs and e-mail addresses. A passage has a say where it has
    `min_characters` letters and one language, or those listed taken together, reach
    `min_confidence`. The score is the share of their letters to be expected in languages that are
    not wanted: for a text of one passage the probability, for a longer one about the share. So
    `when: {at_least: 0.2}` also hits answers of which a fifth is in another language.

    The evidence has the main `language` (ISO 639-1, or 639-3 where there is no shorter code) with
    a `confidence`, its expected share; `languages`, the expected shares, where there are several;
    `read`, the share of the letters that had a say, where it is not all; and as spans the passages
    in languages that are not wanted. The filter abstains where no passage is long enough
    (`too_short`) or none of them is sure (`unsure`).

    Dialects count as their language: Egyptian Arabic as `ar`, Cantonese as `zh`. Close relatives
    are taken for each other now and then, Turkish for Turkmen: `keep: [tr, tk]` where it matters.
    """

    name: ClassVar[str] = "language"

    keep: frozenset[str] = Field(
        frozenset(), description="languages that are wanted, all others are not; ISO 639-1 codes"
    )
    drop: frozenset[str] = Field(
        frozenset(), description="languages that are not wanted, all others are; instead of `keep`"
    )
    scope: Scope = Field("assistant", description="which text of a record is read")
    min_characters: int = Field(10, ge=1, description="passages of fewer letters have no say")
    min_confidence: float = Field(
        0.5,
        ge=0,
        le=1,
        description="how probable one language, or those listed together, must be in a passage",
    )

    @model_validator(mode="after")
    def _usable(self) -> Self:
        if bool(self.keep) == bool(self.drop):
            raise ValueError("give languages to `keep`, or languages to `drop`")
        for language in sorted(self.keep | self.drop):
            if language not in LANGUAGES:
                raise ValueError(f"no language {language!r}{suggest(language, LANGUAGES)}")
        return self

    def fingerprint(self) -> Mapping[str, str]:
        """Return the SHA-256 of the model's file and of the code that reads it."""
        from py3langid import langid

        files = {"model": langid.MODEL_DIR / langid.MODEL_FILE, "py3langid": langid.__file__}
        return {name: _digest(path) for name, path in files.items()}

    @contextmanager
    def open(self, ctx: Context) -> Iterator[Judge]:  # noqa: ARG002  (nothing drawn or fetched)
        """Load the model (90 MB of memory) and yield the judge."""
        guess = _guesser()
        yield lambda records: [self._judge(record, guess) for record in records]

    def _judge(self, record: Record, guess: Guess) -> Verdict:
        passages = [each for turn in record.texts(self.scope) for each in _passages(*turn)]
        long_enough = [each for each in passages if each.letters >= self.min_characters]
        guesses = [_Heard(each, guess(each.text)) for each in long_enough]
        heard = [each for each in guesses if self._sure(each.languages)]
        if not heard:
            return Verdict(None, "unsure" if long_enough else "too_short")
        shares = _expected(heard)
        language = next(iter(shares))
        evidence: dict[str, Any] = {"language": language, "confidence": shares[language]}
        told = {name: share for name, share in shares.items() if share >= _TOLD}
        if len(told) > 1:
            evidence["languages"] = told
        read = _letters(each.passage for each in heard) / _letters(passages)
        if read < 1:
            evidence["read"] = round(read, _DIGITS)
        if spans := _spans(each for each in heard if self._unwanted(each.languages) >= 0.5):
            evidence["spans"] = spans
        return Verdict(self._unwanted(shares), language, evidence)

    def _sure(self, languages: Mapping[str, float]) -> bool:
        """Whether one language, or those listed taken together, is probable enough."""
        likely = max(languages, key=languages.__getitem__)
        listed = sum(languages.get(name, 0.0) for name in self.keep | self.drop)
        return likely != _NO_LANGUAGE and max(languages[likely], listed) >= self.min_confidence

    def _unwanted(self, shares: Mapping[str, float]) -> float:
        """Return the share of what is not wanted, of shares that add up to 1 or a bit less."""
        listed = sum(shares.get(name, 0.0) for name in self.keep | self.drop)
        return round(min(max(1 - listed if self.keep else listed, 0.0), 1.0), _DIGITS)


def _guesser() -> Guess:
    """Load the model."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)

    def guess(text: str) -> dict[str, float]:
        languages: dict[str, float] = {}
        for label, probability in model.rank(text):
            if probability < _FAINT:
                break
            language = _PART_OF.get(label, label)
            languages[language] = languages.get(language, 0.0) + probability
        return languages

    return guess


def _passages(turn: int, text: str) -> Iterator[_Passage]:
    """Yield the pieces of a turn that hold letters, in order."""
    prose = _NOT_PROSE.sub(lambda match: " " * len(match[0]), text)
    for match in _PASSAGE.finditer(prose):
        if letters := len(_LETTER.findall(match[0])):
            yield _Passage(turn, *match.span(), " ".join(match[0].split()), letters)


def _letters(passages: Iterable[_Passage]) -> int:
    return sum(each.letters for each in passages)


def _expected(heard: Sequence[_Heard]) -> dict[str, float]:
    """Return the share of the letters to be expected in each language, largest first."""
    letters = _letters(each.passage for each in heard)
    shares: dict[str, float] = {}
    for passage, languages in heard:
        for language, probability in languages.items():
            part = probability * passage.letters / letters
            shares[language] = shares.get(language, 0.0) + part
    largest = sorted(shares.items(), key=lambda item: (-item[1], item[0]))
    return {language: round(share, _DIGITS) for language, share in largest}


def _spans(heard: Iterable[_Heard]) -> list[list[Any]]:
    """Return [turn, start, end, language] of the first passages, neighbours put together."""
    spans: list[list[Any]] = []
    for (turn, start, end, *_), languages in heard:
        language = max(languages, key=languages.__getitem__)
        if spans and spans[-1][0] == turn and spans[-1][2:] == [start, language]:
            spans[-1][2] = end
        else:
            spans.append([turn, start, end, language])
    return spans[:_MOST_SPANS]


def _digest(path: str | Path) -> str:
    return sha256(Path(path).read_bytes()).hexdigest()


@hookimpl
def curate_filters() -> list[type[Filter]]:
    """Return the filters of this package."""
    return [Language]
