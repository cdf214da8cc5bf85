"""`curate plan`: what a plan resolves to, what is wrong with it, and its schema."""

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
import yaml

from curate import plan, registry
from curate.cli import main
from curate.plan_schema import schema

Write = Callable[[str], str]

GOOD = """
seed: 3
input: {shape: messages, teacher: [metadata.teacher, model], aliases: {big: [Big-1]}}
steps:
  - use: provenance
    with: {teachers: ["gpt-4*"], unknown: true}
    do: drop
    on_error: quarantine
    max_errors: 5
  - use: duplicates
    when: {at_least: 1}
"""


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def to_file(text: str) -> str:
        (tmp_path / "plan.yaml").write_text(text)
        return str(tmp_path / "plan.yaml")

    return to_file


def test_the_resolved_plan_is_a_plan_of_the_same_digest(write: Write, capsys):
    assert main(["plan", write(GOOD)]) == 0
    told = capsys.readouterr().out
    digest = told.splitlines()[0].removeprefix("# digest: ")
    resolved = registry.resolve(plan.loads(told), registry.load())
    assert resolved.digest() == digest
    assert main(["plan", write(told)]) == 0
    assert capsys.readouterr().out == told


def test_defaults_are_filled_in(write: Write, capsys):
    main(["plan", write("steps: [{use: duplicates}]")])
    told = yaml.safe_load(capsys.readouterr().out)
    (step,) = told["steps"]
    assert told["input"]["shape"] == "auto"
    assert step["name"] == "duplicates"
    assert step["when"] == {"at_least": 1.0}
    assert step["with"]["by"] == "conversation"
    assert step["timeout"] == 600


def test_json(write: Write, capsys):
    assert main(["plan", write(GOOD), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    resolved = registry.resolve(plan.loads(GOOD), registry.load())
    assert told["digest"] == resolved.digest()
    assert told["identity"] == resolved.identity()
    assert plan.Plan.model_validate(told["plan"]).seed == 3


def test_a_wrong_plan_exits_2_and_says_where(write: Write, capsys):
    file = write("steps:\n- use: provenanse\n- use: duplicates\n  with: {buy: prompt}\n")
    assert main(["plan", file]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    first, *rest = told.err.splitlines()
    assert first == "curate: error: 2 mistakes in the plan"
    assert rest[0].startswith(f"{file}:2: ")
    assert rest[1].startswith(f"{file}:4: ")


@pytest.mark.parametrize("arguments", [["plan"], ["plan", "x.yaml", "--schema"]], ids=str)
def test_a_plan_or_the_schema(arguments, capsys):
    assert main(arguments) == 2
    assert "give a PLAN, or --schema" in capsys.readouterr().err


def test_many_plans_are_checked_and_the_mistakes_of_all_are_said(write: Write, tmp_path, capsys):
    good, other = write(GOOD), tmp_path / "other.yaml"
    other.write_text("steps: [{use: duplicates}]")
    assert main(["plan", "--check", good, str(other)]) == 0
    names = [line.partition(": ")[0] for line in capsys.readouterr().out.splitlines()]
    assert names == [good, str(other)]
    for name in ("one.yaml", "two.yaml"):
        (tmp_path / name).write_text("steps:\n- use: duplicatez\n")
    wrong = [str(tmp_path / name) for name in ("one.yaml", "gone.yaml", "two.yaml")]
    assert main(["plan", "--check", *wrong, good]) == 2
    told = capsys.readouterr()
    assert told.out.startswith(good)
    assert all(name in told.err for name in [f"{wrong[0]}:2: ", wrong[1], f"{wrong[2]}:2: "])


def test_one_plan_at_a_time_is_printed(write: Write, capsys):
    assert main(["plan", write(GOOD), write(GOOD)]) == 2
    assert "many plans with --check" in capsys.readouterr().err


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    made = json.loads(json.dumps(schema(registry.load())))
    jsonschema.Draft202012Validator.check_schema(made)
    return jsonschema.Draft202012Validator(made)


class TestSchema:
    def test_is_printed(self, capsys):
        assert main(["plan", "--schema"]) == 0
        assert "$defs" in json.loads(capsys.readouterr().out)

    @pytest.mark.parametrize(
        "text",
        [
            pytest.param(GOOD, id="long"),
            pytest.param("steps: []", id="empty"),
            pytest.param("input: {shape: {prompt: a.b, response: c.0}}", id="raw shape"),
            pytest.param("steps: [{use: duplicates, do: drop}]", id="no options"),
        ],
    )
    def test_a_good_plan_is_valid(self, validator, text):
        plan.loads(text)
        validator.validate(yaml.safe_load(text))

    def test_a_resolved_plan_is_valid(self, validator, write: Write, capsys):
        main(["plan", write(GOOD), "--json"])
        validator.validate(json.loads(capsys.readouterr().out)["plan"])

    @pytest.mark.parametrize(
        "text",
        [
            pytest.param(GOOD.replace("teachers:", "teechers:"), id="misspelt option"),
            pytest.param(GOOD.replace("unknown: true", "unknown: 5"), id="type of an option"),
            pytest.param(GOOD.replace("use: duplicates", "use: duplicate"), id="unknown filter"),
            pytest.param(GOOD.replace("do: drop", "do: dorp"), id="unknown action"),
            pytest.param(GOOD.replace("seed:", "sede:"), id="unknown key"),
            pytest.param("steps: [{use: duplicates, with: {teachers: [a]}}]", id="other's option"),
            pytest.param("input: {shape: mesages}", id="unknown shape"),
        ],
    )
    def test_a_wrong_plan_is_not(self, validator, text):
        with pytest.raises(jsonschema.ValidationError):
            validator.validate(yaml.safe_load(text))

    def test_every_installed_filter_is_in_it(self, validator):
        described = {
            each["if"]["properties"]["use"]["const"]
            for each in validator.schema["$defs"]["Step"]["allOf"]
        }
        assert described == set(registry.load().filters)
