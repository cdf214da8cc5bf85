"""The import contracts in pyproject.toml cover everything, and a planted violation breaks them."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from curate import registry

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "curate"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
CONTRACTS = {each["id"]: each for each in PROJECT["tool"]["importlinter"]["contracts"]}
FOR_PLUGINS = {
    f"curate.{name}"
    for name in (
        "api",
        "dialogue",
        "traits",
        "answers",
        "fitting",
        "index",
        "local_models",
        "corpora",
        "records",
        "extras",
        "errors",
    )
}
BUILT_IN = [SOURCE / name for name in ("filters", "generators", "rewriters", "students")]
PLUGINS = sorted(
    [
        *(ROOT / "plugins").glob("*/*.py"),
        *(file for each in BUILT_IN for file in each.rglob("*.py")),
    ]
)
DISTRIBUTION_OF = {"yaml": "pyyaml", "pydantic_core": "pydantic"}


def imports(tree: ast.AST) -> Iterator[str]:
    """The modules that a tree imports, inside functions too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == "curate":
            yield from (f"curate.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def imports_on_loading(tree: ast.Module) -> Iterator[str]:
    """The modules that are imported as soon as the module is."""
    for node in tree.body:
        only_for_types = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        defines = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        if not only_for_types and not defines:
            yield from imports(node)


def test_every_built_in_filter_is_among_those_that_do_not_know_each_other():
    filters = registry.load(strict=True).filters.values()
    modules = {entry.cls.__module__ for entry in filters if entry.distribution == "sft-curate"}
    assert modules <= set(CONTRACTS["one-by-one"]["modules"])


@pytest.mark.parametrize("file", PLUGINS, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_a_plugin_imports_only_what_is_meant_for_plugins(file: Path):
    ours = {name for name in imports(ast.parse(file.read_bytes())) if name.startswith("curate.")}
    beside = {f"curate.{folder.name}" for folder in BUILT_IN if folder in file.parents}
    assert {".".join(name.split(".")[:2]) for name in ours} <= FOR_PLUGINS | beside


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("import curate.io.fields", "curate.io.fields"),
        ("from curate import plan as p", "curate.plan"),
        ("from curate.io import fields", "curate.io"),
        ("def f():\n    from curate.engine.run import run", "curate.engine.run"),
    ],
)
def test_every_way_to_import_is_seen(code: str, found: str):
    assert list(imports(ast.parse(code))) == [found]


@pytest.mark.parametrize(
    "file", sorted(SOURCE.rglob("*.py")), ids=lambda f: f.relative_to(SOURCE).as_posix()
)
def test_a_module_loads_nothing_but_core_dependencies(file: Path):
    needed = {re.split(r"[<>=\[]", text)[0] for text in PROJECT["project"]["dependencies"]}
    found = {name.partition(".")[0] for name in imports_on_loading(ast.parse(file.read_bytes()))}
    foreign = found - set(sys.stdlib_module_names) - {"curate"}
    assert {DISTRIBUTION_OF.get(name, name) for name in foreign} <= needed


@pytest.mark.parametrize(
    ("contract", "file", "line"),
    [
        ("layers", "io/blocks.py", "from curate import plan"),
        ("layers", "engine/flow.py", "from curate.looking import showing"),
        ("layers", "surprise.py", ""),
        ("one-by-one", "filters/roles.py", "from curate.filters import duplicates"),
        ("looking", "looking/showing.py", "from curate import registry"),
    ],
    ids=["upwards", "sideways", "unplaced", "filter to filter", "plugins"],
)
def test_a_planted_violation_is_found(tmp_path: Path, contract: str, file: str, line: str):
    shutil.copytree(SOURCE, tmp_path / "curate", ignore=shutil.ignore_patterns("__pycache__", ".*"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    assert lint(tmp_path, contract) == 0
    with (tmp_path / "curate" / file).open("a", encoding="utf-8") as target:
        target.write(f"\n{line}\n")
    assert lint(tmp_path, contract) == 1


def lint(folder: Path, contract: str) -> int:
    """Check one contract on the copy of the package in `folder`."""
    code = (
        "import sys; sys.path.insert(0, ''); from importlinter.cli import lint_imports_command;"
        f"lint_imports_command(['--no-cache', '--contract', {contract!r}])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False
    )
    assert "Contracts:" in done.stdout, done.stdout + done.stderr
    return done.returncode
