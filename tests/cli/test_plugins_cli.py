"""`curate plugins`, and what every verb does about broken plugins."""

import json
import sys
from pathlib import Path

import click
import pytest

from curate import cli, registry
from curate.cli import main


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Install a distribution whose plugin does not import."""
    info = tmp_path / "zz_broken-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: zz-broken\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[curate.plugins]\noops = zz_broken\n")
    (tmp_path / "zz_broken.py").write_text("import no_such_module")
    monkeypatch.syspath_prepend(tmp_path)
    yield
    sys.modules.pop("zz_broken", None)


class TestList:
    def test_table(self, capsys):
        assert main(["plugins", "list"]) == 0
        header, *rows = capsys.readouterr().out.splitlines()
        assert header.split() == ["name", "kind", "from", "what", "it", "does"]
        assert [row.split()[0] for row in rows] == [e.cls.name for e in registry.load().plugins]

    def test_json(self, capsys):
        assert main(["plugins", "list", "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert {row["name"] for row in told["plugins"]} == {
            e.cls.name for e in registry.load().plugins
        }
        assert all(row["summary"] and row["distribution_version"] for row in told["plugins"])

    def test_broken_ones_come_last_and_are_warned_of(self, broken, capsys):
        assert main(["plugins", "list"]) == 0
        told = capsys.readouterr()
        line = "plugin 'oops' of zz-broken is broken: ModuleNotFoundError"
        assert told.out.splitlines()[-1].startswith(line)
        assert told.err.startswith(f"curate: warning: {line}")

    def test_what_a_broken_one_raises_is_obeyed_by_no_terminal(self, broken, tmp_path, capsys):
        (tmp_path / "zz_broken.py").write_text(r"raise ValueError('\x1b[2J\u202e')")
        assert main(["plugins", "list"]) == 0
        told = capsys.readouterr()
        for text in (told.out, told.err):
            assert r"is broken: ValueError: ␛[2J\u202e" in text

    def test_broken_ones_as_json(self, broken, capsys):
        main(["plugins", "list", "--json"])
        (each,) = json.loads(capsys.readouterr().out)["broken"]
        assert (each["distribution"], each["entry"]) == ("zz-broken", "oops")

    def test_strict_stops(self, broken, capsys):
        assert main(["--strict-plugins", "plugins", "list"]) == 3
        assert capsys.readouterr().err.startswith("curate: error: plugin 'oops' of zz-broken")

    def test_strict_by_environment(self, broken, capsys, monkeypatch):
        monkeypatch.setenv("CURATE_STRICT_PLUGINS", "1")
        assert main(["plan", "--schema"]) == 3
        monkeypatch.setenv("CURATE_STRICT_PLUGINS", "0")
        assert main(["plan", "--schema"]) == 0


class TestInfo:
    def test_page(self, capsys):
        assert main(["plugins", "info", "provenance"]) == 0
        told = capsys.readouterr().out
        assert "score    0 to 1; a hit by default: at_least: 1" in told
        assert "  teachers: list of text; default []\n      a teacher like one of" in told

    def test_every_installed_plugin_can_be_explained(self, capsys):
        installed = registry.load()
        for entry in installed.plugins:
            name = entry.cls.name
            assert main(["plugins", "info", name, "--json"]) == 0
            told = json.loads(capsys.readouterr().out)
            pages = told if isinstance(told, list) else [told]
            assert [page["kind"] for page in pages] == [e.kind for e in installed.named(name)]
            page = next(page for page in pages if page["kind"] == entry.kind)
            fields = entry.cls.model_fields.items()
            names = [field.alias or name for name, field in fields]
            assert [each["name"] for each in page["options"]] == names
            assert main(["plugins", "info", name]) == 0
            assert name in capsys.readouterr().out

    def test_unknown(self, capsys):
        assert main(["plugins", "info", "provenence"]) == 2
        assert "did you mean 'provenance'?" in capsys.readouterr().err


class TestNew:
    def test_writes_and_says_what_is_next(self, tmp_path, capsys):
        assert main(["plugins", "new", "mine", "--dir", str(tmp_path)]) == 0
        told = capsys.readouterr().out
        assert str(tmp_path / "curate-mine" / "pyproject.toml") in told
        assert "curate plugins info mine" in told

    def test_json(self, tmp_path, capsys):
        main(["plugins", "new", "mine", "--dir", str(tmp_path), "--json"])
        told = json.loads(capsys.readouterr().out)
        assert all((Path(told["folder"]) / file).is_file() for file in told["files"])

    def test_refuses_what_exists(self, tmp_path, capsys):
        (tmp_path / "curate-mine").mkdir()
        assert main(["plugins", "new", "mine", "--dir", str(tmp_path)]) == 2
        assert main(["plugins", "new", "duplicates", "--dir", str(tmp_path)]) == 2
        assert "installed already, from sft-curate" in capsys.readouterr().err


class TestCommand:
    @pytest.mark.parametrize("verb", cli.VERBS)
    def test_the_list_of_verbs_says_what_the_verb_says(self, verb):
        command = cli.command.get_command(click.Context(cli.command), verb)
        assert command.help.split("\n\n")[0].replace("\n", " ") == cli.VERBS[verb]

    def test_an_unknown_verb(self, capsys):
        assert main(["pluginz"]) == 2
        assert "No such command 'pluginz'" in capsys.readouterr().err

    def test_interrupted(self, monkeypatch, capsys):
        def interrupt(*, strict):
            raise KeyboardInterrupt

        monkeypatch.setattr(registry, "load", interrupt)
        assert main(["plugins", "list"]) == 130
        assert "interrupted" in capsys.readouterr().err

    def test_a_bug_exits_3_with_its_traceback(self, monkeypatch, capsys):
        monkeypatch.setattr(registry, "load", lambda *, strict: 1 / 0)
        assert main(["plugins", "list"]) == 3
        told = capsys.readouterr().err
        assert "ZeroDivisionError" in told
        assert "this is a bug" in told
