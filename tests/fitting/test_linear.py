"""Fitting: on planted labels, on none, and on real ones."""

import csv
import json
from contextlib import suppress
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from curate.errors import InputError
from curate.fitting import labels, linear, report
from curate.fitting.labels import Labelled
from curate.fitting.linear import Settings
from curate.fitting.scoring import Scorer
from planted_labels import fitted, texts, write

NEGATIVE = {
    "anger", "annoyance", "disappointment", "disapproval", "disgust", "embarrassment", "fear",
    "grief", "nervousness", "remorse", "sadness",
}  # fmt: skip
HOSTILE = {"anger", "annoyance", "disgust"}


def planted(folder: Path, count: int, **options: float) -> Labelled:
    return labels.read([str(write(folder / "rows.jsonl", texts(count, **options)))])


def test_finds_what_was_planted_and_measures_it_right(tmp_path: Path) -> None:
    made = linear.fit(planted(tmp_path, 400, noise=0.1), Settings())
    fresh = texts(4000, seed=1, noise=0.1)
    scored = Scorer(made).score([str(row["text"]) for row in fresh])
    hits = [each.score >= made.facts.threshold for each in scored]
    labelled = [row["label"] == 1 for row in fresh]
    right = sum(hit and label for hit, label in zip(hits, labelled, strict=True))
    held = made.facts.held_out
    assert held.f1 is not None
    assert held.f1.low <= 2 * right / (sum(hits) + sum(labelled)) <= held.f1.high
    assert 0.8 < held.f1.value < 0.9
    assert held.calibration_error < 0.15


def test_equal_labels_and_seed_give_equal_bytes(tmp_path: Path) -> None:
    for name in ("a.safetensors", "b.safetensors"):
        fitted(tmp_path, seed=3).save(tmp_path / name)
    assert (tmp_path / "a.safetensors").read_bytes() == (tmp_path / "b.safetensors").read_bytes()
    assert fitted(tmp_path, seed=4).facts.held_out != fitted(tmp_path, seed=3).facts.held_out


def test_labels_at_random_are_refused_or_measured_as_worthless(tmp_path: Path) -> None:
    """The test of the measuring itself: no claim may come from texts a model has seen."""
    areas = []
    for seed in range(8):
        with suppress(InputError):
            made = linear.fit(planted(tmp_path, 150, seed=seed, noise=0.5), Settings())
            areas.append(made.facts.held_out.auc)
    assert len(areas) < 8  # the rest were refused
    assert all(area is not None and area.low < 0.6 for area in areas)


def test_labels_that_nothing_tells_apart_are_refused(tmp_path: Path) -> None:
    rows = [{"text": f"{'x' * n}{'y' * (99 - n)}", "label": n % 2} for n in range(100)]
    with pytest.raises(InputError, match="nothing in these texts tells the labels apart"):
        linear.fit(labels.read([str(write(tmp_path / "rows.jsonl", rows))]), Settings())


def test_a_text_is_never_held_out_from_its_copy(tmp_path: Path) -> None:
    """Thirty texts, each with fifty copies in other case, labelled at random: leaks would show."""
    rng = np.random.default_rng(0)
    rows: list[dict[str, object]] = []
    for text in texts(60):
        label = int(rng.random() < 0.5)
        for copy in range(20):
            more = f"{text['text']} #{copy}"
            rows.append({"text": more, "label": label, "from": text["text"]})
    path = str(write(tmp_path / "rows.jsonl", rows))

    def area(group: str | None) -> float:
        try:
            made = linear.fit(labels.read([path], group=group), Settings(group=group))
        except InputError:
            return 0.5
        assert made.facts.held_out.auc is not None
        return made.facts.held_out.auc.value

    assert area(None) > 0.95
    assert area("from") < 0.7


@pytest.mark.parametrize(
    ("count", "told"),
    [(24, "8 different texts are labelled positive; 10 of each"), (3, "1 different texts")],
)
def test_too_few_labels_are_refused(tmp_path: Path, count: int, told: str) -> None:
    with pytest.raises(InputError, match=told):
        linear.fit(planted(tmp_path, count), Settings())


def test_thirty_labels_are_enough_to_be_measured(tmp_path: Path) -> None:
    held = linear.fit(planted(tmp_path, 36), Settings()).facts.held_out
    assert held.f1 is not None
    assert held.f1.high - held.f1.low > 0.15  # and the interval says how little is known


def test_texts_that_were_fitted_on_are_left_out_of_also(tmp_path: Path) -> None:
    rows = planted(tmp_path, 90)
    other = write(tmp_path / "other.jsonl", texts(90)[:30] + texts(60, seed=5))
    made = linear.also(linear.fit(rows, Settings()), rows, labels.read([str(other)]))
    (reached,) = made.facts.also
    assert reached.known == 30
    assert reached.figures.texts == 60
    with pytest.raises(InputError, match="was fitted on every text"):
        linear.also(made, rows, rows)


def test_long_texts_are_fitted_and_scored_in_windows(tmp_path: Path) -> None:
    rows = [
        {"text": " ".join(str(r["text"]) for r in texts(6, seed=n)[n % 2 :: 3]), "label": 1 - n % 2}
        for n in range(200)
    ]
    path = write(tmp_path / "rows.jsonl", rows)
    made = linear.fit(labels.read([str(path)]), Settings(window=60))
    assert made.facts.window == 60
    assert made.facts.held_out.auc is not None
    assert made.facts.held_out.auc.value > 0.9


def goemotions(data_dir: Path, split: str, folder: Path, wanted: set[str]) -> Labelled:
    names = (data_dir / "goemotions" / "labels.txt").read_text().split()
    rows = []
    for line in (data_dir / "goemotions" / f"{split}.tsv").read_text("utf-8").splitlines():
        text, emotions, _ = line.split("\t")
        found = {names[int(number)] for number in emotions.split(",")}
        rows.append({"text": text, "label": int(bool(found & wanted))})
    return labels.read([str(write(folder / f"{split}.jsonl", rows))])


@pytest.mark.slow
def test_reaches_the_target_on_goemotions(data_dir: Path, tmp_path: Path) -> None:
    """Negative emotion against the rest, train split to dev split."""
    train = goemotions(data_dir, "train", tmp_path, NEGATIVE)
    dev = goemotions(data_dir, "dev", tmp_path, NEGATIVE)
    made = linear.also(linear.fit(train, Settings()), train, dev)
    reached = made.facts.also[0].figures
    assert reached.f1 is not None
    assert reached.auc is not None
    assert reached.f1.value >= 0.63  # asked for: 0.58
    assert reached.auc.value >= 0.855  # asked for: 0.83
    held = made.facts.held_out
    assert held.f1 is not None
    assert abs(held.f1.value - reached.f1.value) < 0.03  # what it promised is what came
    assert reached.calibration_error < 0.03


@pytest.mark.slow
def test_the_drop_on_another_kind_of_text_is_measured_and_told(
    data_dir: Path, tmp_path: Path
) -> None:
    """Tweets labelled hateful or offensive, then Reddit comments labelled hostile.

    A comment counts as hostile if its annotators saw anger, annoyance or disgust. So text and
    meaning of the label both differ, as they do whenever a filter is used on what it was not
    fitted on; the drop is of both together.
    """
    with (data_dir / "davidson_hate" / "labeled_data.csv").open(encoding="utf-8") as file:
        rows = [
            {"text": row["tweet"], "label": int(row["class"] != "2")}
            for row in islice(csv.DictReader(file), 0, None, 2)  # half of them show it
        ]
    tweets = labels.read([str(write(tmp_path / "tweets.jsonl", rows))])
    comments = goemotions(data_dir, "dev", tmp_path, HOSTILE)
    made = linear.also(linear.fit(tweets, Settings()), tweets, comments)
    assert made.facts.held_out.auc is not None
    assert made.facts.held_out.auc.value > 0.98
    told = "\n".join(report.lines(made.facts))
    change = report.dump(made.facts)["also"][0]["change"]
    assert change["auc"].high < -0.2
    assert change["f1"].high < -0.4
    assert f"F1 drops by {-change['f1'].value:.3f}" in told
    assert "hold for texts like the rows they were measured on, and for no others" in told
    assert json.dumps(report.dump(made.facts))
