"""Cards are read with every mistake named, and the built-in ones are complete."""

from pathlib import Path

import pytest

from curate.errors import UsageError
from curate.traits import loading
from curate.traits.card import Card
from trait_card_text import CARD

BUILT_IN = [
    "blackmail", "date_confusion", "negative_emotion", "provider_identity", "refusal", "sycophancy",
]  # fmt: skip


def test_the_built_in_cards():
    assert loading.names() == BUILT_IN


@pytest.mark.parametrize("name", BUILT_IN)
class TestBuiltIn:
    def test_says_everything(self, name: str):
        card = loading.load(name)
        assert card.name == name
        assert card.limits
        assert card.controls
        assert card.measured
        assert card.score.judge is not None
        assert all(source.url.startswith("https://") for source in card.sources)

    def test_is_the_start_of_ones_own(self, name: str, tmp_path: Path):
        mine = tmp_path / "mine.yaml"
        mine.write_text(loading.text(name), encoding="utf-8")
        assert loading.load(str(mine)) == loading.load(name)


class TestScores:
    def test_an_answer_to_its_own_prompts_may_be_read_otherwise(self):
        score = loading.load("blackmail").score
        assert score.answer is not None
        assert "within" in score.answer.with_
        assert score.answer.with_["cues"] == score.row.with_["cues"]
        assert set(score.also) == {"recognition"}

    def test_a_scorer_is_what_a_plan_names(self):
        spec = loading.load("refusal").score.judge.spec(generator={"use": "fake"})
        assert spec["use"] == "judge"
        assert spec["with"]["generator"] == {"use": "fake"}
        assert "rubric" in spec["with"]


class TestMistakes:
    def test_a_good_one_has_none(self):
        assert isinstance(loading.loads(CARD), Card)

    @pytest.mark.parametrize(
        ("old", "new", "told"),
        [
            ("claim:", "claims:", r"c.yaml:4: claims: unknown key 'claims'; did you mean 'claim'"),
            ("version: 1", "version: 0", r"c.yaml:3: version: must be greater than or equal to 1"),
            ("{who}", "{whom}", r"no filler for {whom}; did you mean 'who'"),
            ("{who}", "{who.name}", r"{who} needs a key exactly where its values are mappings"),
            ("{who}", "{who#3}", r"{who#3}: there are 2 values only"),
            ("{who}", "{who+3}", r"{who\+3}: 'who' is no date"),
            ("[Ann, Ben]", '["{who}", Ben]', r"the filler 'who' fills itself"),
            ("at_least: 1", "above: 1", r"when.*above: unknown key"),
            ("then: [No.]", "then: [No.]\n  rounds: 2", r"rounds: 2, but `then` has only 1"),
            ("then: [No.]", "then: [No.]\n  then: []", r"second time"),
        ],
        ids=[
            "key", "number", "slot", "key of a slot", "too many", "no date", "circle", "rule",
            "rounds", "twice",
        ],
    )  # fmt: skip
    def test_a_mistake_is_named(self, old: str, new: str, told: str):
        assert old in CARD
        with pytest.raises(UsageError, match=told):
            loading.loads(CARD.replace(old, new), "c.yaml")

    def test_a_control_is_checked_too(self):
        with pytest.raises(UsageError, match=r"no filler for \{nobody\}"):
            loading.loads(CARD.replace("then: [Ok.]", 'then: ["{nobody}"]'))

    @pytest.mark.parametrize(
        ("card", "told"),
        [
            ("refusals", "no trait card named 'refusals'; did you mean 'refusal'"),
            ("none/such.yaml", "none/such.yaml: the card cannot be read"),
        ],
    )
    def test_no_such_card(self, card: str, told: str):
        with pytest.raises(UsageError, match=told):
            loading.load(card)

    @pytest.mark.parametrize(
        ("text", "told"),
        [("", "the card is empty"), ("a: [", "c.yaml:1: not YAML"), ("[]", "mapping|dictionary")],
        ids=["empty", "no YAML", "a list"],
    )
    def test_not_a_card(self, text: str, told: str):
        with pytest.raises(UsageError, match=told):
            loading.loads(text, "c.yaml")

    def test_not_utf8(self, tmp_path: Path):
        (tmp_path / "c.yaml").write_bytes(b"\xff\xfe")
        with pytest.raises(UsageError, match="not UTF-8"):
            loading.load(str(tmp_path / "c.yaml"))
