"""Filters that study the corpus first: what they see, what a pass costs, what breaks."""

import json
import pickle
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks import Stop, check_conservation, crash, files_of, rows, write
from curate import ledger, plan, registry
from curate.api import Context, Filter, RecordFilter, StudyingFilter, Verdict
from curate.engine.run import Options, run
from curate.engine.study import study
from curate.errors import OutageError, PlanError, PluginError, ResumeError, UsageError
from curate.filters.select import Select
from curate.io import sources
from curate.records import Record
from fake_rewriters import Says
from fakes import ALL, Word

PLAN = """
steps:
  - {use: word, do: flag}
  - {use: first, do: drop}
  - {use: select, with: {random_like: word}, do: drop}
  - {use: word, name: later, with: {word: late}, do: flag}
"""


class Breaks(StudyingFilter):
    """Breaks its contract where it is told to."""

    name = "breaks"
    where: str = ""

    @contextmanager
    def noter(self, ctx: Context) -> Iterator[Any]:
        self._check("noter")
        yield lambda records: [self._noted(record) for record in records]

    def study(self, ctx: Context) -> "Breaking":
        self._check("study")
        return Breaking(self)

    def _noted(self, record: Record) -> bytes:
        if b'"r5"' in record.raw:
            self._check("note")
        return b"note"

    def _check(self, here: str) -> None:
        if self.where == here:
            raise ValueError(f"no {here}")


class Breaking:
    def __init__(self, config: Breaks) -> None:
        self.config, self.notes = config, 0

    def add(self, note: bytes) -> None:
        self.config._check("add")
        self.notes += 1

    def learn(self, hits: int | None) -> Filter:
        self.config._check("learn")
        if self.config.where == "own":
            raise OwnError(self, "twice")
        wrong = {"nothing": None, "studies": self.config, "range": Wide()}
        return wrong.get(self.config.where, Count(count=self.notes))  # type: ignore[return-value]


class OwnError(OutageError):
    """An error of a plugin's own, with arguments of its own."""

    def __init__(self, study: Breaking, more: str) -> None:
        super().__init__("my own")


class Count(RecordFilter):
    """Tells how many records were studied."""

    name = "breaks"
    count: int

    def judge(self, record: Record) -> Verdict:
        return Verdict(1.0, f"of_{self.count}")


class Wide(Word):
    """Scores in another range."""

    high: ClassVar[float] = 7.0


def resolve(text: str) -> registry.Resolved:
    known = (*ALL, Select, Breaks)
    filters = {cls.name: registry.Entry(cls, "fakes", "1") for cls in known}
    rewriters = {"says": registry.Entry(Says, "fakes", "1")}
    return registry.resolve(plan.loads(text), registry.Registry(filters, rewriters=rewriters))


def go(text: str, files: Sequence[Path], out: Path | None, **options: Any) -> dict[str, Any]:
    options = {"executor": "threads", "workers": 1, "commit_every": 0.0} | options
    found = sources.expand([str(file) for file in files])
    return run(resolve(text), found, out, Options(**options), Context())


def hits(facts: Mapping[str, Any]) -> dict[str, int]:
    return {step["name"]: step["hits"] for step in facts["steps"]}


line = st.one_of(
    st.sampled_from(["fine", "bad", "late", "more"]).map(lambda word: f'{{"text":"{word}"}}\n'),
    st.sampled_from(["\n", "{\n", "[1]\n"]),
)


@settings(max_examples=25, deadline=None)
@given(
    files=st.lists(st.lists(line, max_size=25), min_size=1, max_size=3),
    lines=st.integers(1, 9),
    workers=st.integers(1, 3),
)
def test_a_draw_has_the_size_of_the_other_step_whatever_the_corpus(
    tmp_path_factory: pytest.TempPathFactory, files: list[list[str]], lines: int, workers: int
) -> None:
    folder = tmp_path_factory.mktemp("run")
    paths = [
        write(folder / f"{n}.jsonl", *(text.encode() for text in texts))
        for n, texts in enumerate(files)
    ]
    text = PLAN.replace("  - {use: first, do: drop}\n", "")
    facts = go(text, paths, folder / "out", lines=lines, workers=workers)
    assert hits(facts)["random_0"] == hits(facts)["word"]
    check_conservation(b"".join(path.read_bytes() for path in paths), folder / "out", facts)
    whole = go(text, paths, folder / "whole")
    assert hits(whole) == hits(facts)
    kept = [(folder / name / "kept.jsonl").read_bytes() for name in ("out", "whole")]
    assert kept[0] == kept[1]


@pytest.mark.parametrize("executor", ["threads", "processes"])
def test_any_number_of_workers_writes_the_same_bytes(tmp_path: Path, executor: str) -> None:
    lines = rows(90, **{f"r{n}": "bad" for n in range(0, 90, 7)})
    corpus = write(tmp_path / "c.jsonl", *lines, *lines[:30])
    text = PLAN + "  - {use: select, with: {cluster: {k: 3, numbers: [0]}}}\n"
    written = []
    for workers in (1, 3):
        go(text, [corpus], tmp_path / f"{workers}", lines=10, workers=workers, executor=executor)
        written.append(files_of(tmp_path / f"{workers}"))
    assert written[0] == written[1]


def test_only_what_is_still_there_is_drawn_from(tmp_path: Path) -> None:
    lines = rows(40, **{f"r{n}": "bad" for n in range(8)})
    corpus = write(tmp_path / "c.jsonl", *lines, *lines)
    facts = go(PLAN, [corpus], tmp_path / "out")
    assert hits(facts)["word"] == 16
    drawn = [entry for entry in ledger.entries(tmp_path / "out") if entry.by == "random_0"]
    assert len(drawn) == 16
    assert all(entry.index < 40 for entry in drawn)


def test_only_the_hits_of_a_step_are_drawn_from(tmp_path: Path) -> None:
    corpus = write(
        tmp_path / "c.jsonl",
        *rows(60, **{f"r{n}": "bad" if n % 2 else "late bad" for n in range(30)}),
    )
    text = """
steps:
  - {use: word}
  - {use: word, name: later, with: {word: late}}
  - {use: select, only: word, with: {random_like: later}}
"""
    go(text, [corpus], tmp_path / "out")
    drawn = [
        entry.index
        for entry in ledger.entries(tmp_path / "out")
        if any(look.step == "random_0" and look.hit for look in entry.trail)
    ]
    assert len(drawn) == 15
    assert max(drawn) < 30


def test_what_is_judged_for_the_overlap_only_is_not_drawn_from(tmp_path: Path) -> None:
    corpus = write(tmp_path / "c.jsonl", *rows(60, **{f"r{n}": "bad" for n in range(20)}))
    text = """
judge_dropped: true
steps:
  - {use: word, do: drop}
  - {use: select, with: {random_like: word}, do: drop}
"""
    facts = go(text, [corpus], tmp_path / "out")
    assert [step["dropped"] for step in facts["steps"]] == [20, 20]


def test_records_may_be_drawn_to_be_rewritten_and_after_others_were(tmp_path: Path) -> None:
    corpus = write(tmp_path / "c.jsonl", *rows(60, **{f"r{n}": "bad" for n in range(20)}))
    rewrite = "rewrite: {use: says}, guards: []"
    text = f"""
steps:
  - {{use: word, do: {{{rewrite}}}}}
  - {{use: select, with: {{random_like: word}}, do: {{{rewrite}}}}}
  - {{use: select, with: {{random_like: random_0, draw: 1}}, do: drop}}
"""
    facts = go(text, [corpus], tmp_path / "out", lines=7)
    assert hits(facts) == {"word": 20, "random_0": 20, "random_1": 20}
    written = [entry.index for entry in ledger.entries(tmp_path / "out") if entry.written]
    assert len(written) > 20


def test_a_limit_holds_for_the_study_too(tmp_path: Path) -> None:
    corpus = write(tmp_path / "c.jsonl", *rows(60, r5="bad", r55="bad"))
    go("steps: [{use: breaks}]", [corpus], tmp_path / "out", limit=25, lines=7)
    (entry, *_) = ledger.entries(tmp_path / "out")
    assert entry.trail[0].reason == "of_25"


def test_a_dry_run_studies_too(tmp_path: Path) -> None:
    corpus = write(tmp_path / "c.jsonl", *rows(60, r5="bad", r55="bad"))
    assert hits(go(PLAN, [corpus], None))["random_0"] == 2


def passes(text: str, corpus: Path) -> list[list[str]]:
    """The steps of each pass that is made before the run."""
    made = []

    def dry_run(told: registry.Resolved, judging: registry.Resolved) -> Mapping[str, Any]:
        assert [step.name for step in told.steps] == [step.name for step in judging.steps]
        made.append([step.name for step in judging.steps])
        found, before = sources.expand([str(corpus)]), pickle.dumps(judging)
        facts = run(judging, found, None, Options(executor="threads"), Context())
        assert pickle.dumps(judging) == before  # workers get no notes
        return facts

    done = study(resolve(text), Context(), dry_run)
    assert not any(isinstance(step.filter, StudyingFilter) for step in done.steps)
    return made


def test_steps_side_by_side_share_a_pass_where_they_can(tmp_path: Path) -> None:
    corpus = write(tmp_path / "c.jsonl", *rows(30, r5="bad", r7="bad"))
    draws = [f"  - {{use: select, with: {{random_like: word, draw: {n}}}}}\n" for n in range(4)]
    drop = draws[2].replace("}}", "}, do: drop}")
    head = "steps:\n  - {use: word}\n"
    assert passes(head + "".join(draws[:3]), corpus) == [
        ["word", "random_0", "random_1", "random_2"]
    ]
    assert passes(head + draws[0] + drop + draws[3], corpus) == [
        ["word", "random_0", "random_2"],
        ["word", "random_0", "random_2", "random_3"],
    ]
    only = draws[1].replace("{use", "{only: random_0, use")
    like = draws[1].replace("random_like: word", "random_like: random_0")
    for other in (only, like):
        assert passes(head + draws[0] + other, corpus) == [
            ["word", "random_0"],
            ["word", "random_0", "random_1"],
        ]


def test_select_without_a_study_needs_no_pass(tmp_path: Path) -> None:
    corpus = write(tmp_path / "c.jsonl", *rows(5))
    text = "steps: [{use: select, with: {share: 0.5}}, {use: select, with: {ids: [r1]}}]"
    filters = [resolve(text).steps[n].filter for n in range(2)]
    assert all(isinstance(each, StudyingFilter) for each in filters)

    def refuse(*_: object) -> Mapping[str, Any]:
        raise AssertionError("a pass was made")

    done = study(resolve(text), Context(), refuse)
    assert [step.filter for step in done.steps] == filters
    assert hits(go(text, [corpus], tmp_path / "out"))["select"] == 1


def test_a_resumed_run_writes_the_same_bytes(tmp_path: Path) -> None:
    corpus = write(tmp_path / "c.jsonl", *rows(50, **{f"r{n}": "bad" for n in range(9)}))
    go(PLAN, [corpus], tmp_path / "whole", lines=5)
    count = 0

    def stop(*_: object) -> None:
        nonlocal count
        count += 1
        if count == 14:  # four segments behind the pass of ten
            raise Stop

    found = sources.expand([str(corpus)])
    options = Options("threads", lines=5, commit_every=0.0)
    with pytest.raises(Stop):
        run(resolve(PLAN), found, tmp_path / "out", options, Context(), stop)
    state = json.loads((tmp_path / "out" / "state.json").read_text())
    assert 0 < state["segments"] < 10
    go(PLAN, [corpus], tmp_path / "out", lines=5)
    assert files_of(tmp_path / "out") == files_of(tmp_path / "whole")


def test_a_finished_run_is_not_studied_again(tmp_path: Path) -> None:
    corpus = write(tmp_path / "c.jsonl", *rows(20, r3="bad"))
    first = go(PLAN, [corpus], tmp_path / "out")
    again = go(PLAN, [corpus], tmp_path / "out", workers=2)
    assert again == first
    assert first["steps"][2]["use"] == "select"
    assert "random_like: word" in (tmp_path / "out" / "plan.yaml").read_text()


def test_a_step_that_does_not_exist_is_told_by_line() -> None:
    with pytest.raises(PlanError, match=r"plan:3: .*no earlier step is called 'wrod'.*'word'"):
        resolve("steps:\n  - {use: word}\n  - {use: select, with: {random_like: wrod}}\n")


def test_too_few_records_are_told_with_the_step(tmp_path: Path) -> None:
    corpus = write(tmp_path / "c.jsonl", *rows(30, **{f"r{n}": "bad" for n in range(20)}))
    text = PLAN.replace("word, do: flag", "word, do: drop")
    with pytest.raises(UsageError, match=r"step 'random_0': .*'word' hit 20 records, but only 10"):
        go(text, [corpus], tmp_path / "out")


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ("noter", r"step 'breaks' cannot be opened: ValueError: no noter"),
        ("note", r"step 'breaks' failed on .*c\.jsonl:6: ValueError: no note"),
        ("study", r"step 'breaks' cannot begin its study: ValueError: no study"),
        ("add", r"step 'breaks' failed on .*c\.jsonl:1: ValueError: no add"),
        ("learn", r"step 'breaks' cannot learn: ValueError: no learn"),
        ("nothing", r"step 'breaks': its study learned NoneType; it must be a filter"),
        ("studies", r"step 'breaks': its study learned Breaks"),
        ("range", r"step 'breaks': what it learned scores from 0 to 7, outside .* \[0, 1\]"),
    ],
)
def test_a_study_that_breaks_its_contract_is_named(tmp_path: Path, where: str, told: str) -> None:
    corpus = write(tmp_path / "c.jsonl", *rows(10))
    text = f"steps: [{{use: breaks, with: {{where: {where}}}}}]"
    with pytest.raises(PluginError, match=told):
        go(text, [corpus], tmp_path / "out")


def test_an_error_of_ones_own_keeps_its_kind(tmp_path: Path) -> None:
    corpus = write(tmp_path / "c.jsonl", *rows(10))
    with pytest.raises(OutageError, match="step 'breaks': my own"):
        go("steps: [{use: breaks, with: {where: own}}]", [corpus], tmp_path / "out")


def test_a_draw_is_of_equal_size_where_dropped_records_are_judged_too(tmp_path: Path) -> None:
    text = (
        "judge_dropped: true\nsteps:\n- {use: word, do: drop}\n"
        "- {use: word, name: some, with: {word: some}}\n"
        "- {use: select, name: drawn, with: {random_like: some}, do: drop}\n"
    )
    lines = rows(300, **{f"r{n}": "bad some" if n % 2 else "some" for n in range(0, 300, 5)})
    facts = go(text, [write(tmp_path / "c.jsonl", *lines)], tmp_path / "out", lines=40)
    some, drawn = facts["steps"][1], facts["steps"][2]
    assert some["hits"] == drawn["hits"] == drawn["dropped"]


def test_a_run_goes_on_only_with_what_was_learned_before(tmp_path: Path) -> None:
    """What is behind the last commit may have changed, and a study looks at that too."""
    text = (
        "steps:\n- {use: word, name: some, with: {word: some}}\n"
        "- {use: select, with: {random_like: some}, do: drop}\n"
    )
    lines = rows(120, **{f"r{n}": "some" for n in range(0, 120, 4)})
    corpus = write(tmp_path / "c.jsonl", *lines)
    crash(corpus, tmp_path / "out", 10, 12 + 6, 0.0, text)  # twelve segments of the study
    write(corpus, *lines, *lines[:20])
    with pytest.raises(ResumeError, match=r"step 'random_0' studies the whole corpus"):
        go(text, [corpus], tmp_path / "out", lines=10)
    write(corpus, *lines)
    go(text, [corpus], tmp_path / "out", lines=10)
    go(text, [corpus], tmp_path / "whole", lines=10)
    assert files_of(tmp_path / "out") == files_of(tmp_path / "whole")
