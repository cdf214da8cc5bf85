"""Audits in a report: every kind is known again, told with its limits, and nothing else passes."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

from curate.audits.locating.report import Bounds as Gap
from curate.audits.locating.report import Report as Locating
from curate.audits.subliminal.report import Comparison, Found, Student, Word
from curate.audits.subliminal.report import Report as Subliminal
from curate.audits.transfer.report import Arm, Bounds, Control, Effect, Report, Verdict
from curate.audits.verdict import Word as TransferWord
from curate.errors import InputError
from curate.report.audits import read, tell
from curate.report.card import card
from curate.report.gathering import gather
from curate.report.markdown import markdown
from curate.report.page.document import document
from fake_runs import make_run, row
from parsed_pages import check

HOSTILE = "</desc><script>document.title='owned'</script>\u202e"


def transfer(**changes: Any) -> Report:
    """A small report of an audit of transfer."""
    place = Bounds(0.95, 0.9, 0.99)
    verdict = Verdict(
        arm="as run", word=TransferWord.LEAKS, because="0.95 of the way", words=("leaks",),
        place=place, scores=place, p=0.01, corrected=0.02, detectable=0.1, hypothesis=None,
        exploratory=False, exit_code=1,
    )  # fmt: skip
    arms = [
        Arm(name=name, told=HOSTILE, rows=10, residual=0.5, score=0.5, place=place, fates={})
        for name in ("untouched", "as run", HOSTILE)
    ]
    return Report(
        curate="0", run="r", steps=("secrets",), rows=10, hits=2, left_out={}, lacking={},
        card="mood", card_version=1, prompts=9, templates=3, score="a probability",
        student={"use": "ngram", "version": "1", "with": {}}, files={}, seeds=(0, 1, 2),
        zero="clean", margin=0.15, leaks=0.5, family=("as run",), arms=tuple(arms),
        not_trained={}, verdicts=(verdict,), not_tested={"drop": "not asked for"},
        controls=(Control(name="null", state="passed", words="the same"),),
        effects=(Effect(name="efficacy", place=None, scores=place, p=0.5, detectable=0.1),),
    ).model_copy(update=changes)  # fmt: skip


def subliminal() -> Subliminal:
    found = Found(value=0.5, low=0.4, high=0.6)
    one = Comparison(one="a", other="b", difference=found, position=None, p=0.01)
    student = Student(name="a", told="same start", accuracy=found, by_seed=(0.5,))
    return Subliminal(
        curate="0", seed=0, seeds=1, recipe={"steps": 1}, alpha=0.01, most_left=0.5,
        students=(student,), transfer=one, beyond=(one,), left=(one,), verdict=Word.VISIBLE,
        because="it is seen",
    )  # fmt: skip


def locating() -> Locating:
    return Locating(
        curate="0", seed=0, card="mood", prompts=9,
        student={"use": "ngram", "version": "1", "with": {}},
        margin=0.15, rows=10, switchable=9, hits=2, lacking={}, searched=3, judged=3,
        gap=Gap(value=0.1, low=-0.1, high=0.3), students=12, budget=20, why="the gap may be 0",
    )  # fmt: skip


def saved(folder: Path, report: Any) -> Path:
    path = folder / "audit.json"
    path.write_text(report.model_dump_json(), "utf-8")
    return path


def test_an_audit_is_told_with_its_verdict_and_its_limits(tmp_path: Path) -> None:
    told = tell(read(saved(tmp_path, transfer())))
    assert told.headline == "mood after secrets: leaks (exit 1)"
    assert any("small stand-ins" in each for each in told.limits)
    assert told.drawing.startswith("<svg")


def test_a_self_check_is_told_too(tmp_path: Path) -> None:
    told = tell(read(saved(tmp_path, subliminal())))
    assert told.headline.startswith("Transfer through outputs")
    assert "does not say that a corpus" in told.limits[0]


def test_a_search_that_found_nothing_is_told_too(tmp_path: Path) -> None:
    told = tell(read(saved(tmp_path, locating())))
    assert told.headline == "not located: the gap may be 0 (exit 4)"


def test_an_interval_with_an_open_end_is_read(tmp_path: Path) -> None:
    verdict = transfer().verdicts[0].model_copy(update={"scores": Bounds(0.1, -math.inf, math.inf)})
    path = saved(tmp_path, transfer(verdicts=(verdict,)))
    assert json.loads(path.read_text())["verdicts"][0]["scores"] == [0.1, None, None]
    assert tell(read(path)).headline


def test_the_page_the_summary_and_the_card_say_it(tmp_path: Path) -> None:
    run = make_run(tmp_path, [row("a")])
    audits = [read(saved(tmp_path, transfer())), read(saved(tmp_path, subliminal()))]
    report = gather(run, audits)
    page = check(document(report))
    assert "mood after secrets: leaks (exit 1)" in page.text
    assert "small stand-ins" in page.text
    assert "</desc><script>document.title='owned'</script>\\u202e" in page.text
    for text in (markdown(report), card(report)):
        assert "> mood after secrets: leaks (exit 1)" in text
        assert "- students are small stand-ins" in text
        assert "<script>" not in text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("no json", "not JSON"),
        ("[1]", "not the report of an audit"),
        ("{}", "not the report of an audit"),
        ('{"verdicts": 1, "controls": 1, "effects": 1}', "not a report of `audit transfer`"),
    ],
)
def test_what_is_no_audit_is_said(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match=told):
        read(path)


def test_an_audit_without_a_verdict_is_no_whole_report(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a whole report"):
        read(saved(tmp_path, transfer(verdicts=())))


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        read(tmp_path / "none.json")
