"""`curate doctor` on this installation, and on installations with something wrong."""

import json
import sys
from pathlib import Path

import pytest

from curate import registry
from curate.cli import main


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with nothing in it, so that no real cache is measured."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    for name in ("CURATE_CACHE", "HF_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(home)
    return home


def doctor(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict:
    code = main(["doctor", "--json", *arguments])
    told = json.loads(capsys.readouterr().out)
    assert code == (1 if told["problems"] else 0)
    return told


def install(folder: Path, name: str, module: str, metadata: str = "") -> None:
    """Put a distribution with a plugin on the path: metadata and a module, as pip leaves them."""
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{metadata}")
    (info / "entry_points.txt").write_text(f"[curate.plugins]\noops = {name}\n")
    (folder / f"{name}.py").write_text(module)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A folder of distributions that Python finds."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    yield folder
    for name in [name for name in sys.modules if name.startswith("zz_")]:
        del sys.modules[name]


WORKS = '''
from curate.api import RecordFilter, Verdict, hookimpl
class Odd(RecordFilter):
    """Judges nothing."""
    name = "{name}"
    def judge(self, record):
        return Verdict(0)
@hookimpl
def curate_filters():
    return [Odd]
'''


def test_this_installation_is_in_order(capsys):
    told = doctor(capsys)
    assert told["problems"] == []
    core = told["needs"][0]
    assert (core["extra"], core["state"]) == ("", "installed")
    assert {"click", "pydantic"} <= {package["name"] for package in core["packages"]}
    (ours,) = [each for each in told["plugins"] if each["distribution"] == "sft-curate"]
    loaded = registry.load()
    for kind, names in ours["plugins"].items():
        mine = {n for n, e in loaded.of(kind).items() if e.distribution == "sft-curate"}
        assert set(names) == mine
    assert told["machine"]["processors"] >= 1


def test_torch_is_not_imported_unless_it_is_asked(capsys, monkeypatch):
    pytest.importorskip("torch")
    monkeypatch.setitem(sys.modules, "torch", None)  # importing it fails
    assert doctor(capsys)["machine"]["torch"]["threads"] is None
    told = doctor(capsys, "--deep")
    assert "torch is not there" in told["machine"]["torch"]["error"]
    assert "cannot be imported" in told["problems"][0]


def test_deep_asks_torch(capsys):
    torch = pytest.importorskip("torch")
    told = doctor(capsys, "--deep")["machine"]["torch"]
    assert told["threads"] == torch.get_num_threads()
    assert len(told["gpus"]) == torch.cuda.device_count()


def test_a_broken_plugin_is_a_problem_and_says_why(site: Path, capsys):
    install(site, "zz_broken", "import no_such_module")
    told = doctor(capsys)
    (problem,) = told["problems"]
    assert problem.startswith("plugin zz_broken 1.0 is broken: oops: ModuleNotFoundError")
    assert main(["doctor"]) == 1
    assert "zz_broken 1.0" in capsys.readouterr().out


def test_a_plugin_that_needs_another_version_is_a_problem(site: Path, capsys):
    needs = "Requires-Dist: sft-curate>=99\nRequires-Dist: zz-gone\n"
    install(site, "zz_odd", WORKS.format(name="odd"), needs)
    told = doctor(capsys)
    assert [each.partition(" needs ")[2].partition(" ")[0] for each in told["problems"]] == [
        "sft-curate>=99",
        "zz-gone",
    ]
    (odd,) = [each for each in told["plugins"] if each["distribution"] == "zz_odd"]
    assert odd["plugins"] == {"filter": ["odd"]}


def test_two_plugins_of_one_name_are_a_problem_not_a_crash(site: Path, capsys):
    install(site, "zz_other", WORKS.format(name="duplicates"))
    (problem,) = doctor(capsys)["problems"]
    assert "two filters are called 'duplicates'" in problem


def test_no_secret_is_shown(capsys, monkeypatch):
    secrets = {
        "OPENAI_API_KEY": "sk-hidden-1",
        "HF_TOKEN": "hf-hidden-2",
        "CURATE_JUDGE": "hidden-3",
        "OPENAI_BASE_URL": "https://me:hidden-4@example.org/v1?key=hidden-5",
    }
    for name, value in secrets.items():
        monkeypatch.setenv(name, value)
    for arguments in (["doctor"], ["doctor", "--json"]):
        assert main(arguments) == 0
        told = capsys.readouterr()
        assert "hidden" not in told.out + told.err
        assert "https://example.org/v1" in told.out
        assert all(name in told.out for name in secrets)


def test_folders_are_measured_and_tried(tmp_path: Path, capsys):
    cache = tmp_path / "cache"
    (cache / "deep").mkdir(parents=True)
    (cache / "deep" / "answer").write_bytes(b"12345")
    told = doctor(capsys, "--cache", str(cache), "--runs", str(tmp_path / "not" / "yet"))
    runs, found, hub = told["folders"]
    assert (found["files"], found["bytes"], found["exists"]) == (1, 5, True)
    assert (runs["exists"], runs["writable"]) == (False, True)
    assert not (tmp_path / "not").exists()
    assert hub["path"].endswith("home/.cache/huggingface")


def test_a_folder_that_cannot_be_written_is_a_problem(capsys):
    told = doctor(capsys, "--runs", "/proc/nowhere")
    assert told["problems"] == ["/proc/nowhere (runs) cannot be written"]


def test_the_page_has_every_part(capsys):
    assert main(["doctor"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("curate ")
    titles = ["core", "extras", "plugins", "folders", "environment", "problems"]
    assert [line for line in lines if line in titles] == titles
    assert lines[-1] == "  none"
