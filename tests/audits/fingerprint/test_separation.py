"""What single responses and bags tell."""

import numpy as np

import audit_corpora as planted
from curate.audits.fingerprint import separation
from curate.audits.fingerprint.material import choose
from curate.audits.fingerprint.probes import answers
from curate.audits.fingerprint.separation import Separation, _cut


def separate(rows: list[planted.Sample], splits: int = 5, seed: int = 0) -> Separation:
    material = choose(rows, 1000, seed)
    drawn = separation.splits(material, splits, seed)
    jobs = {split.name: separation.job(material, split) for split in drawn}
    found = answers(jobs, seed, 1, lambda _done, _of: None, planted.fit)
    return separation.read(material, drawn, list(found.values()), seed)


def test_a_planted_habit_is_found() -> None:
    found = separate(planted.samples(120, habit=0.8))
    assert 0.75 < found.accuracy.value < 0.95  # a fifth of the rows can only be guessed
    assert found.accuracy.low > found.chance == 0.333333
    assert found.accuracy.value == np.mean(found.splits).round(6)
    five, ten = (bag.accuracy for bag in found.bags)
    assert five is not None
    assert ten is not None
    assert found.accuracy.value < five.value <= ten.value


def test_where_there_is_nothing_to_find_nothing_is_found() -> None:
    holds = 0
    for seed in range(10):
        found = separate(planted.shuffled(planted.samples(80, seed=seed), seed), 3, seed)
        holds += found.accuracy.low <= 1 / 3 <= found.accuracy.high
    assert holds >= 9


def test_recall_and_confusion_agree() -> None:
    found = separate(planted.samples(60))
    for teacher, named in found.confusion.items():
        recall = found.recall[teacher]
        assert recall is not None
        assert abs(recall.value - named[teacher] / sum(named.values())) < 0.02
    assert sum(sum(named.values()) for named in found.confusion.values()) == 5 * 18 * 3


def test_no_response_is_in_two_bags() -> None:
    material = choose(planted.samples(60), 1000, 0)
    (split,) = separation.splits(material, 1, 0)
    bags = list(_cut(material, split, 5, 0))
    places = [place for _, bag in bags for place in bag.tolist()]
    assert len(bags) == 3 * (18 // 5)
    assert len(set(places)) == len(places)
    for teacher, bag in bags:
        assert set(material.truth[split.held[bag]]) == {teacher}


def test_a_bag_that_no_teacher_can_fill_has_no_accuracy() -> None:
    found = separate(planted.samples(30))  # nine held rows of each teacher
    assert found.bags[0].accuracy is not None
    assert found.bags[1].accuracy is None
