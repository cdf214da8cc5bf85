"""The site is built without a warning, fetches nothing, and its tables agree with the code."""

import dataclasses
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

from curate import registry
from curate.audits.verdict import EXIT
from curate.cli.audit import AUDITS
from curate.gate import policy
from curate.ledger import Entry, Look
from curate.traits import loading
from docs.blocks import DOCUMENTS, ROOT, blocks

MKDOCS = pytest.mark.skipif(
    find_spec("mkdocs") is None, reason="mkdocs is not installed: pip install -e '.[docs]'"
)
WITHOUT_COMMANDS = {"docs/log.md", "docs/recipes/one_gpu.md"}
"""Pages whose blocks need a GPU, or hours."""
FETCHED = re.compile(
    r"<(?:script|img|iframe)[^>]*\bsrc=\"(https?:)?//|<link[^>]*\bhref=\"https?://"
)


def build(folder: Path, site: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(site)],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = build(ROOT, folder)
    assert done.returncode == 0, done.stderr
    return folder


@MKDOCS
def test_it_is_built_and_has_every_page(site: Path):
    pages = {file.relative_to(ROOT / "docs").with_suffix(".html") for file in pages_written()}
    pages |= {Path("reference/filters.html"), Path("reference/traits.html")}
    assert {each for each in pages if not (site / each).exists()} == set()
    assert not list(site.rglob("*.py"))


@MKDOCS
def test_a_reader_fetches_nothing_from_elsewhere(site: Path):
    for page in site.rglob("*.html"):
        assert not FETCHED.search(page.read_text("utf-8")), page
    for style in site.rglob("*.css"):
        assert not re.search(r"url\(['\"]?https?:|@import", style.read_text("utf-8")), style


@MKDOCS
def test_every_built_in_plugin_and_card_is_in_the_reference(site: Path):
    filters = (site / "reference/filters.html").read_text("utf-8")
    for entry in registry.load(strict=True).plugins:
        listed = f"{entry.cls.name} ({entry.kind})" in filters
        assert listed is (entry.distribution == "sft-curate"), entry.cls.name
        fields = entry.cls.model_fields if listed else {}
        for name, field in fields.items():
            assert f"<code>{field.alias or name}</code>" in filters
    traits = (site / "reference/traits.html").read_text("utf-8")
    assert all(f'id="{name}"' in traits for name in loading.names())


@MKDOCS
def test_a_link_that_leads_nowhere_is_a_mistake(tmp_path: Path):
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    with (tmp_path / "docs" / "index.md").open("a") as page:
        page.write("\n[nowhere](nowhere.md) [neither](plugin.md#nowhere)\n")
    done = build(tmp_path, tmp_path / "site")
    assert done.returncode == 1
    assert "nowhere.md" in done.stderr
    assert "#nowhere" in done.stderr


def test_the_blocks_of_every_page_are_tested():
    pages = {file.relative_to(ROOT).as_posix() for file in pages_written()}
    assert pages - set(DOCUMENTS) == WITHOUT_COMMANDS


def pages_written() -> list[Path]:
    return sorted((ROOT / "docs").rglob("*.md"))


def table(page: str, heading: str) -> list[str]:
    """The first cells of the table under a heading, without marks."""
    text = (ROOT / page).read_text("utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| (.+?) \|", text, re.MULTILINE)
    return [cell.strip("`") for cell in cells[1:]]


def test_the_page_on_the_ledger_has_every_key():
    assert set(table("docs/ledger.md", "An entry")) == {
        field.name for field in dataclasses.fields(Entry)
    }
    assert set(table("docs/ledger.md", "A look of the trail")) == set(Look._fields)


def test_the_page_on_audits_has_every_audit_and_verdict():
    text = (ROOT / "docs/audits.md").read_text("utf-8")
    assert set(re.findall(r"`curate audit (\w+)", text)) == set(AUDITS)
    told = re.findall(r"^\| ([a-z ]+) \| .+ \| (\d) \|$", text, re.MULTILINE)
    assert dict(told) == {word.value: str(code) for word, code in EXIT.items()}


def test_the_recipe_for_ci_uses_rules_inputs_and_hooks_that_there_are():
    recipe = {block.text.split("\n")[0]: block for block in blocks("text")}
    assert len(policy.loads(recipe["# policy.yaml"].text)) == 2
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    workflow = yaml.safe_load(recipe["# .github/workflows/data.yml"].text)
    *_, step = workflow["jobs"]["gate"]["steps"]
    assert set(step["with"]) <= set(action["inputs"])
    told = ",".join(table("docs/recipes/ci.md", "On every pull request: GitHub Actions"))
    assert set(re.findall(r"[a-z-]+", told)) == set(action["inputs"])

    hooks = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    (used,) = yaml.safe_load(recipe["# .pre-commit-config.yaml"].text)["repos"]
    assert {hook["id"] for hook in used["hooks"]} == hooks
