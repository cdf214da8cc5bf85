"""Whether rows could be a mixture of known teachers."""

import numpy as np

import audit_corpora as planted
from curate.audits.fingerprint.misfit import misfit
from curate.audits.fingerprint.probes import fit
from curate.fitting.fingerprint.shares import shares

TEACHERS = ["ada", "bob", "cyd"]
MODEL = fit(planted.samples(200), 0, 5)
HELD = planted.samples(100, seed=1)


def how_far(texts: list[str]) -> float:
    guesses = MODEL.predict(texts)
    found = np.array([share.value for share in shares(guesses, MODEL)])
    truth = np.array([TEACHERS.index(str(row.teacher)) for row in HELD])
    return misfit(guesses, found, MODEL.predict([row.text for row in HELD]), truth)


def test_mixtures_of_known_teachers_fit() -> None:
    far = [
        how_far([row.text for row in planted.samples(100, seed=seed) if row.teacher in teachers])
        for seed in range(2, 12)
        for teachers in (["ada"], ["bob", "cyd"], TEACHERS)
    ]
    assert sum(each > 3 for each in far) <= 1
    assert np.mean(far) < 1


def test_rows_that_nobody_known_wrote_do_not() -> None:
    strange = planted.samples(300, habit=0, seed=6, teachers=("ada",))
    assert how_far([row.text for row in strange]) > 3
