"""What the tests of the testbed share."""

from itertools import islice
from pathlib import Path

import pytest

from curate.students.tiny.pretraining import Recipe, pretrain
from curate.testbed.base import documents


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base that knows the words and has learned nothing."""
    folder = tmp_path_factory.mktemp("blank") / "base"
    recipe = Recipe(length=33, width=16, layers=1, heads=2, steps=1, batch=2)
    pretrain(list(islice(documents(0), 1500)), folder, recipe)
    return folder
