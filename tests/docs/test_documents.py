"""What the documents say of the project holds: versions, filters, layers, links."""

import re
import tomllib

import pytest

from curate import __version__, registry
from docs.blocks import DOCUMENTS, ROOT, blocks


def test_the_changelog_begins_with_this_version():
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    versions = re.findall(r"^## \[(.+?)\]", text, re.MULTILINE)
    assert next(version for version in versions if version != "Unreleased") == __version__


def test_the_readme_lists_every_built_in_filter():
    text = (ROOT / "README.md").read_text("utf-8")
    table = text.partition("\n## The filters\n")[2].partition("\n## ")[0]
    listed = re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)
    filters = registry.load(strict=True).filters
    assert listed == sorted(
        name for name, entry in filters.items() if entry.distribution == "sft-curate"
    )


def test_the_layers_are_those_that_are_checked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = {each["id"]: each for each in project["tool"]["importlinter"]["contracts"]}
    checked = [re.sub(r"[()]", "", layer) for layer in contracts["layers"]["layers"]]
    (picture,) = [b for b in blocks("text") if b.text.startswith("__main__")]
    assert [re.split(r"\s{2,}", line)[0] for line in picture.text.splitlines()] == checked


GENERATED = {ROOT / "docs/reference/filters.md", ROOT / "docs/reference/traits.md"}
"""Pages that are written when the site is built."""


@pytest.mark.parametrize("file", [*DOCUMENTS, "CHANGELOG.md", "docs/log.md"])
def test_a_link_into_the_project_leads_somewhere(file: str):
    text = (ROOT / file).read_text("utf-8")
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        place = ((ROOT / file).parent / target).resolve()
        assert place.exists() or place in GENERATED, target
