"""Discovery in real (temporary) distributions, and plans made ready with what was found."""

import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import BaseModel, Field, SecretStr

from curate import plan, registry
from curate.api import Filter, RecordFilter, Rule, Verdict
from curate.errors import PlanError, PluginError
from curate.registry import Entry, Registry

Install = Callable[..., None]

GOOD = '''
from typing import ClassVar
from curate.api import RecordFilter, Verdict, hookimpl

class Good(RecordFilter):
    """Scores everything 0."""

    name: ClassVar[str] = "{name}"

    def judge(self, record):
        return Verdict(0.0)

@hookimpl
def curate_filters():
    return [Good]
'''


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Put a distribution with one plugin module where Python finds it."""
    modules = []

    def put(distribution: str, source: str, version: str = "1.0") -> None:
        module = distribution.replace("-", "_")
        modules.append(module)
        (tmp_path / f"{module}.py").write_text(source)
        info = tmp_path / f"{module}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n"
        )
        (info / "entry_points.txt").write_text(f"[curate.plugins]\n{module} = {module}\n")
        monkeypatch.syspath_prepend(tmp_path)

    yield put
    for module in modules:
        sys.modules.pop(module, None)


def broken(loaded: Registry) -> dict[str, str]:
    return {each.distribution: each.error for each in loaded.broken}


class TestLoad:
    def test_the_builtins_come_through_the_same_door(self):
        entries = registry.load(strict=True).filters.values()
        assert {entry.distribution for entry in entries} >= {"sft-curate"}

    def test_a_plugin_is_found_with_its_distribution(self, install: Install):
        install("zz-good", GOOD.format(name="good"), "2.5")
        entry = registry.load(strict=True).filters["good"]
        assert (entry.distribution, entry.version) == ("zz-good", "2.5")
        assert entry.cls.name == "good"

    def test_the_order_is_that_of_the_names(self, install: Install):
        install("zz-one", GOOD.format(name="aa"))
        install("aa-two", GOOD.format(name="zz"))
        entries = registry.load().filters.values()
        order = [(entry.distribution, entry.cls.name) for entry in entries]
        assert order == sorted(order)

    @pytest.mark.parametrize(
        ("source", "told"),
        [
            pytest.param("import no_such_module", "ModuleNotFoundError", id="import fails"),
            pytest.param("raise SystemExit(3)", "SystemExit: 3", id="exits"),
            pytest.param("class (", "SyntaxError", id="syntax"),
            pytest.param(
                "x = 1",
                "implements no hook; mark `curate_executors` or `curate_filters`",
                id="no hook",
            ),
            pytest.param(
                GOOD.replace("@hookimpl", ""), "implements no hook", id="the mark is missing"
            ),
            pytest.param(
                GOOD.replace("curate_filters", "curate_filter"),
                "no hook is called 'curate_filter'; did you mean 'curate_filters'?",
                id="misspelt hook",
            ),
            pytest.param(
                GOOD.replace("curate_filters()", "curate_filters(nothing_such)"),
                "nothing_such",
                id="wrong arguments",
            ),
            pytest.param(
                GOOD.replace("return [Good]", "return [1 / 0]"), "ZeroDivisionError", id="raises"
            ),
            pytest.param(
                GOOD.replace("return [Good]", "return None or Good"), "TypeError", id="no list"
            ),
            pytest.param(
                GOOD.replace("return [Good]", "return [dict]"),
                "no subclass of Filter",
                id="no filter",
            ),
            pytest.param(
                GOOD.replace("return [Good]", "return [Good()]"),
                "no subclass of Filter",
                id="an instance",
            ),
            pytest.param(
                GOOD.replace("def judge", "def jugde"), "Good does not define judge", id="abstract"
            ),
            pytest.param(
                GOOD.replace('    """Scores everything 0."""', ""),
                "Good needs a docstring",
                id="no docstring",
            ),
            pytest.param(
                GOOD.replace('    name: ClassVar[str] = "{name}"', ""),
                "Good needs a name",
                id="no name",
            ),
            pytest.param(
                GOOD.replace("name: ClassVar[str]", "name: str"),
                "needs a name",
                id="name as option",
            ),
            pytest.param(GOOD.replace("{name}", "Two Words"), "needs a name", id="odd name"),
        ],
    )
    def test_a_broken_plugin_is_named_and_the_rest_work(self, install: Install, source, told):
        install("aa-broken", source.replace("{name}", "broken"))
        install("zz-good", GOOD.format(name="good"))
        loaded = registry.load()
        assert told in broken(loaded)["aa-broken"]
        assert "good" in loaded.filters
        assert "broken" not in loaded.filters
        with pytest.raises(PluginError, match="plugin 'aa_broken' of aa-broken is broken"):
            registry.load(strict=True)

    def test_a_hook_of_a_later_version_may_be_optional(self, install: Install):
        later = "\n@hookimpl(optionalhook=True)\ndef curate_dreams():\n    return []\n"
        install("zz-good", GOOD.format(name="good") + later)
        assert "good" in registry.load(strict=True).filters

    def test_two_filters_of_one_name_are_refused(self, install: Install):
        install("aa-one", GOOD.format(name="same"), "1.0")
        install("zz-two", GOOD.format(name="same"), "2.0")
        with pytest.raises(
            PluginError, match=r"two filters .* 'same': from aa-one 1\.0 and from zz-two 2\.0"
        ):
            registry.load()


class Inner(BaseModel, extra="forbid", frozen=True):
    depth: int = 1


class Words(RecordFilter):
    """Scores words."""

    name = "words"
    words: frozenset[str] = frozenset({"bad"})
    limit: float = Field(1.0, ge=0)
    inner: Inner = Inner()
    token: SecretStr = SecretStr("")
    tag: str = Field("a", min_length=1, pattern="^[a-z]*$")

    def judge(self, record):
        return Verdict(0.0)

    def label(self):
        return "-".join(sorted(self.words))


class Fragile(RecordFilter):
    """Breaks while it checks its options."""

    name = "fragile"

    def judge(self, record):
        return Verdict(0.0)

    def label(self):
        raise KeyError("no card")


class Lengths(RecordFilter):
    """Has another rule for every unit."""

    name = "lengths"
    low, high = 0.0, float("inf")
    unit: str

    def judge(self, record):
        return Verdict(0.0)

    def default_rule(self):
        return Rule(outside=(1, 10 if self.unit == "lines" else float("inf")))


class Inverted(RecordFilter):
    """Has a rule that no score of it can meet."""

    name = "inverted"
    rule = Rule(at_least=5)

    def judge(self, record):
        return Verdict(0.0)


def installed(*classes: type[Filter], distribution: str = "kit", version: str = "1") -> Registry:
    return Registry({cls.name: Entry(cls, distribution, version) for cls in classes})


KIT = installed(Words, Fragile, Lengths, Inverted)


def resolve(text: str, kit: Registry = KIT) -> registry.Resolved:
    return registry.resolve(plan.loads(text, "plan.yaml"), kit)


class TestResolve:
    def test_defaults_come_from_the_filter(self):
        (step,) = resolve("steps: [{use: words, with: {words: [b, a]}}]").steps
        assert step.name == "a-b"
        assert step.rule == Rule(at_least=0.5)
        assert step.timeout == 600
        assert step.filter == Words(words=frozenset("ab"))

    def test_the_plan_has_the_last_word(self):
        text = "steps: [{use: words, name: mine, when: {at_most: 0.25}, timeout: 3}]"
        (step,) = resolve(text).steps
        assert (step.name, step.rule, step.timeout) == ("mine", Rule(at_most=0.25), 3)

    def test_the_default_rule_may_depend_on_the_options(self):
        (step,) = resolve("steps: [{use: lengths, with: {unit: lines}}]").steps
        assert step.rule == Rule(outside=(1, 10))

    def test_a_plan_built_in_python_resolves_too(self):
        built = plan.Plan(steps=[plan.Step.model_validate({"use": "words", "with": {"limit": 2}})])
        assert registry.resolve(built, KIT).steps[0].filter == Words(limit=2)

    def test_what_is_resolved_can_be_sent_to_a_worker(self):
        resolved = resolve("steps: [{use: words, with: {limit: 2}}]")
        assert pickle.loads(pickle.dumps(resolved)) == resolved

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            pytest.param(
                "steps:\n- use: wrods",
                "plan.yaml:2: steps.0.use: no filter named 'wrods'; did you mean 'words'?",
                id="unknown filter",
            ),
            pytest.param(
                "steps:\n- use: words\n  with:\n    limt: 2",
                "plan.yaml:4: steps.0.with.limt: unknown key 'limt'; did you mean 'limit'?",
                id="unknown option",
            ),
            pytest.param(
                "steps:\n- use: words\n  with:\n    inner:\n      dept: 2",
                "plan.yaml:5: steps.0.with.inner.dept: unknown key 'dept'; did you mean 'depth'?",
                id="unknown option inside an option",
            ),
            pytest.param(
                "steps:\n- use: words\n  with:\n    limit: -1",
                "plan.yaml:4: steps.0.with.limit: must be greater than or equal to 0, not -1",
                id="bad option",
            ),
            pytest.param(
                "steps:\n- use: words\n  with:\n    tag: ''",
                "plan.yaml:4: steps.0.with.tag: must have at least 1 character, not ''",
                id="empty option",
            ),
            pytest.param(
                "steps:\n- use: words\n  with:\n    tag: A",
                "plan.yaml:4: steps.0.with.tag: must match pattern '^[a-z]*$', not 'A'",
                id="option of another form",
            ),
            pytest.param(
                "steps:\n- use: lengths", "plan.yaml:2: steps.0: 'unit' is missing", id="missing"
            ),
            pytest.param(
                "steps:\n- use: words\n  when: {at_least: 2}",
                "plan.yaml:3: steps.0.when: 2 is no score of 'words': 0 to 1",
                id="rule out of range",
            ),
            pytest.param(
                "steps:\n- use: words\n  when:\n    outside: [.nan, 1]",
                "plan.yaml:3: steps.0.when: a rule's bound must be a number, not nan",
                id="rule is not a number",
            ),
            pytest.param(
                "steps: [{use: inverted}]", "5 is no score of 'inverted'", id="rule of the filter"
            ),
        ],
    )
    def test_a_mistake_is_told_with_its_line(self, text, told):
        with pytest.raises(PlanError) as caught:
            resolve(text)
        assert told in str(caught.value)

    def test_all_mistakes_are_told_at_once(self):
        text = (
            "steps:\n"
            "- use: nothing\n"
            "- use: words\n"
            "  with: {limt: 2, limit: x}\n"
            "- use: words\n"
            "- use: words\n"
        )
        with pytest.raises(PlanError) as caught:
            resolve(text)
        lines = [line.split(": ")[0] for line in str(caught.value).splitlines()[1:]]
        assert lines == [f"plan.yaml:{n}" for n in (2, 4, 4, 5, 6)]

    def test_a_repeated_default_name_asks_for_a_name(self):
        with pytest.raises(PlanError, match="2 steps are called 'bad'; give each a `name:`"):
            resolve("steps: [{use: words}, {use: words}]")
        resolve("steps: [{use: words, name: a}, {use: words}]")

    def test_an_unknown_filter_hints_at_plugins_that_did_not_load(self):
        kit = Registry({}, broken=(registry.Broken("curate-x", "x", "boom"),))
        with pytest.raises(PlanError, match=r"not loaded: curate-x"):
            resolve("steps: [{use: x}]", kit)

    def test_a_filter_that_breaks_on_its_options_is_named(self):
        with pytest.raises(PluginError, match=r"plan\.yaml:1: filter 'fragile' broke .* KeyError"):
            resolve("steps: [{use: fragile}]")


BASE = "{seed: 1, steps: [{use: words, with: {words: [a, b]}, on_error: quarantine}]}"


def digest(text: str, kit: Registry = KIT) -> str:
    return resolve(text, kit).digest()


class TestIdentity:
    @pytest.mark.parametrize(
        "text",
        [
            pytest.param("{seed: 2, steps: []}", id="seed"),
            pytest.param(BASE.replace("seed", "input: {teacher: model}, seed"), id="input"),
            pytest.param(BASE.replace("[a, b]", "[a, c], "), id="option"),
            pytest.param(BASE.replace("use", "name: other, use"), id="name"),
            pytest.param(BASE.replace("use", "do: drop, use"), id="action"),
            pytest.param(BASE.replace("use", "unsure: drop, use"), id="unsure"),
            pytest.param(BASE.replace("use", "when: {at_most: 0.5}, use"), id="rule"),
            pytest.param(BASE.replace("quarantine", "fail"), id="policy"),
        ],
    )
    def test_what_changes_results_changes_the_digest(self, text):
        assert digest(text) != digest(BASE)

    @pytest.mark.parametrize(
        "text",
        [
            pytest.param(BASE.replace("[a, b]", "[b, a]"), id="order of a set"),
            pytest.param(BASE.replace("[a, b]", "[a, b], limit: 1"), id="default written out"),
            pytest.param(BASE.replace("use", "when: {at_least: 0.5}, use"), id="default rule"),
            pytest.param(BASE.replace("use", "timeout: 5, use"), id="timeout"),
            pytest.param(BASE.replace("use", "max_errors: 5, use"), id="error budget"),
            pytest.param(BASE.replace("seed", "input: {max_unreadable: 1}, seed"), id="unreadable"),
        ],
    )
    def test_what_changes_no_result_keeps_the_digest(self, text):
        assert digest(text) == digest(BASE)

    def test_other_code_has_another_digest(self):
        newer = type("Words", (Words,), {"version": "2", "__doc__": "New."})
        digests = {
            digest(BASE, installed(Words)),
            digest(BASE, installed(Words, version="2")),
            digest(BASE, installed(Words, distribution="fork")),
            digest(BASE, installed(newer)),
        }
        assert len(digests) == 4

    def test_secrets_are_masked(self):
        text = "steps: [{use: words, with: {token: hunter2}}]"
        assert "hunter2" not in str(resolve(text).identity())
        assert digest(text) == digest(text.replace("hunter2", "other"))

    def test_the_digest_is_the_same_in_every_process(self, tmp_path):
        words = ", ".join(f"w{n}" for n in range(50))
        text = f"steps: [{{use: words, with: {{words: [{words}]}}}}]"
        code = (
            "import sys, importlib.util as u\n"
            "spec = u.spec_from_file_location('sample', sys.argv[1])\n"
            "m = u.module_from_spec(spec); sys.modules['sample'] = m; spec.loader.exec_module(m)\n"
            "print(m.digest(sys.argv[2]))"
        )
        found = {
            subprocess.run(
                [sys.executable, "-c", code, __file__, text],
                env={"PYTHONHASHSEED": str(seed)},
                check=True,
                capture_output=True,
                text=True,
            ).stdout.strip()
            for seed in (1, 2)
        }
        assert found == {digest(text)}
