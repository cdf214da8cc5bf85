"""The report of an audit in words: the verdict first, nothing that a terminal would obey."""

from dataclasses import replace

import pytest

from curate.audits.rows import Material
from curate.audits.transfer.report import Bounds, Report
from curate.audits.transfer.wording import headline, place, sections
from curate.cli.sections import lines
from fake_audits import LEAKS, RETURNS, SEPARABLE, audited
from fake_students import Fake, material

AGAIN = ["untouched again"]
EVIL = "\x1b[2Jevil\u202e\nshouting after step: removed (exit 0)"


@pytest.fixture(scope="module")
def leaks() -> Report:
    return audited(LEAKS)


def _text(report: Report) -> str:
    return "\n".join(lines(sections(report)))


def test_the_verdict_comes_first(leaks: Report) -> None:
    assert headline(leaks) == "shouting after step: leaks (exit 1)"
    assert _text(leaks).splitlines()[0] == headline(leaks)


def test_few_seeds_are_called_exploratory_in_the_first_words() -> None:
    told = _text(audited(LEAKS, seeds=range(4), only=AGAIN))
    assert told.startswith("exploratory: shouting after step: ")
    assert "not testable" in told


def test_every_arm_verdict_control_and_comparison_is_told(leaks: Report) -> None:
    told = _text(leaks)
    for arm in leaks.arms:
        assert arm.name in told
        assert arm.told in told
    for verdict in leaks.verdicts:
        assert verdict.because in told
    for control in leaks.controls:
        assert control.words in told
    for name, why in {**leaks.not_tested, **leaks.not_trained}.items():
        assert name in told
        assert why in told


def test_rows_that_were_left_out_are_told(leaks: Report) -> None:
    report = leaks.model_copy(update={"left_out": {"uses_tools": 1234}, "lacking": {"no_pair": 7}})
    assert "uses_tools 1,234" in _text(report)
    assert "no_pair 7" in _text(report)
    assert "no student can learn" not in _text(leaks)


def test_a_scale_without_a_length_has_no_places() -> None:
    told = _text(audited(SEPARABLE, material(answer="words"), only=AGAIN))
    assert "absent" in told.splitlines()[0]
    assert place(None) == "-"
    assert place(Bounds(0.5, 0.25, 0.75)) == "0.50 [0.25, 0.75]"


def test_a_trait_that_everybody_shows_is_not_said_to_be_gone() -> None:
    loud = Fake(base=1.0, trait=20.0)
    everybody = audited(loud, material(answer="words"), only=AGAIN)
    assert everybody.verdict.word == "absent"
    assert "every student shows the trait" in _text(everybody)
    assert "every student" not in _text(audited(SEPARABLE, material(answer="words"), only=AGAIN))


def test_what_stands_on_the_base_alone_is_said_to() -> None:
    bare = Material(tuple(replace(row, clean=None) for row in material().rows), ("step",), {})
    assert "there are no clean rollouts" in _text(audited(RETURNS, bare, only=AGAIN))


def test_a_return_to_the_prior_is_explained(leaks: Report) -> None:
    assert "hypothesis 4a" in _text(audited(RETURNS, only=AGAIN))
    assert "hypothesis 4a" not in _text(leaks)


def test_hostile_names_are_shown_and_not_obeyed(leaks: Report) -> None:
    arm = leaks.arms[0].model_copy(update={"name": EVIL, "told": EVIL})
    report = leaks.model_copy(
        update={
            "card": EVIL,
            "steps": (EVIL,),
            "run": EVIL,
            "arms": (*leaks.arms, arm),
            "left_out": {EVIL: 1},
            "lacking": {EVIL: 1},
            "not_trained": {EVIL: EVIL},
            "not_tested": {EVIL: EVIL},
            "verdicts": tuple(
                each.model_copy(update={"arm": EVIL, "because": EVIL}) for each in leaks.verdicts
            ),
            "controls": tuple(each.model_copy(update={"words": EVIL}) for each in leaks.controls),
        }
    )
    told = _text(report)
    assert "\x1b" not in told
    assert "\u202e" not in told
    assert "shouting after step: removed (exit 0)" not in told.splitlines()
