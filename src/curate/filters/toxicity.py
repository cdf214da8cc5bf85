"""`toxicity`: the models of detoxify."""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Self

from pydantic import Field, model_validator

from curate.answers.hashing import sha256
from curate.api import Context
from curate.errors import InputError
from curate.filters.encoders import checkpoints, detoxify, variants
from curate.filters.encoders.encoder import Encoder
from curate.filters.encoders.filter import EncoderFilter
from curate.filters.encoders.labels import column
from curate.filters.encoders.scoring import Scored
from curate.filters.encoders.variants import Variant
from curate.local_models.files import hashes_but_weights
from curate.local_models.pinned import Commit

HIGHEST = "highest"


class Toxicity(EncoderFilter):
    """Scores toxicity with a model of detoxify; the evidence has the probability of every label.

    The model is a checkpoint file with the folder of its config and vocabulary, or one of those
    that detoxify publishes, by name. A checkpoint that could run code is refused. Needs the extra
    `classifiers`.

        steps:
          - use: toxicity
            with: {checkpoint: models/unbiased.ckpt, config: models/roberta-base}
            when: {at_least: 0.8}
            do: drop

    By name, `variant: unbiased` is downloaded once, and its `revision` pins the vocabulary: the
    commit of `bert-base-uncased`, `roberta-base` or `xlm-roberta-base` on the hub.

    Scores are detoxify's own up to 512 tokens. A longer text, which detoxify cuts, is scored in
    overlapping windows; the highest counts, and the evidence's span is the window it comes from.
    """

    name: ClassVar[str] = "toxicity"

    checkpoint: Path | None = Field(None, description="a checkpoint in detoxify's format")
    sha256: str | None = Field(
        None, pattern="^[0-9a-f]{64}$", description="the hash the checkpoint must have"
    )
    config: Path | None = Field(
        None, description="a folder with the config and the vocabulary of the checkpoint's base"
    )
    variant: Variant | None = Field(
        None, description="one of detoxify's own models instead of a checkpoint"
    )
    revision: Commit | None = Field(
        None, description="instead of `config`: the full commit of the base on the hub"
    )
    label_: str = Field(
        "toxicity",
        alias="label",
        description="the label that is scored, or `highest`: whichever is",
    )

    @model_validator(mode="after")
    def _one_of_each(self) -> Self:
        if (self.checkpoint is None) == (self.variant is None):
            raise ValueError("needs `checkpoint:` or `variant:`, one of them")
        if (self.config is None) == (self.revision is None):
            raise ValueError(
                "needs `config:`, a folder with config and vocabulary of the model's base, or "
                "`revision:`, the base's full commit on the hub"
            )
        return self

    def files(self) -> Mapping[str, str]:
        """Return the hashes of checkpoint and config; of a variant, what its file is named for.

        Raises:
            InputError: the checkpoint is not the one that was asked for, or a folder is missing.
        """
        if self.checkpoint:
            digest = self._checked(self.checkpoint)
        else:
            assert self.variant  # noqa: S101  (the validator above)
            digest = self.sha256 or variants.beginning(self.variant)
        base = hashes_but_weights(self.config) if self.config else {"commit": str(self.revision)}
        return {"checkpoint": digest, **base}

    def load(self, ctx: Context) -> Encoder:
        """Load the model.

        Raises:
            InputError: the checkpoint is missing, is not the one that was asked for, or is none.
            OutageError: a variant cannot be downloaded.
            UsageError: the config cannot be loaded, or offline something is not there.
        """
        file = self.checkpoint
        if file is None:
            assert self.variant  # noqa: S101  (the validator above)
            file = variants.fetched(self.variant, offline=ctx.offline)
        if self.sha256 is not None:
            self._checked(file)
        config = str(self.config) if self.config else None
        return detoxify.load(checkpoints.read(file), config, self.revision, offline=ctx.offline)

    def scored(self, encoder: Encoder) -> Scored:
        """Return the label's position; none where the highest is scored.

        Raises:
            UsageError: the model has no such label.
        """
        chosen = None if self.label_ == HIGHEST else column(encoder, self.label_)
        return Scored(encoder.labels, chosen, True, self.rule)

    def _checked(self, file: Path) -> str:
        try:
            digest = sha256(file)
        except OSError as error:
            raise InputError(f"{file}: cannot be read: {error.strerror}") from error
        if self.sha256 not in (None, digest):
            raise InputError(f"{file}: its SHA-256 is {digest}, not the {self.sha256} of the plan")
        return digest
