"""Data sets of the Hugging Face hub, streamed at one commit.

An argument is `hf://datasets/ORG/NAME@REVISION?config=…&split=…`: the scheme and `@` are those of
the hub's own file system; config and split are no paths there, so they stand in the query. A
revision that is no commit is resolved to one, and the resolved argument is what a run records. No
code of a data set is ever run: `datasets` from version 4 on has no way to.

`hf://datasets/ORG/NAME@REVISION/train.jsonl` is a file inside of one, and is read as any other
object is (`io.remote`), byte by byte.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from curate.errors import InputError, OutageError, UsageError, suggest
from curate.extras import need
from curate.io.tables.opening import BATCH, Table
from curate.io.tables.report import Report

SCHEME = "hf://"
_ARGUMENT = re.compile(
    r"hf://datasets/(?P<repo>[\w.-]+(/[\w.-]+)?)(@(?P<revision>[^?@]+))?(\?(?P<query>.*))?"
)
_FILE = re.compile(
    r"(?P<dataset>hf://datasets/[\w.-]+/[\w.-]+(@(refs/(pr|convert)/[\w-]+|[^/?@]+))?)"
    r"/(?P<path>[^?@]+\.(jsonl?|ndjson|parquet|arrow)(\.(gz|zstd?))?)"
)
_COMMIT = re.compile(r"[0-9a-f]{40}")
_OPTIONS = ("config", "split")


@dataclass(frozen=True, slots=True)
class HubDataset:
    """One split of a data set on the hub."""

    repo: str
    revision: str | None = None
    config: str | None = None
    split: str | None = None

    def __str__(self) -> str:
        """Return the argument that names it."""
        given = {"config": self.config, "split": self.split}
        query = urlencode({name: value for name, value in given.items() if value})
        revision = f"@{self.revision}" if self.revision else ""
        return f"{SCHEME}datasets/{self.repo}{revision}{'?' if query else ''}{query}"


def parse(argument: str) -> HubDataset:
    """Return what an argument names.

    Raises:
        InputError: it does not have the form of one.
    """
    match = _ARGUMENT.fullmatch(argument)
    if match is None:
        raise InputError(
            f"{argument}: write hf://datasets/ORG/NAME@REVISION?config=…&split=… (all but the name "
            "may be left out)"
        )
    options = dict(parse_qsl(match["query"] or "", keep_blank_values=True))
    for name in options:
        if name not in _OPTIONS:
            raise InputError(f"{argument}: unknown option {name!r}{suggest(name, _OPTIONS)}")
    revision = match["revision"]
    return HubDataset(match["repo"], revision, options.get("config"), options.get("split"))


def pinned(argument: str, *, offline: bool) -> str:
    """Return the argument with a commit for its revision, asking the hub where it has none.

    Raises:
        UsageError: the network must not be used.
        InputError: the hub knows no such data set or revision.
        OutageError: the hub does not answer.
    """
    found = parse(argument)
    if offline:
        raise UsageError(f"{argument}: is read over the network, which --offline forbids")
    if found.revision and _COMMIT.fullmatch(found.revision):
        return str(found)
    commit = _commit(found)
    return str(HubDataset(found.repo, commit, found.config, found.split))


def is_file(argument: str) -> bool:
    """Say whether an argument names files inside a data set, by the ending of their names."""
    return _FILE.fullmatch(argument) is not None


def pinned_file(argument: str, *, offline: bool) -> str:
    """Return an argument that names files inside a data set, at a commit.

    Raises:
        UsageError: the network must not be used.
        InputError: the hub knows no such data set or revision.
        OutageError: the hub does not answer.
    """
    match = _FILE.fullmatch(argument)
    assert match is not None  # noqa: S101  (see `is_file`)
    return f"{pinned(match['dataset'], offline=offline)}/{match['path']}"


def _commit(found: HubDataset) -> str:
    hub = need("huggingface_hub", "datasets")
    try:
        facts = hub.HfApi().dataset_info(found.repo, revision=found.revision)
    except hub.errors.RevisionNotFoundError:
        raise InputError(f"{found}: the data set has no revision {found.revision!r}") from None
    except hub.errors.RepositoryNotFoundError:
        raise InputError(
            f"{found}: the hub has no such data set, or shows it only to others (`hf auth login`)"
        ) from None
    except hub.errors.HFValidationError as error:
        raise InputError(f"{found}: {_first_line(error)}") from None
    except Exception as error:  # whatever its HTTP client raises when nobody answers
        raise OutageError(f"{found}: the hub did not answer: {_first_line(error)}") from error
    return str(facts.sha)


@contextmanager
def opened(argument: str, report: Report) -> Iterator[Table]:
    """Yield the table that a pinned argument names; `report` is told how it is read.

    Raises:
        InputError: it has no such config or split, here or where its rows are broken.
        OutageError: the hub does not answer.
    """
    found = parse(argument)
    with streamed(found.repo, argument, report, found) as table:
        yield table


@contextmanager
def streamed(where: str, name: str, report: Report, wanted: HubDataset) -> Iterator[Table]:
    """Yield what `datasets` streams from `where`, a data set on the hub or a local folder."""
    datasets = need("datasets", "datasets")
    with _blaming(name):
        found = datasets.load_dataset(
            where, wanted.config, split=wanted.split, revision=wanted.revision, streaming=True
        )
    if isinstance(found, dict):
        found = _only(found, name)
    if (found.info.builder_name or "") == "json":
        report.note(
            "read by `datasets` from JSON files, which fills missing keys with null and changes "
            "dates and mixed numbers: to keep the rows as they are, download and name the files"
        )
    yield Table(_batches(found, name))


def _only(splits: dict[str, Any], name: str) -> Any:
    if len(splits) != 1:
        raise InputError(
            f"{name}: has the splits {', '.join(splits)}; name one with split=, and others as "
            "inputs of their own"
        )
    return next(iter(splits.values()))


def _batches(found: Any, name: str) -> Iterator[Any]:
    tables = iter(found.with_format("arrow").iter(BATCH))
    while True:
        with _blaming(name):
            table = next(tables, None)
        if table is None:
            return
        yield from table.combine_chunks().to_batches()


@contextmanager
def _blaming(name: str) -> Iterator[None]:
    pa = need("pyarrow", "datasets")
    try:
        yield
    except (pa.ArrowException, ValueError, TypeError, KeyError, FileNotFoundError) as error:
        raise InputError(f"{name}: `datasets` cannot read it: {_first_line(error)}") from error
    except Exception as error:  # whatever its HTTP client raises
        cause = error.__cause__ or error
        if isinstance(cause, pa.ArrowException | ValueError | TypeError):
            raise InputError(f"{name}: `datasets` cannot read it: {_first_line(cause)}") from error
        raise OutageError(f"{name}: cannot be read further: {_first_line(error)}") from error


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).strip().splitlines()), "") or type(error).__name__
