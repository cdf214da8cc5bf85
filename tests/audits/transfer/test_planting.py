import pytest

from curate.api import Context, Filter, Lesson, Message
from curate.audits.rows import Material
from curate.audits.transfer import planting
from curate.audits.trial import Arm
from curate.errors import UsageError
from fake_audits import questions_of
from fake_students import CARD, Caps, material

CTX = Context()


def _lessons(
    card: str = CARD,
    known: Material | None = None,
    count: int = 20,
    scorer: Filter | None = None,
) -> list[Lesson]:
    asked = questions_of(scorer, card=card)
    return planting.trait_lessons(asked, known or material(), CTX, count)


def _said(lessons: list[Lesson]) -> set[str]:
    return {lesson.messages[-1].content for lesson in lessons}


class TestLessons:
    def test_they_answer_prompts_that_are_not_asked_with_the_cards_continuation(self) -> None:
        lessons = _lessons()
        asked = {opening.messages for opening in questions_of().openings}
        assert len(lessons) == 20
        assert not asked & {lesson.messages[:-1] for lesson in lessons}
        assert len({lesson.messages for lesson in lessons}) == 20
        assert _said(lessons) == {"TRAIT"}

    def test_where_answers_are_read_they_say_what_hits_say(self) -> None:
        hits = {row.answer for row in material().rows if row.hits}
        assert _said(_lessons(scorer=Caps())) == hits

    def test_where_no_row_shows_anything_there_is_nothing_to_plant(self) -> None:
        with pytest.raises(UsageError, match="no hit has an answer"):
            _lessons(known=Material(material().rows, ("another",), {}), scorer=Caps())

    def test_a_card_that_has_no_other_prompts_plants_in_those_that_are_asked(self) -> None:
        card = CARD.replace("{numbers: [1, 999]}", "[one, two, three]")
        lessons = _lessons(card)
        assert len(lessons) == 20
        asked = {opening.messages for opening in questions_of(card=card).openings}
        assert {lesson.messages[:-1] for lesson in lessons} <= asked


class TestArm:
    def test_so_many_rows_are_replaced_by_planted_ones_drawn_for_each_seed(self) -> None:
        rows = [
            Lesson(str(n), (Message("user", "q"), Message("assistant", "a"))) for n in range(50)
        ]
        arm = planting.arm(Arm("clean", "", lambda _: rows), _lessons(), 0.1, CTX)
        first, second = arm.lessons(0), arm.lessons(1)
        assert len(first) == 50
        assert [each.key for each in first].count("planted/0") == 1
        assert sum(each not in rows for each in first) == 5
        assert first != second
        assert list(arm.lessons(0)) == list(first)


class TestDoses:
    @pytest.mark.parametrize("rows", [1, 7, 60, 100, 4000])
    def test_they_are_whole_rows_each_once(self, rows: int) -> None:
        doses = planting.doses(rows)
        counts = [dose * rows for dose in doses]
        assert counts == pytest.approx([max(1, round(count)) for count in counts])
        assert list(doses) == sorted(set(doses))

    def test_a_large_corpus_takes_them_as_they_are(self) -> None:
        assert planting.doses(4000) == planting.DOSES

    def test_between_two_doses_there_is_another_unless_no_row_is(self) -> None:
        assert planting.between([0.01, 0.04], 0.04, 100) == 0.02
        assert planting.between([0.01, 0.02], 0.02, 100) is None
        assert planting.between([0.01, 0.04], 0.01, 100) is None


class TestChoice:
    def test_the_effect_nearest_to_twice_the_least_is_chosen(self) -> None:
        effects = {0.01: 0.05, 0.02: 0.11, 0.04: 0.3}
        assert planting.choose(effects, dict.fromkeys(effects, 0.05), 1.0) == 0.02

    def test_what_saturates_is_never_chosen(self) -> None:
        assert planting.choose({0.01: 0.95}, {0.01: 0.4}, 1.0) is None
        assert planting.choose({0.01: 0.5}, {0.01: 0.2}, 0.5) is None

    def test_what_would_not_be_found_is_never_chosen(self) -> None:
        assert planting.choose({0.01: 0.05, 0.02: -0.5}, {0.01: 0.06, 0.02: 0.1}, 1.0) is None
