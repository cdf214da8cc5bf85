"""The built-in generators, registered through the hook every plugin uses."""

from collections.abc import Sequence

from curate.api import Generator, hookimpl
from curate.generators.hf import HuggingFace
from curate.generators.openai import OpenAI
from curate.generators.replay import Replay


@hookimpl
def curate_generators() -> Sequence[type[Generator]]:
    """Return the built-in generators."""
    return [HuggingFace, OpenAI, Replay]
