"""What is there of an extra, and the command that brings the rest."""

import json
from importlib.metadata import Distribution, PathDistribution
from pathlib import Path

import pytest

from curate.checkup.packages import Needs, Package, install, needs

GOOD, OLD, GONE = (
    Package("good", ">=1", "1.2"),
    Package("old", ">=2,<3", "1.9"),
    Package("gone", ">=1", None),
)


@pytest.mark.parametrize(
    ("packages", "state"),
    [
        ((), "installed"),
        ((GOOD,), "installed"),
        ((GOOD, OLD), "conflict"),
        ((OLD,), "conflict"),
        ((GOOD, GONE), "partly"),
        ((OLD, GONE), "missing"),
        ((GONE,), "missing"),
    ],
)
def test_states(packages: tuple[Package, ...], state: str):
    assert Needs("extra", packages, "").state == state


def test_a_package_says_what_is_wrong_with_it():
    assert list(map(str, (GOOD, OLD, GONE))) == [
        "good 1.2",
        "old>=2,<3 (1.9 is installed)",
        "gone>=1",
    ]


@pytest.mark.parametrize(
    ("origin", "command"),
    [
        (None, "pip install 'made[audit]'"),
        (
            {"url": "file:///home/me/my%20curate", "dir_info": {"editable": True}},
            "pip install -e '/home/me/my curate[audit]'",
        ),
        ({"url": "file:///srv/curate", "dir_info": {}}, "pip install '/srv/curate[audit]'"),
        (
            {
                "url": "https://me:secret@example.org/c.git",
                "vcs_info": {"vcs": "git", "commit_id": "abc"},
            },
            "pip install 'made[audit] @ git+https://example.org/c.git@abc'",
        ),
        ({"url": "https://example.org/made.whl", "archive_info": {}}, "pip install 'made[audit]'"),
    ],
)
def test_the_command_takes_it_from_where_it_came_from(tmp_path: Path, origin, command: str):
    assert install(made(tmp_path, origin), "audit") == command


def test_needs_are_read_from_metadata_and_looked_up(tmp_path: Path):
    core, extra = needs(made(tmp_path, None))
    assert (core.extra, core.state, core.unmet) == ("", "installed", ())
    assert [package.name for package in core.packages] == ["click"]
    assert (extra.extra, extra.state) == ("audit", "partly")
    assert [str(package) for package in extra.unmet] == ["no-such-package-here>=3"]
    assert extra.dump()["install"] == "pip install 'made[audit]'"


def made(folder: Path, origin: object) -> Distribution:
    (folder / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: made\nVersion: 1.0\nProvides-Extra: audit\n"
        "Requires-Dist: click>=8\n"
        "Requires-Dist: pydantic>=2; extra == 'audit'\n"
        "Requires-Dist: no-such-package-here>=3; extra == 'audit'\n"
    )
    if origin:
        (folder / "direct_url.json").write_text(json.dumps(origin))
    return PathDistribution(folder)
