"""The options that name a model, so that it is the same model tomorrow."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from curate.api import Plugin
from curate.local_models.files import hashes


class Pinned(Plugin):
    """A plugin that runs one model: of a folder, by its files, or of the hub, by its commit."""

    model: str = Field(description="a folder, or a model's name on the hub", min_length=1)
    revision: str | None = Field(
        None, description="the full commit of a model of the hub: 40 hex digits"
    )

    @model_validator(mode="after")
    def _pinned(self) -> Self:
        if self.revision is not None and not re.fullmatch(r"[0-9a-f]{40}", self.revision):
            raise ValueError(
                "revision must be a full commit of 40 hex digits: a branch or a tag can move, and "
                "then a run could not be repeated"
            )
        return self

    def label(self) -> str:
        """Return the model's name without its owner or folder."""
        return Path(self.model).name

    def fingerprint(self) -> Mapping[str, str]:
        """Return the hash of every file that decides, or the commit."""
        return {"commit": self.revision} if self.revision else hashes(Path(self.model))
