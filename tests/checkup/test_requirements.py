"""Requirements read from metadata, held to the package that defines their markers."""

from collections.abc import Callable
from importlib.metadata import Distribution, PathDistribution, distribution
from itertools import product
from pathlib import Path

import pytest
from packaging.markers import Marker, default_environment
from packaging.requirements import Requirement as Packaged

from curate.checkup.requirements import Requirement, applies, extras, requirements

Install = Callable[..., Distribution]
MARKERS = [
    "extra == 'audit'",
    'extra != "audit"',
    "python_version >= '3.11'",
    "python_version < '3.9'",
    "'3.9' <= python_version",
    "'3.9' > python_version",
    "python_full_version > '3.11.0'",
    "sys_platform == 'win32' or extra == 'audit'",
    "sys_platform == 'win32' and extra == 'audit'",
    "(os_name == 'nt' or python_version > '3') and extra == 'audit'",
    "platform_machine in 'x86_64 aarch64 arm64'",
    "platform_machine not in 'sparc'",
    "implementation_name == 'cpython'",
]


@pytest.fixture
def made(tmp_path: Path) -> Install:
    def make(*requires: str, provides: tuple[str, ...] = ()) -> Distribution:
        lines = ["Metadata-Version: 2.1", "Name: made", "Version: 1.0"]
        lines += [f"Requires-Dist: {each}" for each in requires]
        lines += [f"Provides-Extra: {each}" for each in provides]
        (tmp_path / "METADATA").write_text("\n".join(lines))
        return PathDistribution(tmp_path)

    return make


@pytest.mark.parametrize(("marker", "extra"), [*product(MARKERS, ["", "audit", "judge"])])
def test_markers_agree_with_packaging(marker: str, extra: str):
    environment = default_environment() | {"extra": extra}
    assert applies(marker, extra) is Marker(marker).evaluate(environment)


@pytest.mark.parametrize("marker", ["nonsense", "python_version", "colour == 'red'", "1 < 2", "(("])
def test_a_marker_that_cannot_be_read_holds(marker: str):
    assert applies(marker, "")


def test_an_extra_has_only_what_it_adds(made: Install):
    found = requirements(
        made(
            "click<9,>=8",
            "torch >=2.6 ; extra == 'audit'",
            "tomli; python_version < '3.0'",
            "peft[all] (>=0.17); extra == 'audit' or extra == 'hf'",
            "theirs @ https://example.org/theirs.whl ; extra == 'hf'",
            provides=("hf", "audit"),
        )
    )
    assert list(found) == [
        Requirement("click", "<9,>=8"),
        Requirement("peft", ">=0.17", "hf"),
        Requirement("theirs", "", "hf"),
        Requirement("torch", ">=2.6", "audit"),
        Requirement("peft", ">=0.17", "audit"),
    ]


def test_the_extras_of_curate_are_those_of_its_metadata():
    ours = distribution("sft-curate")
    found = list(requirements(ours))
    assert {each.extra for each in found} == {"", *extras(ours)}
    told = [Packaged(text) for text in ours.requires or ()]
    for extra in extras(ours):
        names = [
            each.name for each in told if each.marker and each.marker.evaluate({"extra": extra})
        ]
        assert [each.name for each in found if each.extra == extra] == names
