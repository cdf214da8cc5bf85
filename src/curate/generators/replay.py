"""Answers from a file."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, Literal, NoReturn

from pydantic import Field

from curate.answers.prompts import plain, words
from curate.api import Completion, Context, Generator, Prompt, Talker
from curate.errors import InputError, OutageError, UsageError
