"""From samples to a report."""

import pytest

import audit_corpora as planted
from curate.audits.fingerprint.audit import UNLABELLED, Settings, audit
from curate.audits.fingerprint.report import Report
from curate.fitting.fingerprint.samples import Sample


def report(rows: list[Sample], **settings: object) -> Report:
    return audit(planted.corpus(rows), Settings(**settings), fit=planted.fit)  # type: ignore[arg-type]


def codes(found: Report) -> list[str]:
    return [caution.code for caution in found.cautions]


@pytest.fixture(scope="module")
def whole() -> Report:
    return report(planted.samples(120, sources=("a", "b", "c")))


def test_every_part_is_there(whole: Report) -> None:
    assert whole.accuracy is not None
    assert whole.accuracy > 0.75
    assert whole.accuracy_interval is not None
    assert whole.accuracy_interval.low < whole.accuracy < whole.accuracy_interval.high
    assert len(whole.accuracy_splits) == 5
    assert [bag.size for bag in whole.bags] == [5, 10]
    assert [arm.name for arm in whole.robustness] == [
        "markdown_stripped",
        "words_shuffled",
        "first_sentence",
    ]
    assert [arm.name for arm in whole.carriers] == ["opening", "words", "marks", "length"]
    assert whole.strangers is not None
    assert {each.source for each in whole.sources} == {"a", "b", "c"}
    assert {each.sign for each in whole.telltales} == set(planted.HABITS.values())
    assert codes(whole) == []


def test_arms_say_what_carries_it(whole: Report) -> None:
    alone = {arm.name: arm.accuracy for arm in whole.carriers}
    assert alone["words"].value > 0.75
    assert all(alone[name].low < 0.45 for name in ("opening", "marks", "length"))
    shuffled = next(arm for arm in whole.robustness if arm.name == "words_shuffled")
    assert abs(shuffled.change.value) < 0.05  # the planted words stand anywhere
    assert shuffled.transfer is not None


def test_a_stranger_is_left_out_of_training(whole: Report) -> None:
    assert whole.strangers is not None
    assert [each.teacher for each in whole.strangers.teachers] == ["ada", "bob", "cyd"]
    for each in whole.strangers.teachers:
        assert each.teacher not in each.named_as
        assert each.known_named is not None
        assert each.known_named.value > 0.5


def test_a_source_unlike_the_others_is_a_shift() -> None:
    def elsewhere(row: Sample) -> Sample:  # there everybody has another's word
        turned = {"certainly": "indeed", "indeed": "alas", "alas": "certainly"}
        if row.source != "far":
            return row
        words = [turned.get(word, word) for word in row.text.lower().split()]
        return row._replace(text=" ".join(words))

    rows = list(map(elsewhere, planted.samples(160, sources=("near", "here", "near", "far"))))
    found = report(rows)
    far = next(each for each in found.sources if each.source == "far")
    assert far.shifted
    assert far.accuracy.value < 0.3
    assert "shift" in codes(found)


def test_rows_without_a_teacher_are_a_mixture() -> None:
    rows = planted.samples(100)
    unnamed = [row._replace(teacher=None, prompt=f"other {row.prompt}") for row in rows[:90]]
    quick = Settings(splits=2, arms=False, strangers=False, sources=False)
    found = audit(planted.corpus([*rows, *unnamed]), quick)
    (mixture,) = found.mixtures
    assert mixture.name == UNLABELLED
    assert (mixture.rows, mixture.judged) == (90, 90)
    assert sum(each.value for each in mixture.shares.values()) == pytest.approx(1, abs=1e-5)
    for share in mixture.shares.values():
        assert share.low <= share.value <= share.high
        assert share.value == pytest.approx(1 / 3, abs=0.15)


@pytest.fixture(scope="module")
def unmixed() -> Report:
    return audit(planted.corpus(planted.samples(60)), Settings(splits=1, strangers=False))


@pytest.mark.parametrize("name", ["held", "rows before", "words_shuffled", "split 0"])
def test_a_mixture_may_have_any_name(name: str, unmixed: Report) -> None:
    rows = planted.samples(60)
    fresh = [row._replace(prompt=f"other {row.prompt}") for row in rows]
    found = audit(planted.corpus(rows), Settings(splits=1, strangers=False), {name: fresh})
    assert [mixture.name for mixture in found.mixtures] == [name]
    assert found.accuracy == unmixed.accuracy


def test_a_mixture_of_few_rows_is_not_shared_out() -> None:
    rows = planted.samples(60)
    found = audit(planted.corpus(rows), Settings(splits=1, arms=False), {"few": rows[:20]})
    assert not found.mixtures
    assert "few_unseen" in codes(found)


def test_rows_that_nobody_known_wrote_are_unlike() -> None:
    rows = planted.samples(200)
    strange = planted.samples(300, habit=0, seed=6, teachers=("ada",))
    mixed = {"strange": [row._replace(prompt=f"other {row.prompt}") for row in strange]}
    quick = Settings(splits=3, arms=False, strangers=False, sources=False)
    found = audit(planted.corpus(rows), quick, mixed)
    assert found.mixtures[0].unlike
    assert "unlike" in codes(found)


def own_prompts(rows: list[Sample]) -> list[Sample]:
    return [row._replace(prompt=f"{row.teacher} {row.prompt}") for row in rows]


def own_sources(rows: list[Sample]) -> list[Sample]:
    return [row._replace(source=row.teacher) for row in own_prompts(rows)]


def half_alike(rows: list[Sample]) -> list[Sample]:
    return [row._replace(text=f"I cannot, {n}.") if n % 2 else row for n, row in enumerate(rows)]


ONE, TWO = ("ada",), ("ada", "bob")


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (planted.samples(60, teachers=ONE), "one_teacher"),
        ([], "one_teacher"),
        (planted.samples(60, teachers=TWO) + planted.samples(20, teachers=("cyd",)), "few_rows"),
        (planted.samples(60, teachers=TWO), "few_known"),
        (planted.shuffled(planted.samples(100)), "chance"),
        (own_prompts(planted.samples(60)), "own_prompts"),
        (own_sources(planted.samples(60)), "own_sources"),
        (half_alike(planted.samples(60)), "same_texts"),
        (planted.samples(60), "one_source"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_says_when_it_cannot_say(rows: list[Sample], code: str) -> None:
    assert code in codes(report(rows, splits=2, arms=False))


def test_sources_with_their_own_teachers_are_not_a_confound_where_prompts_are_shared() -> None:
    rows = [row._replace(source=row.teacher) for row in planted.samples(60)]
    assert not {"own_prompts", "own_sources"} & set(codes(report(rows, splits=1, arms=False)))


def test_one_teacher_gives_a_report_without_numbers() -> None:
    found = report(planted.samples(60, teachers=("ada",)))
    assert found.accuracy is None
    assert found.confusion == {}
    assert found.corpora.teachers == {"ada": 60}


def test_the_same_seed_gives_the_same_report_with_any_number_of_workers() -> None:
    rows = planted.samples(60, sources=("a", "b"))
    alone = report(rows, splits=2)
    assert alone == report(rows[::-1], splits=2)
    assert alone == report(rows, splits=2, workers=2)
    assert alone != report(rows, splits=2, seed=1)
