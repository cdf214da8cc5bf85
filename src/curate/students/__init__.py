"""The built-in students, registered through the hook every plugin uses."""

from collections.abc import Sequence

from curate.api import Student, hookimpl
from curate.students.hf import HF
from curate.students.ngram import Ngram
from curate.students.tiny_lm import TinyLM


@hookimpl
def curate_students() -> Sequence[type[Student]]:
    """Return the built-in students."""
    return [HF, Ngram, TinyLM]
