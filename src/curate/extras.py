"""Packages that are not part of the core, loaded when a plugin is opened."""

from importlib import import_module
from typing import Any

from curate.errors import UsageError


def need(module: str, extra: str) -> Any:
    """Return an imported package.

    Raises:
        UsageError: it is not installed; names the extra that brings it.
    """
    try:
        return import_module(module)
    except ImportError as error:
        told = f"{module} is not there ({error}); install it with pip install 'sft-curate[{extra}]'"
        raise UsageError(told) from error
