"""Configs as plain JSON values: equal where they do the same, different where they do not."""

import json
import math
from pathlib import Path
from typing import Any, ClassVar

import pytest
from pydantic import BaseModel, Field, SecretStr

from curate import canonical
from curate.api import Plugin


class Speaker(Plugin):
    """Anything that can talk."""


class Parrot(Speaker):
    """Repeats a word."""

    name: ClassVar[str] = "parrot"
    word: str = "hello"


class Config(BaseModel):
    speaker: Speaker = Parrot()
    names: frozenset[str] = frozenset()
    with_: dict[str, Any] = Field({}, alias="with")
    workers: int = Field(1, exclude=True)
    key: SecretStr = SecretStr("hunter2")
    limits: tuple[float, float] = (0.0, math.inf)
    cache: Path = Path("a/b")


def test_every_option_under_the_name_a_plan_gives_it():
    assert canonical.options(Config()) == {
        "speaker": {"use": "parrot", "version": "1", "with": {"word": "hello"}},
        "names": [],
        "with": {},
        "key": "**********",
        "limits": [0.0, "inf"],
        "cache": "a/b",
    }


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(Config(names={"b", "a"}), Config(names={"a", "b"}), id="order of a set"),
        pytest.param(Config(workers=1), Config(workers=8), id="excluded option"),
        pytest.param(Config(key="a"), Config(key="b"), id="secret"),
        pytest.param(Config(limits=(0, 1)), Config(limits=(0.0, 1.0)), id="kind of number"),
    ],
)
def test_equal(one, other):
    assert canonical.digest(canonical.options(one)) == canonical.digest(canonical.options(other))


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(Config(speaker=Parrot(word="bye")), id="field the declared type lacks"),
        pytest.param(Config(names={"a"}), id="set"),
        pytest.param(Config(limits=(0, 1)), id="infinity"),
        pytest.param(Config(limits=(0, math.nan)), id="not a number"),
        pytest.param(Config.model_validate({"with": {"a": None}}), id="null"),
    ],
)
def test_different(other):
    assert canonical.digest(canonical.options(other)) != canonical.digest(
        canonical.options(Config())
    )


def test_the_order_of_a_mapping_counts():
    one, other = ({"with": {"a": 1, "b": 2}}, {"with": {"b": 2, "a": 1}})
    options = [canonical.options(Config.model_validate(each)) for each in (one, other)]
    assert canonical.digest(options[0]) != canonical.digest(options[1])


def test_text_is_plain_json_whatever_the_strings_hold():
    text = canonical.text({"b": "half \ud83d", "a": 2**70})
    assert text.isascii()
    assert json.loads(text) == {"a": 2**70, "b": "half \ud83d"}
