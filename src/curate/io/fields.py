"""Where rows keep what identifies them, and how a user names a place in a row."""

import re
from collections.abc import Mapping, Sequence

from curate.errors import UsageError
from curate.records import Path, Shape, View

TEACHER: tuple[Path, ...] = (
    ("metadata", "teacher"),
    ("metadata", "model"),
    ("metadata", "model_name"),
    ("metadata", "generator"),
    ("meta", "teacher"),
    ("meta", "model"),
    ("teacher",),
    ("teacher_model",),
    ("model",),
    ("model_name",),
    ("model_id",),
    ("generator",),
    ("generation_model",),
    ("generated_by",),
    ("chosen_model",),
    ("chosen-model",),
)
ID: tuple[Path, ...] = (
    ("id",),
    ("uuid",),
    ("_id",),
    ("uid",),
    ("conversation_id",),
    ("metadata", "id"),
    ("metadata", "uuid"),
)
PROMPT_ID: tuple[Path, ...] = (
    ("metadata", "prompt_id"),
    ("prompt_id",),
    ("meta", "prompt_id"),
    ("question_id",),
)
SOURCE: tuple[Path, ...] = (
    ("metadata", "source"),
    ("metadata", "dataset"),
    ("meta", "source"),
    ("source",),
    ("dataset",),
    ("dataset_name",),
    ("data_source",),
)
"""The usual places, tried in this order, unless the user names others."""

_STEP = r"(?:[^.\\]|\\.)+"
_WHOLE = re.compile(rf"{_STEP}(?:\.{_STEP})*", re.DOTALL)
_NUMBER = re.compile(r"-?[0-9]+")

Places = str | Sequence[str] | None
"""A dotted path, several (the first that answers counts), or None for the usual ones."""


def path(text: str) -> Path:
    r"""Return the path written as `choices.0.message`.

    A whole number is a position in a list, from the end where negative. A backslash takes the
    next character as it is: `a\.b` is one key, and `\0` is a key, not a position.

    Raises:
        UsageError: a step is empty, or the text ends in a backslash.
    """
    if not _WHOLE.fullmatch(text):
        raise UsageError(f"{text!r} is no path: write keys with dots between, as in meta.model")
    steps = re.findall(_STEP, text, re.DOTALL)
    return tuple(
        int(step) if _NUMBER.fullmatch(step) else re.sub(r"\\(.)", r"\1", step, flags=re.DOTALL)
        for step in steps
    )


def view(
    shape: Shape,
    *,
    teacher: Places = None,
    id: Places = None,
    source: Places = None,
    prompt_id: Places = None,
    teacher_is: str | None = None,
    aliases: Mapping[str, Sequence[str]] | None = None,
) -> View:
    """Return how to read rows of `shape`.

    Args:
        shape: Where the turns are.
        teacher: Where a row names its teacher.
        id: Where a row names itself.
        source: Where a row names its collection.
        prompt_id: Where a row names its prompt.
        teacher_is: The teacher of every row that names none.
        aliases: Teacher -> the other names it goes by, as a plan has them.

    Raises:
        UsageError: a path is malformed, or a name stands for two teachers.
    """
    return View(
        shape=shape,
        teacher=_paths(teacher, TEACHER),
        id=_paths(id, ID),
        source=_paths(source, SOURCE),
        prompt_id=_paths(prompt_id, PROMPT_ID),
        teacher_is=teacher_is,
        aliases=_by_alias(aliases) if aliases else None,
    )


def _paths(places: Places, usual: tuple[Path, ...]) -> tuple[Path, ...]:
    if places is None:
        return usual
    return tuple(map(path, [places] if isinstance(places, str) else places))


def _by_alias(aliases: Mapping[str, Sequence[str]]) -> dict[str, str]:
    canonical: dict[str, str] = {}
    for teacher, names in aliases.items():
        for name in names:
            if name in aliases and name != teacher:
                raise UsageError(f"aliases: {name!r} is a teacher, and another name of {teacher!r}")
            if canonical.setdefault(name, teacher) != teacher:
                raise UsageError(
                    f"aliases: {name!r} names both {canonical[name]!r} and {teacher!r}"
                )
    return canonical
