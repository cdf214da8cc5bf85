"""Plugins inside another's options: built by name, checked by kind, known by what they are."""

import pickle
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pydantic import BaseModel, Field, field_validator

from curate import plan, plan_file, registry
from curate.api import (
    Completion,
    Context,
    Filter,
    Generator,
    Inner,
    Judge,
    Plugin,
    Prompt,
    RecordFilter,
    Verdict,
)
from curate.catalogue import details, page
from curate.errors import InputError, PlanError, PluginError, UsageError
from curate.plan_schema import schema
from curate.registry import Entry, Registry


class Parrot(Generator):
    """Says what it is told to say."""

    name = "parrot"
    says: str
    volume: float = Field(1.0, ge=0)
    workers: int = Field(1, exclude=True)
    file: str = ""

    @field_validator("says")
    @classmethod
    def _no_lies(cls, text: str) -> str:
        if text == "crash":
            raise KeyError("no such word")
        if text == "lie":
            raise ValueError("a parrot does not lie")
        return text

    def fingerprint(self) -> Mapping[str, str]:
        return {"words": Path(self.file).read_text()} if self.file else {}

    @contextmanager
    def open(self, ctx: Context) -> Iterator[Any]:
        yield self

    def generate(self, prompts: Sequence[Prompt]) -> list[Completion]:
        return [Completion(self.says)] * len(prompts)

    def log_likelihood(self, prompts: Sequence[Prompt], answers: Sequence[str]) -> list[float]:
        raise UsageError("a parrot cannot count")


class Settings(BaseModel, frozen=True, extra="forbid"):
    backup: Inner[Generator] | None = None


class Asks(Filter):
    """Scores what a generator says."""

    name = "asks"
    concurrent = True
    generator: Inner[Generator]
    others: list[Inner[Generator]] = Field([])
    settings: Settings = Settings()

    @contextmanager
    def open(self, ctx: Context) -> Iterator[Judge]:
        with self.generator.open(ctx) as talker:
            yield lambda records: [
                Verdict(float(talker.generate([Prompt(())])[0].text)) for _ in records
            ]


class Wraps(RecordFilter):
    """Asks another filter."""

    name = "wraps"
    filter: Inner[Filter]
    strict: bool = False

    def judge(self, record: Any) -> Verdict:
        return Verdict(0.0)


KIT = Registry(
    {cls.name: Entry(cls, "kit", "1") for cls in (Asks, Wraps)},
    {Parrot.name: Entry(Parrot, "birds", "2.5")},
)
ASKS = "steps: [{use: asks, with: {generator: {use: parrot, with: {says: '1'}}}}]"
DEEP = """
steps:
- use: wraps
  with:
    filter:
      use: asks
      with:
        generator: {use: parrot, with: {says: a}}
        others: [{use: parrot, with: {says: b, volume: 2, workers: 7}}]
        settings: {backup: {use: parrot, with: {says: c}}}
"""


def resolve(text: str, kit: Registry = KIT) -> registry.Resolved:
    return registry.resolve(plan.loads(text, "plan.yaml"), kit)


class TestBuilding:
    def test_at_any_depth(self):
        (step,) = resolve(DEEP).steps
        assert step.filter == Wraps(
            filter=Asks(
                generator=Parrot(says="a"),
                others=[Parrot(says="b", volume=2, workers=7)],
                settings=Settings(backup=Parrot(says="c")),
            )
        )

    def test_what_is_built_can_be_sent_and_opened(self):
        (step,) = pickle.loads(pickle.dumps(resolve(ASKS))).steps
        with step.filter.open(Context()) as judge:
            assert judge([None]) == [Verdict(1.0)]

    def test_by_name_outside_a_plan(self):
        builder = registry.Builder(KIT)
        assert builder.build(Parrot, {"says": "x"}) == Parrot(says="x")
        made = builder.build(Asks, {"generator": {"use": "parrot", "with": {"says": "x"}}})
        assert made.generator == Parrot(says="x")

    def test_every_plugin_inside_is_found_with_its_path(self):
        (step,) = resolve(DEEP).steps
        found = {path: plugin.name for path, plugin in step.plugins()}
        assert found == {
            "": "wraps",
            "filter": "asks",
            "filter.generator": "parrot",
            "filter.others.0": "parrot",
            "filter.settings.backup": "parrot",
        }

    def test_a_filter_inside_that_waits_makes_the_step_wait(self):
        assert resolve(DEEP).steps[0].waits
        assert not Wraps.concurrent


@pytest.mark.parametrize(
    ("option", "told"),
    [
        pytest.param(
            "{use: parot, with: {says: a}}",
            "plan.yaml:4: steps.0.with.generator.use: no generator named 'parot'; "
            "did you mean 'parrot'?",
            id="unknown name",
        ),
        pytest.param(
            "\n      use: parrot\n      with:\n        says: a\n        volum: 1",
            "plan.yaml:8: steps.0.with.generator.with.volum: unknown key 'volum'; "
            "did you mean 'volume'?",
            id="unknown option",
        ),
        pytest.param(
            "\n      use: parrot\n      with:\n        says: a\n        volume: -1",
            "plan.yaml:8: steps.0.with.generator.with.volume: must be greater than or equal to 0",
            id="bad option",
        ),
        pytest.param(
            "\n      use: parrot\n      with:\n        says: lie",
            "plan.yaml:7: steps.0.with.generator.with.says: a parrot does not lie",
            id="told by the plugin",
        ),
        pytest.param(
            "\n      use: parrot\n      whit: {says: a}",
            "plan.yaml:6: steps.0.with.generator.whit: unknown key 'whit'; did you mean 'with'?",
            id="unknown key beside use",
        ),
        pytest.param(
            "{with: {}}", "plan.yaml:4: steps.0.with.generator: 'use' is missing", id="use"
        ),
        pytest.param("{use: parrot}", "generator: 'says' is missing", id="no options"),
        pytest.param(
            "{use: wraps, with: {filter: {use: asks, with: {generator: {use: parrot, "
            "with: {says: a}}}}}}",
            "steps.0.with.generator.use: 'wraps' is a filter; a generator is needed here",
            id="another kind",
        ),
        pytest.param(
            "parrot",
            "must be a generator: {use: NAME, with: {...}}, not 'parrot'",
            id="a bare name",
        ),
        pytest.param(
            "{use: parrot, with: 3}", "generator.with: must be a mapping, not 3", id="no mapping"
        ),
    ],
)
def test_a_mistake_is_told_with_its_line(option: str, told: str):
    with pytest.raises(PlanError) as caught:
        resolve(f"steps:\n- use: asks\n  with:\n    generator: {option}\n")
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_all_mistakes_are_told_at_once():
    text = (
        "steps:\n- use: asks\n  with:\n    generator: {use: parrot, with: {says: 3}}\n"
        "    others:\n    - {use: nobody}\n    - {use: parrot, with: {volume: loud}}\n    sett: 1\n"
    )
    with pytest.raises(PlanError) as caught:
        resolve(text)
    lines = [line.split(": ")[0] for line in str(caught.value).splitlines()[1:]]
    assert lines == [f"plan.yaml:{n}" for n in (4, 6, 7, 7, 8)]


def test_a_generator_is_no_step():
    with pytest.raises(PlanError, match="'parrot' is a generator; a step needs a filter"):
        resolve("steps: [{use: parrot, with: {says: a}}]")


def test_an_inner_plugin_that_breaks_on_its_options_is_named():
    with pytest.raises(PluginError, match=r"plan\.yaml:1: generator 'parrot' broke .* KeyError"):
        resolve(ASKS.replace("'1'", "crash"))


class TestIdentity:
    def test_says_what_and_from_where(self):
        (step,) = resolve(ASKS).identity()["steps"]
        assert step["with"]["generator"] == {
            "use": "parrot", "version": "1", "with": {"says": "1", "volume": 1.0, "file": ""}
        }  # fmt: skip
        assert step["inner"] == [
            {"use": "parrot", "distribution": "birds", "distribution_version": "2.5"}
        ]

    @pytest.mark.parametrize(
        ("change", "same"),
        [("says: '2'", False), ("says: '1', volume: 2", False), ("says: '1', workers: 9", True)],
    )
    def test_options_that_change_results_change_it(self, change: str, same: bool):
        changed = resolve(ASKS.replace("says: '1'", change))
        assert (changed.digest() == resolve(ASKS).digest()) is same

    def test_another_release_of_the_inner_plugin_changes_it(self):
        newer = Registry(KIT.filters, {"parrot": Entry(Parrot, "birds", "2.6")})
        assert resolve(ASKS, newer).digest() != resolve(ASKS).digest()

    def test_a_step_without_inner_plugins_says_nothing_of_them(self):
        kit = Registry({"plain": Entry(Wraps, "kit", "1")})
        step = registry.Builder(kit)
        assert step.inner == ()

    def test_the_files_of_inner_plugins_are_part_of_it(self, tmp_path: Path):
        (tmp_path / "words").write_text("abc")
        text = ASKS.replace("says: '1'", f"says: '1', file: {tmp_path / 'words'}")
        assert resolve(text).steps[0].fingerprint() == {"generator.words": "abc"}
        (tmp_path / "words").unlink()
        with pytest.raises(InputError, match=r"step 'asks': .*words: No such file"):
            resolve(text).steps[0].fingerprint()


class TestFilledIn:
    @pytest.mark.parametrize("text", [ASKS, DEEP], ids=["flat", "deep"])
    def test_is_a_plan_again(self, text: str):
        resolved = resolve(text)
        again = resolve(plan_file.write(resolved.filled_in()))
        assert again.steps[0].filter == resolved.steps[0].filter
        assert again.digest() == resolved.digest()
        assert again.filled_in() == resolved.filled_in()

    def test_shows_options_that_change_no_result(self):
        (step,) = resolve(DEEP).filled_in()["steps"]
        assert step["with"]["filter"]["with"]["others"][0]["with"]["workers"] == 7


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    made = schema(KIT)
    jsonschema.Draft202012Validator.check_schema(made)
    return jsonschema.Draft202012Validator(made)


class TestSchema:
    @pytest.mark.parametrize("text", [ASKS, DEEP], ids=["flat", "deep"])
    def test_takes_what_resolves(self, validator: Any, text: str):
        value, _ = plan_file.read(text, "plan")
        assert not list(validator.iter_errors(value))
        assert not list(validator.iter_errors(resolve(text).filled_in()))

    @pytest.mark.parametrize(
        "option",
        [
            "{use: nobody}",
            "{use: parrot}",
            "{use: asks, with: {says: a}}",
            "{use: parrot, with: {says: a, volum: 1}}",
            "{use: parrot, with: {says: a}, more: 1}",
            "parrot",
        ],
    )
    def test_refuses_what_does_not(self, validator: Any, option: str):
        value, _ = plan_file.read(f"steps: [{{use: asks, with: {{generator: {option}}}}}]", "plan")
        assert list(validator.iter_errors(value))


def test_the_catalogue_says_how_an_inner_plugin_is_written():
    told = page(details(KIT.filters["asks"]))
    assert "  generator: generator, as {use: NAME, with: {...}}; required\n" in told
    assert "  others: list of generator, as {use: NAME, with: {...}}; default []\n" in told


def test_the_catalogue_says_nothing_of_scores_about_a_generator():
    told = details(KIT.generators["parrot"])
    assert told["kind"] == "generator"
    assert "range" not in told
    assert page(told).startswith("parrot (generator), from birds 2.5\n\nSays what it is told")


def test_every_plugin_has_one_kind():
    kinds: dict[str, type[Plugin]] = dict(registry.KINDS)
    assert {entry.kind for entry in KIT.plugins} <= set(kinds)
    assert [entry for kind in kinds for entry in KIT.of(kind).values()] == list(KIT.plugins)
