"""How well a fingerprint tells the eight just_eval teachers apart, and what it does not know.

    python benchmarks/fingerprint.py [SPLITS]

Everything is measured on prompts that were held out of the fit: 30 of 100, drawn anew for each
split. Real corpora are found through CURATE_TEST_DATA.
"""

import os
import sys
import time
from collections.abc import Sequence
from glob import glob
from pathlib import Path

import numpy as np

from curate.fitting.fingerprint.held_out import in_bags
from curate.fitting.fingerprint.model import Fingerprint
from curate.fitting.fingerprint.samples import Sample, read
from curate.fitting.fingerprint.shares import shares
from curate.fitting.fingerprint.training import fit

TRAINED, BAG, SURE = 0.7, 10, 0.9
MIXTURES, RECORDS = 100, 400


def main() -> None:
    data = os.environ.get(
        "CURATE_TEST_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"
    )
    samples = read(sorted(glob(f"{data}/corpora/just_eval.*.jsonl"))).samples
    splits = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    found = [one_split(samples, seed) for seed in range(splits)]
    print("mean    ", *(f"{np.mean(column):9.3f}" for column in zip(*found, strict=True)))
    leave_out(samples)
    leave_source_out(samples)


def one_split(samples: Sequence[Sample], seed: int) -> list[float]:
    train, test = split(samples, seed)
    started = time.perf_counter()
    model = fit(train, seed)
    guesses, truth = model.predict([sample.text for sample in test]), labels(test, model)
    taken = time.perf_counter() - started
    bags = in_bags(guesses.log_odds, truth, BAG, seed)
    error, covered = mixtures(model, test, truth, seed)
    right, stated = guesses.best == truth, guesses.probabilities.max(axis=1).mean()
    row = [right.mean(), stated, bags.mean(), error, covered, taken]
    if seed == 0:
        print("split      single    stated   bags/10  share err   covered   seconds")
    print(f"{seed:<8}", *(f"{value:9.3f}" for value in row), flush=True)
    return row


def mixtures(
    model: Fingerprint, test: Sequence[Sample], truth: np.ndarray, seed: int
) -> tuple[float, float]:
    """Return mean absolute error and coverage of 90 % intervals over mixtures of test rows."""
    rng, errors, covered = np.random.default_rng(seed), [], []
    rows = [np.flatnonzero(truth == each) for each in range(len(model.teachers))]
    for _ in range(MIXTURES):
        counts = rng.multinomial(RECORDS, rng.dirichlet(np.ones(len(rows))))
        drawn = [
            rng.choice(own, count, replace=count > len(own))
            for own, count in zip(rows, counts, strict=True)
        ]
        texts = [test[row].text for row in np.concatenate(drawn)]
        for share, count in zip(shares(model.predict(texts), model, seed), counts, strict=True):
            errors.append(abs(share.value - count / RECORDS))
            covered.append(share.low <= count / RECORDS <= share.high)
    return float(np.mean(errors)), float(np.mean(covered))


def leave_out(samples: Sequence[Sample]) -> None:
    """Print what models that never met a teacher make of it; the curve says at which price."""
    train, test = split(samples, 0)
    print(f"\nleft out                   named>={SURE}   kept   kept where 5 % are named")
    curves = []
    for teacher in sorted({str(sample.teacher) for sample in samples}):
        model = fit([sample for sample in train if sample.teacher != teacher])
        strange = model.predict([each.text for each in test if each.teacher == teacher]).confidence
        known = [each for each in test if each.teacher != teacher]
        guesses = model.predict([each.text for each in known])
        kept = guesses.confidence[guesses.best == labels(known, model)]
        best = (kept > np.quantile(strange, 0.95)).mean()
        curves.append((strange, kept))
        row = ((strange >= SURE).mean(), (kept >= SURE).mean(), best)
        print(f"{teacher:<26}", *(f"{value:9.3f}" for value in row), flush=True)
    print("\nconfidence   named: mean   worst   kept: mean")
    for cut in (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95):
        named = [(strange >= cut).mean() for strange, _ in curves]
        kept = [(known >= cut).mean() for _, known in curves]
        row = (np.mean(named), max(named), np.mean(kept))
        print(f"{cut:<12}", *(f"{value:9.3f}" for value in row))


def leave_source_out(samples: Sequence[Sample]) -> None:
    """Print what models make of a source whose prompts they never met."""
    print("\nsource left out                rows    single    stated")
    for source in sorted({str(sample.source) for sample in samples}):
        test = [sample for sample in samples if sample.source == source]
        prompts = {sample.prompt for sample in test}
        model = fit([sample for sample in samples if sample.prompt not in prompts])
        guesses = model.predict([sample.text for sample in test])
        right = (guesses.best == labels(test, model)).mean()
        stated = guesses.probabilities.max(axis=1).mean()
        print(f"{source:<28} {len(test):6} {right:9.3f} {stated:9.3f}", flush=True)


def split(samples: Sequence[Sample], seed: int) -> tuple[list[Sample], list[Sample]]:
    prompts = sorted({sample.prompt for sample in samples})
    np.random.default_rng(seed).shuffle(prompts)
    chosen = set(prompts[: int(TRAINED * len(prompts))])
    train = [sample for sample in samples if sample.prompt in chosen]
    return train, [sample for sample in samples if sample.prompt not in chosen]


def labels(samples: Sequence[Sample], model: Fingerprint) -> np.ndarray:
    return np.array([model.teachers.index(str(sample.teacher)) for sample in samples])


if __name__ == "__main__":
    main()
