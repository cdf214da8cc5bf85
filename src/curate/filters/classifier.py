"""`classifier`: any sequence classifier of transformers."""

from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field

from curate.api import Context
from curate.filters.encoders import sequence_classification
from curate.filters.encoders.encoder import Encoder
from curate.filters.encoders.filter import EncoderFilter
from curate.filters.encoders.labels import column
from curate.filters.encoders.scoring import Scored
from curate.filters.encoders.sequence_classification import Chosen
from curate.local_models.pinned import Commit, identity


class Classifier(EncoderFilter):
    """Scores the probability that a sequence classifier gives a label.

    The reason is the label, where the score is 0.5 or more. The model is a folder that
    `save_pretrained` wrote, or one of the hub pinned by its commit; weights are read from
    safetensors only, and code in a model is never run. Needs the extra `classifiers`.

        steps:
          - use: classifier
            with: {model: models/emotions, label: anger, scope: response}
            when: {at_least: 0.8}
            do: flag

    A text longer than the model can read is scored in overlapping windows and nothing is cut off.
    The highest window counts (`pool: max`), so a long text has more chances of a false alarm: the
    evidence tells how many `windows` there were, and its span is the window that scored highest.

    Device and precision are part of a run's identity. `precision: int8` is about twice as fast as
    fp32, and coarser: on some windows of every segment the two are compared, and a run in which a
    probability moved by more than `parity` stops; the evidence tells how far (`int8_moved`).
    """

    name: ClassVar[str] = "classifier"

    model: str = Field(description="a folder, or a model's name on the hub", min_length=1)
    revision: Commit | None = Field(
        None, description="the full commit of a model of the hub: 40 hex digits"
    )
    label_: str = Field(
        alias="label", description="the label that is scored, as the model names it"
    )
    activation: Chosen = Field(
        "auto",
        description="how the model's numbers become probabilities; auto: sigmoid where its config "
        "says multi_label_classification, else softmax; a model with one number needs sigmoid",
    )

    def files(self) -> Mapping[str, str]:
        """Return the hash of every file of the model that decides, or its commit."""
        return identity(self.model, self.revision)

    def load(self, ctx: Context) -> Encoder:
        """Load the model.

        Raises:
            InputError: there is no such folder, or no safetensors in it.
            UsageError: the model cannot be loaded, or its numbers are no probabilities.
        """
        self.files()  # says better than transformers what a folder lacks
        return sequence_classification.load(
            self.model, self.revision, self.activation, offline=ctx.offline
        )

    def scored(self, encoder: Encoder) -> Scored:
        """Return the label's position.

        Raises:
            UsageError: the model has no such label.
        """
        return Scored(encoder.labels, column(encoder, self.label_), False, self.rule)
