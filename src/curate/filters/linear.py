"""`linear`: a classifier fitted by `curate fit linear`, cheap enough to go first."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

from pydantic import Field

from curate.api import Context, Filter, Judge, Record, Rule, Scope, Verdict
from curate.fitting import model as models
from curate.fitting.scoring import Reason, Scored, Scorer

_NO_TEXT = Verdict(None, "no_text")


class Linear(Filter):
    """Scores the probability that a text has the label its model was fitted to find.

    The model is a file that `curate fit linear` wrote; without `when:` a hit is a score of at
    least the threshold chosen there. The reason of a hit is the label, the spans of its evidence
    are the words that add most to the log odds.

        steps:
          - use: linear
            with: {model: negative.safetensors, scope: response}
            do: flag

    A text longer than those the model was fitted on is scored in windows, and the highest counts:
    the evidence tells how many `windows` there were, and more of them mean more false alarms.
    `unlike` is near 1 where the text is of another kind than the texts the model was measured on.
    """

    name: ClassVar[str] = "linear"

    model: Path = Field(description="a file written by `curate fit linear`")
    scope: Scope = Field("assistant", description="which text of a record is read")
    max_unlike: float | None = Field(
        None,
        ge=0,
        le=1,
        description="abstain where more than this share of the held-out texts were less unlike "
        "the training texts, for example 0.99; by default the number is only told",
    )

    def label(self) -> str:
        """The name of the model's file, without its ending."""
        return self.model.stem

    def default_rule(self) -> Rule:
        """Return the rule with the threshold that was best on held-out texts.

        Raises:
            InputError: there is no such model.
        """
        return Rule(at_least=models.facts(self.model).threshold)

    def fingerprint(self) -> Mapping[str, str]:
        """Return the SHA-256 of the model's file."""
        return {"model": models.sha256(self.model)}

    @contextmanager
    def open(self, ctx: Context) -> Iterator[Judge]:  # noqa: ARG002  (nothing drawn or fetched)
        """Load the model and yield the judge; with numpy where it is installed."""
        yield _Judge(self, models.load(self.model))


class _Judge:
    def __init__(self, config: Linear, model: models.Model) -> None:
        self._config, self._positive = config, model.facts.positive
        self._rule = Rule(at_least=model.facts.threshold)
        self._scorer = Scorer(model)

    def __call__(self, records: Sequence[Record]) -> list[Verdict]:
        texts = [record.text(self._config.scope) for record in records]
        scored = list(self._scorer.score(texts))
        hits = [n for n, each in enumerate(scored) if self._rule.hit(each.score)]
        found = self._scorer.reasons([texts[n] for n in hits], [scored[n] for n in hits])
        reasons = dict(zip(hits, found, strict=True))
        return [
            self._verdict(record, each, reasons.get(n)) if texts[n].strip() else _NO_TEXT
            for n, (record, each) in enumerate(zip(records, scored, strict=True))
        ]

    def _verdict(self, record: Record, scored: Scored, reasons: list[Reason] | None) -> Verdict:
        evidence: dict[str, Any] = {"unlike": scored.unlike}
        if scored.windows > 1:
            evidence["windows"] = scored.windows
        limit = self._config.max_unlike
        if limit is not None and scored.unlike > limit:
            return Verdict(None, "unlike_training", evidence | {"probability": scored.score})
        if reasons is None:
            return Verdict(scored.score, "", evidence)
        evidence["spans"] = [
            [*span, f"{reason.adds:+.2f}"]
            for reason in reasons
            for span in record.locate(self._config.scope, reason.start, reason.end)
        ]
        return Verdict(scored.score, self._positive, evidence)
