"""A transformers model on this machine as a generator."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field

from curate.answers.recall import Recall
from curate.api import Context, Generator, Talker
from curate.local_models.loading import load
from curate.local_models.pinned import Commit, identity
from curate.local_models.talker import LocalTalker


class HuggingFace(Generator):
    """Runs a causal language model with transformers, in batches, from safetensors only.

    Sampling is keyed by the prompt, so an answer does not depend on its batch. Gives exact
    log-likelihoods. A model of the hub is pinned by its commit; of a folder, every file that
    decides is part of the run's identity.
    """

    name: ClassVar[str] = "hf"

    model: str = Field(description="a folder, or a model's name on the hub", min_length=1)
    revision: Commit | None = Field(
        None, description="the full commit of a model of the hub: 40 hex digits"
    )
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = Field(
        "auto", description="precision; auto: as saved, on a processor float32"
    )
    chat_template: str | None = Field(
        None, description="a Jinja text that writes a conversation; default: the model's own"
    )
    device: str = Field(
        "auto", exclude=True, description="cuda, cuda:1, mps, cpu; auto: cuda where there is one"
    )
    batch: int = Field(16, ge=1, exclude=True, description="prompts answered at once")

    def label(self) -> str:
        """Return the model's name without its owner or folder."""
        return Path(self.model).name

    def fingerprint(self) -> Mapping[str, str]:
        """Return the hash of every file that decides, or the commit."""
        return identity(self.model, self.revision)

    @contextmanager
    def open(self, ctx: Context) -> Iterator[Talker]:
        """Load the model; in a replay nothing is loaded.

        Raises:
            InputError: there is no such folder, or no safetensors in it.
            UsageError: torch or transformers is missing, or the model cannot be loaded.
        """
        facts = {
            "generator": self.name,
            "model": self.label(),
            "files": dict(self.fingerprint()),
            "dtype": self.dtype,
            "chat_template": self.chat_template,
        }
        with ExitStack() as stack:
            recall = Recall(ctx)
            stack.callback(recall.close)
            loaded = None
            if not ctx.replay:
                loaded = load(
                    self.model,
                    self.revision,
                    dtype=self.dtype,
                    device=self.device,
                    chat_template=self.chat_template,
                    offline=ctx.offline,
                )
            yield LocalTalker(loaded, facts, recall, ctx, self.batch)
