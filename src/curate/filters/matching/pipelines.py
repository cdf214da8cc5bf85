"""spaCy pipelines: a blank one of a language, an installed model, or a model in a folder."""

from collections.abc import Iterator, Mapping
from importlib.metadata import EntryPoint, PackageNotFoundError, entry_points, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from curate.answers.hashing import sha256
from curate.errors import UsageError, suggest
from curate.extras import need

EXTRA = "spacy"

_WRITES_WORDS = "attribute_ruler"
"""A component that does not say what it writes: whatever there is about a word, by rules."""
_WRITE_NO_ENTITIES = frozenset(
    {
        "lemmatizer",
        "morphologizer",
        "tagger",
        "textcat",
        "textcat_multilabel",
        "trainable_lemmatizer",
    }
)
"""Components whose tags, lemmas and categories an entity recogniser does not read."""
_READ_NONE_OF_THESE = _WRITE_NO_ENTITIES | {
    _WRITES_WORDS,
    "curated_transformer",
    "ner",
    "parser",
    "sentencizer",
    "senter",
    "tok2vec",
    "transformer",
}
"""Components beside which those above may be left out. The parser stays: no entity goes over the
end of a sentence that is known before."""


def blank(language: str) -> Any:
    """Return a pipeline that only splits texts into the tokens of a language.

    Raises:
        UsageError: spaCy does not know the language, or the language needs another package.
    """
    spacy = need("spacy", EXTRA)
    try:
        return spacy.blank(language)
    except ImportError as error:
        raise UsageError(f"language {language!r} cannot be opened: {error}") from error


def load(model: str, *, all_components: bool) -> Any:
    """Return the pipeline of a model.

    Args:
        model: A folder, or an installed package by name.
        all_components: Keep the components that have no say in what entities are found.

    Raises:
        UsageError: there is no such model, or it cannot be loaded.
    """
    is_folder = _package(model) is None
    spacy = need("spacy", EXTRA)
    try:
        pipeline = spacy.load(Path(model) if is_folder else model)
    except Exception as error:  # what a model's components raise is theirs to choose
        told = f"{type(error).__name__}: {error}"
        raise UsageError(f"{model}: the model cannot be loaded: {told}") from error
    if not all_components:
        pipeline.select_pipes(disable=_unneeded(pipeline))
    return pipeline


def identity(model: str | None) -> Mapping[str, str]:
    """Return the version of spaCy and of an installed model, and the SHA-256 of its every file.

    Raises:
        UsageError: spaCy or the model is not there.
    """
    try:
        told = {"spacy": version("spacy")}
    except PackageNotFoundError:
        need("spacy", EXTRA)
        raise
    if model is None:
        return told
    package = _package(model)
    if package is not None and package.dist is not None:
        told["model"] = f"{package.dist.name} {package.dist.version}"
    folder = Path(model) if package is None else _folder(package)
    return told | {f"model/{name}": sha256(folder / name) for name in _files(folder)}


def labels(pipeline: Any) -> set[str] | None:
    """Return the labels its components can give to entities; None where that cannot be known."""
    metas = {name: pipeline.get_pipe_meta(name) for name in pipeline.pipe_names}
    if any(not meta.assigns and meta.factory != _WRITES_WORDS for meta in metas.values()):
        return None  # a component of somebody's own, which may do anything
    writing = [name for name, meta in metas.items() if "doc.ents" in meta.assigns]
    return {label for name in writing for label in pipeline.pipe_labels.get(name, ())}


def may_annotate(pipeline: Any) -> bool:
    """Say whether a component does not tell what it writes, so that it may write anything."""
    return not all(pipeline.get_pipe_meta(name).assigns for name in pipeline.pipe_names)


def is_trained(pipeline: Any) -> bool:
    """Say whether a component is a model, for which texts must not be too long."""
    return any(getattr(component, "is_trainable", False) for _, component in pipeline.pipeline)


def _unneeded(pipeline: Any) -> list[str]:
    """Return the components that have no say in what entities are found."""
    kinds = {name: pipeline.get_pipe_meta(name).factory for name in pipeline.pipe_names}
    told = pipeline.config.get("training", {}).get("annotating_components")
    if told or not _READ_NONE_OF_THESE.issuperset(kinds.values()):
        return []  # a rule may ask for a tag, and a model may have learned from one
    return [name for name, kind in kinds.items() if kind in _WRITE_NO_ENTITIES]


def _package(model: str) -> EntryPoint | None:
    """Return the installed package of a model; None where it is a folder."""
    if Path(model).is_dir():
        return None
    installed = {each.name: each for each in entry_points(group="spacy_models")}
    if model in installed:
        return installed[model]
    raise UsageError(
        f"no spaCy model {model!r}: there is no such folder, and no such package is installed"
        f"{suggest(model, installed)}; get one with `python -m spacy download NAME`"
    )


def _folder(package: EntryPoint) -> Path:
    spec = find_spec(package.module)
    if spec is None or not spec.submodule_search_locations:
        raise UsageError(f"the package of the spaCy model {package.name!r} is damaged: no folder")
    return Path(next(iter(spec.submodule_search_locations)))


def _files(folder: Path) -> Iterator[str]:
    """Yield the names of the files under a folder; what Python itself leaves there is passed by."""
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.suffix != ".pyc":
            yield file.relative_to(folder).as_posix()
