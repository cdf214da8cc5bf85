"""What is imported when: `curate --help` answers at once, and nothing heavy comes with the core."""

import subprocess
import sys

HEAVY = {
    "datasets", "detoxify", "hyperscan", "numpy", "pandas", "pyarrow", "ray", "re2", "sklearn",
    "spacy", "torch", "transformers",
}  # fmt: skip


def modules(code: str) -> set[str]:
    """Return the top-level modules in memory after `code` ran in a fresh interpreter."""
    listing = "\nimport sys; print('\\n'.join(sys.modules), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code + listing], capture_output=True, text=True, check=True
    )
    return {line.partition(".")[0] for line in done.stderr.splitlines()}


def imported(*arguments: str) -> set[str]:
    """Return the full names a fresh interpreter imports."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *arguments], capture_output=True, text=True, check=True
    )
    return {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()[1:]}


def test_help_needs_nothing_but_click():
    names = imported("-m", "curate", "--help") - imported("-c", "")  # what `.pth` files load
    packages = {name.partition(".")[0] for name in names}
    assert packages - set(sys.stdlib_module_names) == {"click", "curate"}
    ours = {name for name in names if name.partition(".")[0] == "curate"}
    assert ours <= {"curate", "curate.cli", "curate.errors", "curate.__main__"}


def test_the_core_and_every_builtin_filter_are_light():
    found = modules(
        "import curate.cli, curate.registry\n"
        "from curate.cli import plan, plugins\n"
        "loaded = curate.registry.load()\n"
        "assert loaded.filters"
    )
    assert not found & HEAVY
    assert "pydantic" in found


def test_a_builtin_filter_stays_light_until_it_is_opened():
    found = modules(
        "from curate import plan, registry\n"
        "text = 'steps: [{use: duplicates}, {use: provenance, with: {unknown: true}}]'\n"
        "registry.resolve(plan.loads(text), registry.load()).digest()"
    )
    assert not found & HEAVY
