"""Answers from a file."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import Field

from curate.answers.hashing import sha256
from curate.answers.prompts import plain, words
from curate.api import Completion, Context, Generator, Message, Prompt, Talker
from curate.errors import InputError, OutageError, UsageError

_Place = tuple[tuple[Message, ...], int]
"""What an answer is found by: the messages, and which sample."""


class Replay(Generator):
    """Answers from a JSONL file, for exactly the prompts in it.

    A row holds `messages` (or `prompt`, one message of the user) and `response`; if it likes,
    `sample`, `finish` and `model`. Rows of one prompt that name no sample count up from 0.
    """

    name: ClassVar[str] = "replay"

    file: Path = Field(description="the answers, a JSON object a line")
    missing: Literal["error", "empty"] = Field(
        "error", description="what a prompt without an answer gets: the run ends, or an empty text"
    )

    def label(self) -> str:
        """Return the file's name without its ending."""
        return self.file.stem

    def fingerprint(self) -> Mapping[str, str]:
        """Return the hash of the file."""
        return {self.file.name: sha256(self.file)}

    @contextmanager
    def open(self, ctx: Context) -> Iterator[Talker]:  # noqa: ARG002  (a file needs nothing)
        """Read the file.

        Raises:
            InputError: it is missing, or a row of it is not what it should be.
        """
        yield _Answers(self.file, _read(self.file), empty=self.missing == "empty")


class _Answers:
    def __init__(self, file: Path, known: Mapping[_Place, Completion], *, empty: bool) -> None:
        self.file, self.known, self.empty = file, known, empty

    def generate(self, prompts: Sequence[Prompt]) -> list[Completion]:
        places = [(tuple(map(Message._make, p.messages)), p.sample) for p in prompts]
        missing = [place for place in places if place not in self.known]
        if missing and not self.empty:
            messages, sample = missing[0]
            raise OutageError(
                f"{self.file} answers {len(prompts) - len(missing):,} of {len(prompts):,} prompts; "
                f"the first without an answer: {words(plain(messages))}, sample {sample}. Add it, "
                "or say `missing: empty`"
            )
        return [self.known.get(place, Completion("")) for place in places]

    def log_likelihood(
        self,
        prompts: Sequence[Prompt],  # noqa: ARG002  (nobody can be answered)
        answers: Sequence[str],  # noqa: ARG002
    ) -> list[float]:
        raise UsageError(
            f"{self.file}: a file of answers gives no log-likelihoods; take the `hf` generator"
        )


def _read(file: Path) -> dict[_Place, Completion]:
    known: dict[_Place, Completion] = {}
    lines: dict[_Place, int] = {}
    unnumbered: Counter[tuple[Message, ...]] = Counter()
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file}: cannot be read: {error}") from None
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            messages, sample, completion = _row(json.loads(line))
        except json.JSONDecodeError as error:
            raise InputError(f"{file}:{number}: not JSON: {error}") from None
        except ValueError as error:
            raise InputError(f"{file}:{number}: {error}") from None
        if sample is None:
            sample = unnumbered[messages]
            unnumbered[messages] += 1
        place = messages, sample
        if known.setdefault(place, completion) != completion:
            told = f"another answer to what line {lines[place]} answers (sample {sample})"
            raise InputError(f"{file}:{number}: {told}")
        lines.setdefault(place, number)
    return known


def _row(row: Any) -> tuple[tuple[Message, ...], int | None, Completion]:
    if not isinstance(row, dict) or ("messages" in row) == ("prompt" in row):
        raise ValueError("a row is an object with `messages` or `prompt`, and `response`")
    told = row["messages"] if "messages" in row else [{"role": "user", "content": row["prompt"]}]
    if not isinstance(told, list) or not all(isinstance(each, dict) for each in told):
        raise ValueError("`messages` is a list of objects with `role` and `content`")
    messages = tuple(Message(_text(each, "role"), _text(each, "content")) for each in told)
    sample = row.get("sample")
    if not (sample is None or (type(sample) is int and sample >= 0)):
        raise ValueError("`sample` is a whole number of 0 or more")
    finish, model = row.get("finish", "stop"), row.get("model", "")
    return messages, sample, Completion(_text(row, "response"), str(finish), str(model))


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if isinstance(value, str):
        return value
    raise ValueError(f"`{name}` must be a text")
