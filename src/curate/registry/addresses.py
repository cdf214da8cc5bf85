"""URLs among the options of a plugin: none where a path is needed, and none that holds a secret.

A plan is copied into the run directory, so what stands in it is written down.
"""

import pathlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, get_args

from pydantic import BaseModel

from curate.api import Filter
from curate.io.remote.urls import forbidden, holds_secret, is_url
from curate.registry.ready import ReadyStep


class Refused(NamedTuple):
    """An option that has such a URL, and what is wrong; the URL is not repeated."""

    option: str
    told: str


def refused(cls: type[BaseModel], options: Mapping[str, Any]) -> Refused | None:
    """Return the first option that has a URL it must not have."""
    for name, given in options.items():
        for url in _urls(given):
            if holds_secret(url):
                return Refused(
                    name,
                    "a URL in it holds a password or a signature, which the run would write "
                    "down; copy the file here, or let the store's library find credentials in "
                    "the environment",
                )
            if _is_path(cls, name):
                return Refused(name, "must be a path of this machine, no URL; copy the file here")
    return None


def check_offline(steps: Sequence[ReadyStep]) -> None:
    """Refuse filters that read files over the network; endpoints are their generators' to refuse.

    Raises:
        UsageError: there is one.
    """
    filters = (found for step in steps for _, found in step.plugins() if isinstance(found, Filter))
    for found in filters:
        for _, given in found:
            for url in _urls(given):
                raise forbidden(url)


def _urls(given: Any) -> Iterator[str]:
    for value in given if isinstance(given, list | tuple) else (given,):
        if isinstance(value, str) and is_url(value):
            yield value


def _is_path(cls: type[BaseModel], name: str) -> bool:
    field = cls.model_fields.get(name)
    kinds = () if field is None else (field.annotation, *get_args(field.annotation))
    return pathlib.Path in kinds
