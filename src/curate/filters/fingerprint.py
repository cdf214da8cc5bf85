"""`fingerprint`: who seems to have written the response, and does the row say so too?"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

from pydantic import Field

from curate.api import Context, Filter, Judge, Record, Rule, Verdict
from curate.fitting.fingerprint import model as models
from curate.fitting.model import sha256

_DIGITS = 6
_NO_TEXT = Verdict(None, "no_text")


class Fingerprint(Filter):
    """Scores how surely the response is by another teacher than the one its row declares.

    The model is a file that `curate fit fingerprint` wrote. Its evidence names the most likely
    `teacher` with a `confidence`, in which "by none of the teachers I know" is accounted for, and
    `declared`, what the row says. The score is that confidence where the two differ and 0 where
    they are the same; a hit is a score of at least `confidence`. The reason says what was found:

    - `teacher_agrees`: the row declares the teacher who is named.
    - `teacher_disagrees`: it declares another, and the confidence reaches `confidence`.
    - `teacher_unsure`: the confidence does not; the score stays, so `curate sweep` can try others.
    - `teacher_filled`: the row declares nobody; the evidence fills it in. Score 0.

    The filter abstains, and `unsure:` says what that means, where a row declares nobody and the
    confidence is too low to fill it in (`teacher_unsure`), where it declares a teacher whom the
    model does not know (`teacher_not_in_model`), and where there is no response (`no_text`).

        steps:
          - use: fingerprint
            with: {model: teachers.safetensors, confidence: 0.9}
            do: flag

    A response is one small piece of evidence: what a confidence was worth on held-out responses,
    and on teachers the model had never met, stands in the report of `curate fit fingerprint`.
    `unlike` in the evidence is near 1 where a text is of another kind than those responses, so
    that nobody has measured what a confidence is worth there.
    """

    name: ClassVar[str] = "fingerprint"

    model: Path = Field(description="a file written by `curate fit fingerprint`")
    confidence: float = Field(
        0.9,
        gt=0,
        le=1,
        description="how sure a named teacher must be to contradict a row, or to fill one in",
    )

    def default_rule(self) -> Rule:
        """Return the rule with the confidence that was asked for."""
        return Rule(at_least=self.confidence)

    def fingerprint(self) -> Mapping[str, str]:
        """Return the SHA-256 of the model's file."""
        return {"model": sha256(self.model)}

    @contextmanager
    def open(self, ctx: Context) -> Iterator[Judge]:  # noqa: ARG002  (nothing drawn or fetched)
        """Load the model and yield the judge; needs numpy."""
        yield _Judge(models.load(self.model), self.default_rule())


class _Judge:
    def __init__(self, model: models.Fingerprint, rule: Rule) -> None:
        self._model, self._rule = model, rule
        self._known = frozenset(model.teachers)

    def __call__(self, records: Sequence[Record]) -> list[Verdict]:
        texts = [record.response for record in records]
        guesses = self._model.predict(texts)
        best, stated = guesses.best.tolist(), guesses.confidence.round(_DIGITS).tolist()
        grams = zip(guesses.distinct.tolist(), guesses.unseen.tolist(), strict=True)
        unlike = [self._model.facts.likeness.unlike(*each) for each in grams]
        found = zip(records, texts, best, stated, unlike, strict=True)
        return [
            self._verdict(record.teacher, self._model.teachers[named], confidence, strange)
            if text.strip()
            else _NO_TEXT
            for record, text, named, confidence, strange in found
        ]

    def _verdict(
        self, declared: str | None, named: str, confidence: float, unlike: float
    ) -> Verdict:
        evidence: dict[str, Any] = {"teacher": named, "confidence": confidence, "unlike": unlike}
        sure = self._rule.hit(confidence)
        if declared is None:
            score, reason = (0.0, "teacher_filled") if sure else (None, "teacher_unsure")
            return Verdict(score, reason, evidence)
        evidence["declared"] = declared
        if declared not in self._known:
            return Verdict(None, "teacher_not_in_model", evidence)
        if declared == named:
            return Verdict(0.0, "teacher_agrees", evidence)
        return Verdict(confidence, "teacher_disagrees" if sure else "teacher_unsure", evidence)
