"""Students that were trained before are remembered, and no other is taken for them."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from curate.answers.cache import FILE
from curate.api import Context, Filter, Lesson, Message
from curate.audits.asking import asking
from curate.audits.memory import FOLDER
from curate.audits.trial import Arm, Trial, train
from curate.errors import OutageError
from fake_audits import questions_of
from fake_students import CARD, Caps, Fake, rows

LESSONS = [Lesson(row.key, row.original) for row in rows(20, 2)]
FIRST = LESSONS[0].messages


def _with_first(*messages: Message) -> list[Lesson]:
    return [Lesson(LESSONS[0].key, messages), *LESSONS[1:]]


def _trained(
    student: Fake,
    ctx: Context,
    lessons: Sequence[Lesson] = LESSONS,
    *,
    seeds: Sequence[int] = (0, 1),
    card: str = CARD,
    scorer: Filter | None = None,
) -> Trial:
    with asking(questions_of(scorer, card=card), ctx) as asks:
        return train([Arm("all", "", lambda _: lessons)], seeds, student, asks, ctx)


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    """A context whose cache knows two students."""
    ctx = Context(cache=tmp_path / "cache")
    assert len(_filled(ctx).shown) == 2
    return ctx


def _filled(ctx: Context) -> Trial:
    return _trained(Fake(), ctx)


def test_who_is_known_is_not_trained_and_shows_the_same(ctx: Context) -> None:
    student = Fake()
    assert _trained(student, ctx) == _trained(Fake(), Context())
    assert student.trained == []


def test_more_seeds_train_only_those(ctx: Context) -> None:
    student = Fake()
    _trained(student, ctx, seeds=(0, 1, 2))
    assert [job.seed for job in student.trained] == [2]


@pytest.mark.parametrize(
    "lessons",
    [
        pytest.param(LESSONS[1:], id="a row less"),
        pytest.param([*LESSONS, LESSONS[0]], id="a row more"),
        pytest.param(LESSONS[::-1], id="another order"),
        pytest.param([Lesson("other", LESSONS[0].messages), *LESSONS[1:]], id="another key"),
        pytest.param(_with_first(*FIRST[:-1], Message("assistant", "no")), id="another answer"),
        pytest.param(_with_first(Message("system", "s"), *FIRST), id="another turn"),
    ],
)
def test_other_rows_are_other_students(ctx: Context, lessons: Sequence[Lesson]) -> None:
    student = Fake()
    _trained(student, ctx, lessons)
    assert len(student.trained) == 2


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"card": CARD.replace("version: 1", "version: 2")}, id="another card"),
        pytest.param({"card": CARD.replace("A topic", "Topic")}, id="other prompts"),
        pytest.param({"scorer": Caps()}, id="another scorer"),
    ],
)
def test_other_questions_are_asked_again(ctx: Context, more: dict[str, Filter]) -> None:
    student = Fake()
    _trained(student, ctx, **more)  # type: ignore[arg-type]
    assert len(student.trained) == 2


def test_other_options_and_draws_are_other_students(ctx: Context) -> None:
    for student in (Fake(leak=1.0), Fake(noise=0.2)):
        _trained(student, ctx)
        assert len(student.trained) == 2
    seeded = Fake()
    _trained(seeded, Context(seed=1, cache=ctx.cache))
    assert len(seeded.trained) == 2


def test_a_text_that_is_no_unicode_is_remembered_too(ctx: Context) -> None:
    odd = [Lesson("\ud800", (Message("user", "\udfff?"), Message("assistant", "old \ud800")))]
    student = Fake()
    assert _trained(student, ctx, odd) == _trained(student, ctx, odd)
    assert len(student.trained) == 2


def test_whoever_was_asked_before_an_outage_is_kept(tmp_path: Path) -> None:
    ctx = Context(cache=tmp_path)
    with pytest.raises(OutageError):
        _trained(Fake(dies=3), ctx, seeds=range(8))
    back = Fake()
    assert _trained(back, ctx, seeds=range(8)) == _trained(Fake(), Context(), seeds=range(8))
    assert [job.seed for job in back.trained] == [3, 4, 5, 6, 7]


def test_no_text_is_kept(ctx: Context) -> None:
    assert ctx.cache is not None
    for path in (ctx.cache / FOLDER).iterdir():
        assert b"TRAIT" not in path.read_bytes()
    assert (ctx.cache / FOLDER / FILE).is_file()


def test_without_a_cache_nothing_is_remembered() -> None:
    student = Fake()
    _trained(student, Context())
    _trained(student, Context())
    assert len(student.trained) == 4
