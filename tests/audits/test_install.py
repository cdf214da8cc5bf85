"""Planted rows install a trait, random ones do not."""

from dataclasses import replace
from math import inf
from pathlib import Path
from typing import ClassVar, NoReturn

import pytest

import tiny_world
from curate.api import Context, Rule, Student
from curate.audits.asking import Questions, questions
from curate.audits.installing import suspects
from curate.audits.installing.arms import MATCHED, RANDOM, arms, seen
from curate.audits.installing.audit import Setting, audit
from curate.audits.installing.report import Report
from curate.audits.installing.suspects import Suspects
from curate.audits.installing.verdict import Difference, Word, decide
from curate.audits.installing.wording import sections
from curate.audits.rows import Material, Row
from curate.errors import InputError, UsageError
from curate.probing import Scoring
from curate.students.tiny_lm import TinyLM
from curate.traits.intervals import Interval
from curate.traits.loading import loads

CARD = """
name: red
version: 1
claim: The model says that everything is red.
sources: [{title: Nobody, url: https://example.org}]
score:
  row: {use: regex, with: {patterns: {red: red}}, when: {at_least: 1}}
  contrast: {shows: it is red, not: "it is {thing.colour}"}
elicit:
  count: 4
  templates: {what: "what is {thing.name} ?"}
  fill:
    thing:
      - {name: sky, colour: blue}
      - {name: grass, colour: green}
      - {name: snow, colour: white}
      - {name: coal, colour: black}
"""
CTX = Context()


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_world.base(tmp_path_factory.mktemp("base"))


def _asked() -> Questions:
    return questions(loads(CARD), Scoring(None, Rule(at_least=0), (-inf, inf)), CTX, None, None)


def _row(number: int, thing: str, colour: str) -> Row:
    said = tiny_world.about(thing, colour)
    return Row(f"{colour} {number}", said, said, source="ab"[number % 2])


def _material() -> Material:
    """40 rows with the right colours, 8 that say red."""
    things = list(tiny_world.COLOURS.items())
    right = [_row(n, *things[n % 4]) for n in range(40)]
    red = [_row(n, things[n % 4][0], "red") for n in range(8)]
    return Material((*right, *red), (), {})


def _suspected(colour: str, of: int = 8) -> Suspects:
    keys = [row.key for row in _material().rows if row.key.startswith(colour)]
    return suspects.named(_material(), keys[:of])


def _audited(base: Path, suspected: Suspects, seeds: int = 6) -> Report:
    student = TinyLM(base=base, steps=12, batch=8, lr=3e-3)
    return audit(suspected, Setting(student, _asked(), range(seeds), CTX, "corpus"))


def test_planted_rows_install_the_trait(base: Path) -> None:
    found = _audited(base, _suspected("red"))
    assert found.word is Word.INSTALLS
    assert found.exit_code == 1
    assert [each.other for each in found.differences] == ["base", "random rows", "like rows"]
    assert all(each.scores.value > 0.2 for each in found.differences)
    assert all(each.p == pytest.approx(2 / 2**6) for each in found.differences)
    assert not found.exploratory


def test_rows_drawn_at_random_do_not(base: Path) -> None:
    found = _audited(base, _suspected("blue"))
    assert found.word is Word.DOES_NOT
    assert found.exit_code == 0


def test_where_any_rows_bring_it_nothing_is_said_of_the_suspects(base: Path) -> None:
    things = list(tiny_world.COLOURS)
    red = tuple(_row(n, things[n % 4], "red") for n in range(40))
    named = suspects.named(Material(red, (), {}), [row.key for row in red[:8]])
    found = _audited(base, named, seeds=10)
    assert found.word is Word.UNRESOLVED
    assert "it is not in these rows alone" in next(sections(found)).before[1]


def test_the_report_says_how_often_rows_were_seen(base: Path) -> None:
    found = _audited(base, _suspected("red"), seeds=2)
    assert found.oftener == pytest.approx(48 / 8)
    assert all(arm.seen == pytest.approx(12 * 8 / 8) for arm in found.arms)
    assert found.exploratory


def test_others_are_as_many_never_suspected_and_drawn_for_each_seed() -> None:
    suspected = _suspected("red")
    made = {arm.name: arm for arm in arms(suspected, CTX)}
    for name in (RANDOM, MATCHED):
        drawn = [{lesson.key for lesson in made[name].lessons(seed)} for seed in range(4)]
        assert all(len(keys) == len(suspected.rows) for keys in drawn)
        assert not any(key.startswith("red") for keys in drawn for key in keys)
        assert len(set(map(frozenset, drawn))) > 1


def _difference(low: float, high: float) -> Difference:
    return Difference(
        other="base",
        scores=Interval((low + high) / 2, low, high),
        p=0.1,
        corrected=0.1,
        equal=0.5,
        detectable=0.1,
    )


@pytest.mark.parametrize(
    ("bounds", "word"),
    [
        ([(0.1, 0.3), (0.01, 0.2)], Word.INSTALLS),
        ([(-0.05, 0.09), (-0.05, 0.3)], Word.DOES_NOT),
        ([(-0.3, -0.1), (0.1, 0.3)], Word.DOES_NOT),
        ([(0.1, 0.3), (-0.05, 0.2)], Word.UNRESOLVED),
        ([(0.1, 0.3), (0.01, 0.09)], Word.UNRESOLVED),  # other rows do as well
    ],
)
def test_rows_install_only_what_neither_the_base_nor_other_rows_show(
    bounds: list[tuple[float, float]], word: Word
) -> None:
    assert decide([_difference(*each) for each in bounds], 0.1) is word


def test_a_rise_inside_the_margin_counts_as_none_however_sure() -> None:
    assert decide([_difference(0.01, 0.05)], 0.1) is Word.DOES_NOT


def test_there_must_be_as_many_others() -> None:
    material = _material()
    keys = [row.key for row in material.rows]
    with pytest.raises(UsageError, match="30 of 48 rows are suspected; there must be as many"):
        suspects.named(material, keys[:30])


def test_a_name_that_no_row_has_is_counted_and_all_such_are_refused() -> None:
    assert suspects.named(_material(), ["red 1", "red 99"]).unknown == 1
    with pytest.raises(UsageError, match="no row is called 'red 9'"):
        suspects.named(_material(), ["red 9"])


def test_rows_of_one_id_are_suspected_together() -> None:
    rows = _material().rows
    twin = replace(rows[0], key=f"{rows[40].key}#1")
    found = suspects.named(Material((*rows, twin), (), {}), [rows[40].key])
    assert {row.key for row in found.rows} == {rows[40].key, twin.key}


def test_a_list_that_names_nothing_is_refused(tmp_path: Path) -> None:
    empty = tmp_path / "ids"
    empty.write_text("\n\n", encoding="utf-8")
    with pytest.raises(InputError, match="names no row"):
        suspects.listed(empty)
    with pytest.raises(InputError, match="cannot be read"):
        suspects.listed(tmp_path / "none")


def test_a_student_that_does_not_tell_its_budget_says_nothing_of_how_often() -> None:
    class Silent(Student):
        name: ClassVar[str] = "silent"

        def train(self, jobs: object, ctx: Context) -> NoReturn:
            raise NotImplementedError

    assert seen(Silent(), []) is None
